package chaos_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

var binaryDir string

func TestMain(m *testing.M) {
	var err error
	if binaryDir, err = os.MkdirTemp("", "docket-chaos-"); err != nil {
		panic(err)
	}
	code := m.Run()
	if err := os.RemoveAll(binaryDir); err != nil {
		panic(err)
	}
	os.Exit(code)
}

// binary builds docket once and returns its path.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(binaryDir, "docket")
	out, err := exec.CommandContext(context.Background(), "go", "build", "-buildvcs=false", "-o", path, "docket").CombinedOutput()
	if err != nil {
		err = errors.Join(err, errors.New(string(out)))
	}
	return path, err
})

// newCommand is a docket command for a database; it is not started.
func newCommand(t *testing.T, db testdb.DB, args ...string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "form.yaml")
	if err := os.WriteFile(file, testsite.FormFile(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "DATABASE_URL="+db.Primary, "REPLICA_URL="+db.Replica,
		"SESSION_KEY="+strings.Repeat("07", 32), "LISTEN_ADDR=127.0.0.1:0", "LOG_FORMAT=json", "STAFF_SECOND_FACTOR=optional",
		"FORM_FILE="+file, "FILES_URL=file://"+dir+"/files")
	return cmd
}

// process is a running docket serve.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	url    string
	warned []string // warnings logged while it started
	end    chan error
}

// startServer runs docket serve until the test ends. It returns when the server is ready.
func startServer(t *testing.T, db testdb.DB, args ...string) *process {
	t.Helper()
	return startCommand(t, newCommand(t, db, append([]string{"serve"}, args...)...))
}

// startCommand is startServer for a prepared command.
func startCommand(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{t: t, cmd: cmd, end: make(chan error, 1)}
	log, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	lines := bufio.NewScanner(log)
	for p.url == "" && lines.Scan() {
		var line struct{ Level, Msg, URL string }
		switch err := json.Unmarshal(lines.Bytes(), &line); {
		case err == nil && line.Msg == "ready":
			p.url = line.URL
		case err == nil && line.Level == "WARN":
			p.warned = append(p.warned, line.Msg)
		}
	}
	if p.url == "" {
		t.Fatal("docket serve ended before it was ready")
	}
	go func() {
		_, _ = io.Copy(io.Discard, log) // else the pipe fills and blocks it
		p.end <- p.cmd.Wait()
		close(p.end)
	}()
	return p
}

func (p *process) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// kill ends the process with SIGKILL; it may have ended before.
func (p *process) kill() {
	_ = p.cmd.Process.Signal(syscall.SIGKILL)
	<-p.end
}

// memory is a value of Linux's /proc/PID/status in MiB: VmRSS is the resident memory, VmHWM its peak. Elsewhere it is 0.
func (p *process) memory(name string) int {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	_, rest, _ := strings.Cut(string(text), "\n"+name+":")
	var kib int
	_, _ = fmt.Sscan(rest, &kib) // it stays 0
	return kib >> 10
}
