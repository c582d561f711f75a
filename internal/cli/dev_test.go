package cli_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// started is a running docket that is ready.
type started struct {
	*exec.Cmd
	url  string
	logs *strings.Builder
}

// startDev runs docket dev on a folder and waits until it is ready.
func startDev(t *testing.T, dir string, args ...string) started {
	t.Helper()
	args = append([]string{"dev", "--dir", dir, "--listen", "127.0.0.1:0"}, args...)
	s := started{Cmd: docket(t, nil, args...), logs: &strings.Builder{}}
	s.Stderr = s.logs
	out, err := s.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Process.Kill() }) // it has ended already unless the test failed
	line, err := bufio.NewReader(out).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if err != nil || !ok {
		_ = s.Wait()
		t.Fatalf("it says %q, %v; want ready and an address\n%s", line, err, s.logs)
	}
	s.url = url
	return s
}

func (s started) end(t *testing.T, with syscall.Signal) (code int) {
	t.Helper()
	if err := s.Process.Signal(with); err != nil {
		t.Fatal(err)
	}
	_ = s.Wait() // the exit code is what counts
	return s.ProcessState.ExitCode()
}

// waitUntilNoProcess waits until no process is left that works on a folder.
func waitUntilNoProcess(t *testing.T, dir string) {
	t.Helper()
	for until := time.Now().Add(time.Minute); ; {
		left := processesOn(dir)
		if len(left) == 0 {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("still running: %v", left)
		}
	}
}

// processesOn returns the command lines of processes that name a folder.
func processesOn(dir string) (left []string) {
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range lines {
		if text, err := os.ReadFile(path); err == nil && strings.Contains(string(text), dir) {
			left = append(left, strings.ReplaceAll(string(text), "\x00", " "))
		}
	}
	return left
}

func environ(t *testing.T, dir string) (env []string, value map[string]string) {
	t.Helper()
	path := filepath.Join(dir, "env")
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%s: %v, %v; want it for its owner alone", path, info, err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	value = map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		name, v, _ := strings.Cut(line, "=")
		value[name] = v
		env = append(env, line)
	}
	return env, value
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// signIn signs in as a demo account and returns the path of the page that follows.
func signIn(t *testing.T, base, email, password string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := (&http.Client{Jar: jar}).PostForm(base+"/login", url.Values{"email": {email}, "password": {password}})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.Request.URL.Path
}

func TestDev(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "with a space")
	first := startDev(t, dir)
	env, value := environ(t, dir)
	for _, name := range []string{
		"BASE_URL", "DATABASE_URL", "REPLICA_URL", "SESSION_KEY", "STAFF_SECOND_FACTOR", "FILES_URL", "API_KEY",
		"DEMO_CUSTOMER", "DEMO_AGENT", "DEMO_AGENT_2", "DEMO_ADMIN", "DEMO_PASSWORD",
	} {
		if value[name] == "" {
			t.Errorf("%s is not in the env file", name)
		}
	}
	if list := demoTickets(t, first.url, value["API_KEY"], "processing"); len(list) > 0 {
		t.Errorf("without --demo there are %d tickets", len(list))
	}
	if value["BASE_URL"] != first.url {
		t.Errorf("BASE_URL is %s, want %s", value["BASE_URL"], first.url)
	}
	for name, leads := range map[string]string{"DEMO_CUSTOMER": "/tickets", "DEMO_AGENT": "/review", "DEMO_AGENT_2": "/review", "DEMO_ADMIN": "/review"} {
		if path := signIn(t, first.url, value[name], value["DEMO_PASSWORD"]); path != leads {
			t.Errorf("%s gets to %s, want %s", name, path, leads)
		}
	}
	run(t, docket(t, nil, "dev", "--dir", dir, "--listen", "127.0.0.1:0"), "").want(t, 1, "another docket dev runs in")
	if path, status := postForm(t, first.url+"/forgot", url.Values{"email": {value["DEMO_CUSTOMER"]}}); path != "/sent" || status != 200 {
		t.Errorf("a forgotten password leads to %s, %d", path, status)
	}
	for text := ""; !strings.Contains(text, "choose a new password") && t.Context().Err() == nil; { // it is written to the folder soon
		_, text = get(t, first.url+"/dev/mail")
	}
	secondInstance(t, env)
	if code := first.end(t, syscall.SIGINT); code != 0 {
		t.Errorf("Ctrl-C: exit code %d, want 0\n%s", code, first.logs)
	}
	waitUntilNoProcess(t, dir)

	again := startDev(t, dir) // the data stay
	_, kept := environ(t, dir)
	if kept["API_KEY"] != value["API_KEY"] || kept["SESSION_KEY"] != value["SESSION_KEY"] {
		t.Error("the keys of the first run are lost")
	}
	if path := signIn(t, again.url, kept["DEMO_AGENT"], value["DEMO_PASSWORD"]); path != "/review" {
		t.Errorf("the agent of the first run gets to %s", path)
	}
	if code := again.end(t, syscall.SIGKILL); code == 0 {
		t.Error("killed, and exit code 0")
	}
	waitUntilNoProcess(t, dir)

	last := startDev(t, dir)
	if code := last.end(t, syscall.SIGTERM); code != 0 {
		t.Errorf("SIGTERM: exit code %d, want 0\n%s", code, last.logs)
	}
	waitUntilNoProcess(t, dir)
}

func TestDev_Demo(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	first := startDev(t, dir, "--demo")
	_, value := environ(t, dir)
	want := map[string]int{"processing": 5, "approved": 2, "rejected": 5, "withdrawn": 1}
	for status, tickets := range want {
		if list := demoTickets(t, first.url, value["API_KEY"], status); len(list) != tickets {
			t.Errorf("%d tickets are %s, want %d", len(list), status, tickets)
		}
	}
	second := slices.ContainsFunc(demoTickets(t, first.url, value["API_KEY"], "processing"), func(d demoTicket) bool { return d.Attempt == 2 })
	if !second {
		t.Error("no ticket is a second attempt")
	}
	var latest struct{ Status string }
	getJSON(t, first.url+"/api/v1/users/demo-1/latest-ticket", value["API_KEY"], &latest)
	if latest.Status != "approved" {
		t.Errorf("the latest ticket of demo-1 is %q, want approved", latest.Status)
	}
	if code := first.end(t, syscall.SIGINT); code != 0 {
		t.Errorf("Ctrl-C: exit code %d, want 0", code)
	}
	waitUntilNoProcess(t, dir)

	again := startDev(t, dir, "--demo")
	for status, tickets := range want {
		if list := demoTickets(t, again.url, value["API_KEY"], status); len(list) != tickets {
			t.Errorf("after a second start %d tickets are %s, want %d", len(list), status, tickets)
		}
	}
	again.end(t, syscall.SIGINT)
	if text := again.logs.String(); strings.Contains(text, "demo tickets") {
		t.Errorf("the second start adds tickets again:\n%s", text)
	}
}

type demoTicket struct{ Attempt int }

func demoTickets(t *testing.T, base, key, status string) []demoTicket {
	t.Helper()
	var list struct{ Items []demoTicket }
	getJSON(t, base+"/api/v1/tickets?status="+status, key, &list)
	return list.Items
}

func getJSON(t *testing.T, url, key string, got any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Cache-Control", "no-cache") // a replica may be behind
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(got); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, answer.Status, err)
	}
}

// secondInstance runs docket serve with the settings in the env file of docket dev.
func secondInstance(t *testing.T, env []string) {
	t.Helper()
	base, end := startServe(t, env, "--listen", "127.0.0.1:0")
	if status, body := get(t, base+"/readyz"); status != 200 || !strings.Contains(body, "read-write") {
		t.Errorf("the second instance: %d %s", status, body)
	}
	end()
}

// startServe runs docket serve and returns its address when it is ready. end stops it; at the latest the end of the test
// kills it.
func startServe(t *testing.T, env []string, args ...string) (base string, end func()) {
	t.Helper()
	cmd := docket(t, env, append([]string{"serve", "--log-format", "json"}, args...)...)
	logs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(logs)
	for lines.Scan() && !strings.Contains(lines.Text(), `"msg":"ready"`) {
	}
	_, listens, _ := strings.Cut(lines.Text(), `"listen":"`)
	address, _, _ := strings.Cut(listens, `"`)
	return "http://" + address, func() {
		http.DefaultClient.CloseIdleConnections() // while a client is connected, a server that stops waits for load balancers
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() {
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("docket serve ends with %v", err)
		}
	}
}
