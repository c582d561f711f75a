package chaos_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
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

var folder string // of the binary

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "docket-faults-"); err != nil {
		panic(err)
	}
	code := m.Run()
	if err := os.RemoveAll(folder); err != nil {
		panic(err)
	}
	os.Exit(code)
}

// binary is docket as it is deployed.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(folder, "docket")
	out, err := exec.CommandContext(context.Background(), "go", "build", "-buildvcs=false", "-o", path, "docket").CombinedOutput()
	if err != nil {
		err = errors.Join(err, errors.New(string(out)))
	}
	return path, err
})

// command is a run of docket against a database, not begun yet.
func command(t *testing.T, db testdb.DB, args ...string) *exec.Cmd {
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
		"SESSION_KEY="+strings.Repeat("07", 32), "LISTEN_ADDR=127.0.0.1:0", "LOG_FORMAT=json",
		"FORM_FILE="+file, "FILES_URL=file://"+dir+"/files")
	return cmd
}

// process is a docket that serves.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	url    string
	warned []string // while it started
	end    chan error
}

// serve runs docket serve until the test ends, and returns when it is ready.
func serve(t *testing.T, db testdb.DB, args ...string) *process {
	t.Helper()
	return run(t, command(t, db, append([]string{"serve"}, args...)...))
}

// run is serve with a command that was changed.
func run(t *testing.T, cmd *exec.Cmd) *process {
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
		_, _ = io.Copy(io.Discard, log) // its pipe must not fill up
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

// kill ends the process as the kernel does when memory is short; it may have ended before.
func (p *process) kill() {
	_ = p.cmd.Process.Signal(syscall.SIGKILL)
	<-p.end
}
