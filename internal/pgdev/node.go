package pgdev

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const stopTimeout = 10 * time.Second

// node is one server process. It runs after start.
type node struct {
	name    string
	data    string
	log     string
	sockets string
	port    int
	command func() *exec.Cmd
	cmd     *exec.Cmd
	ended   chan struct{} // closed when the process has ended, with the reason in err
	err     error
}

// newNode describes a node. Its process is not bound to ctx, because it outlives Start.
func (s server) newNode(ctx context.Context, f *folder, name string, port int, test bool) *node {
	n := &node{name: name, data: f.data(name), log: f.data(name) + ".log", sockets: f.sockets, port: port}
	args := []string{"-D", n.data}
	for _, setting := range f.settings(port, test) {
		args = append(args, "-c", setting)
	}
	n.command = func() *exec.Cmd {
		cmd := s.newCommand(context.WithoutCancel(ctx), f.user, f.home, "postgres", args...)
		cmd.ExtraFiles = []*os.File{f.nodes}
		return cmd
	}
	return n
}

// settings differ between nodes by the port alone: a replica refuses to run with lower limits than its primary.
func (f *folder) settings(port int, test bool) []string {
	settings := []string{
		"listen_addresses=",
		`unix_socket_directories="` + strings.ReplaceAll(f.sockets, `"`, `""`) + `"`,
		"port=" + strconv.Itoa(port),
		"primary_conninfo=host=" + quoteConnValue(f.sockets) + " port=" + strconv.Itoa(primaryPort) + " user=" + superuser,
		"max_connections=300",
		"max_wal_senders=10",
		"wal_keep_size=256MB",
		"wal_retrieve_retry_interval=100ms",
		"wal_receiver_status_interval=1s",
		"hot_standby_feedback=on",
		"max_standby_streaming_delay=5s",
		"shared_buffers=64MB",
		"jit=off",
		"log_checkpoints=off",
		"log_destination=stderr",
		"logging_collector=off",
	}
	if test {
		settings = append(settings, "fsync=off", "full_page_writes=off", "autovacuum=off")
	}
	return settings
}

// quoteConnValue writes a value of a libpq connection string.
func quoteConnValue(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}

// start starts the server. It does not wait until the server answers.
func (n *node) start() error {
	// The locks prove that no server runs; the process ID in the file may be that of another program by now.
	if err := os.RemoveAll(filepath.Join(n.data, "postmaster.pid")); err != nil {
		return err
	}
	log, err := os.Create(n.log)
	if err != nil {
		return err
	}
	defer log.Close()
	n.cmd = n.command()
	n.cmd.Stdout, n.cmd.Stderr = log, log
	n.ended = make(chan struct{})
	started := make(chan error)
	go n.runProcess(started)
	return <-started
}

// runProcess starts the process and waits for its end on one thread, because Pdeathsig is sent when the thread ends that
// started the process.
func (n *node) runProcess(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(n.ended)
	n.err = n.cmd.Start()
	started <- n.err
	if n.err == nil {
		n.err = n.cmd.Wait()
	}
}

// stop ends the server in an orderly way: sessions are closed, data are on the disk, the replicas have received everything.
func (n *node) stop() { n.terminate(syscall.SIGINT) }

// terminate sends a signal and, if the server does not end in time, harder ones; then the next start needs a recovery.
func (n *node) terminate(signal syscall.Signal) {
	if n.ended == nil {
		return
	}
	for _, s := range []syscall.Signal{signal, syscall.SIGQUIT, syscall.SIGKILL} {
		_ = n.cmd.Process.Signal(s) // it may have ended just now
		select {
		case <-n.ended:
			return
		case <-time.After(stopTimeout):
		}
	}
	<-n.ended
}

// exitError waits for the end of a node and says why it ended, with the last lines of its log.
func (n *node) exitError() error {
	<-n.ended
	log, _ := os.ReadFile(n.log) // without a log, the exit status is reported alone
	lines := strings.Split(strings.TrimSpace(string(log)), "\n")
	lastLines := strings.Join(lines[max(0, len(lines)-3):], "\n")
	return fmt.Errorf("the PostgreSQL %s ended (%v), and %s ends with:\n%s", n.name, n.err, n.log, lastLines)
}

// connect waits until the node answers or has ended.
func (n *node) connect(ctx context.Context) (*pgx.Conn, error) {
	for {
		conn, err := pgx.Connect(ctx, n.address(superuser))
		if err == nil {
			return conn, nil
		}
		select {
		case <-n.ended:
			return nil, n.exitError()
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), err)
		case <-time.After(pollInterval):
		}
	}
}

// address returns the URL of a database, for pgx and for psql. It has only one parameter, so that it has no & for a shell.
func (n *node) address(database string) string {
	// libpq decodes %20, but not a plus sign.
	host := strings.ReplaceAll(url.QueryEscape(n.sockets), "+", "%20")
	u := url.URL{Scheme: "postgres", User: url.User(superuser), Host: ":" + strconv.Itoa(n.port), Path: "/" + database, RawQuery: "host=" + host}
	return u.String()
}
