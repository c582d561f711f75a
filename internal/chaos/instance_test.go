package chaos_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"docket/internal/testkit/testdb"
)

// instance is a server that may be ended and started again at the same address.
type instance struct {
	url   string
	relay *testdb.Relay // to the primary, for the connection that listens
	start func(listen string) *process

	mu      sync.Mutex // guards what follows
	starts  int
	current *process
}

// startInstance starts a server; settings are further environment variables.
func startInstance(t *testing.T, db testdb.DB, settings ...string) *instance {
	t.Helper()
	i := &instance{relay: testdb.NewRelay(t, db.Primary)}
	i.start = func(listen string) *process {
		cmd := newCommand(t, db, "serve")
		cmd.Env = append(append(cmd.Env, "DATABASE_DIRECT_URL="+i.relay.URL, "LISTEN_ADDR="+listen), settings...)
		return startCommand(t, cmd)
	}
	i.current = i.start("127.0.0.1:0")
	i.url = i.current.url
	return i
}

// name differs after each start: what readers saw before does not bind the instance that runs now.
func (i *instance) name() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return fmt.Sprint(i.url, " start ", i.starts)
}

func (i *instance) process() *process {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.current
}

// end sends a signal and returns when the process has ended.
func (i *instance) end(t *testing.T, signal syscall.Signal) {
	t.Helper()
	i.mu.Lock()
	i.starts++
	p := i.current
	i.mu.Unlock()
	p.signal(signal)
	if err := <-p.end; err != nil && signal != syscall.SIGKILL {
		t.Errorf("exit: %v, want 0", err)
	}
}

func (i *instance) startAgain() {
	p := i.start(strings.TrimPrefix(i.url, "http://"))
	i.mu.Lock()
	defer i.mu.Unlock()
	i.current = p
}

// manyTicketsForm writes a form under which a user may have many open tickets, and returns its path.
func manyTicketsForm(t *testing.T) string {
	t.Helper()
	const text = "name: soak\ntitle: Soak\nopen_tickets_per_user: many\nfields:\n  - {name: word, label: A word, type: text}\n" +
		"reasons:\n  - {code: other, label: Other, class: retry, text: Try again.}\n"
	path := filepath.Join(t.TempDir(), "soak.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
