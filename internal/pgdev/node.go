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

const stopPatience = 10 * time.Second

// node is one server process, or will be once it is started.
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

// node is not bound to ctx, as it outlives Start.
func (s server) node(ctx context.Context, f *folder, name string, port int, test bool) *node {
	n := &node{name: name, data: f.data(name), log: f.data(name) + ".log", sockets: f.sockets, port: port}
	args := []string{"-D", n.data}
	for _, setting := range f.settings(port, test) {
		args = append(args, "-c", setting)
	}
	n.command = func() *exec.Cmd {
		cmd := s.command(context.WithoutCancel(ctx), f.user, f.home, "postgres", args...)
		cmd.ExtraFiles = []*os.File{f.nodes}
		return cmd
	}
	return n
}

// settings are the same for all nodes but for the port. A replica refuses to run with lower limits than its primary had.
func (f *folder) settings(port int, test bool) []string {
	settings := []string{
		"listen_addresses=",
		`unix_socket_directories="` + strings.ReplaceAll(f.sockets, `"`, `""`) + `"`,
		"port=" + strconv.Itoa(port),
		"primary_conninfo=host=" + quote(f.sockets) + " port=" + strconv.Itoa(primaryPort) + " user=" + superuser,
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

// quote writes a value of a libpq connection string.
func quote(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}

// start runs the server. It does not wait until that answers.
func (n *node) start() error {
	// No process has it, as the locks prove, but its number may be that of another one by now.
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
	go n.live(started)
	return <-started
}

// live starts the process and waits for its end, on one thread: the signal at our death is one at the death of the
// thread that started it.
func (n *node) live(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(n.ended)
	n.err = n.cmd.Start()
	started <- n.err
	if n.err == nil {
		n.err = n.cmd.Wait()
	}
}

// stop lets the server end in order: sessions are cut off, data are on the disk, a replica has received everything.
func (n *node) stop() { n.end(syscall.SIGINT) }

// end becomes less patient with a server that does not end, which costs the next start a recovery.
func (n *node) end(signal syscall.Signal) {
	if n.ended == nil {
		return
	}
	for _, s := range []syscall.Signal{signal, syscall.SIGQUIT, syscall.SIGKILL} {
		_ = n.cmd.Process.Signal(s) // it may have ended just now
		select {
		case <-n.ended:
			return
		case <-time.After(stopPatience):
		}
	}
	<-n.ended
}

// obituary says why a node ended, in its own last words.
func (n *node) obituary() error {
	<-n.ended
	log, _ := os.ReadFile(n.log) // the reason is good enough without
	lines := strings.Split(strings.TrimSpace(string(log)), "\n")
	last := strings.Join(lines[max(0, len(lines)-3):], "\n")
	return fmt.Errorf("the PostgreSQL %s ended (%v), and %s ends with:\n%s", n.name, n.err, n.log, last)
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
			return nil, n.obituary()
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), err)
		case <-time.After(glance):
		}
	}
}

// address is that of a database, for pgx and for psql. It has one parameter, so that a shell reads it as one word.
func (n *node) address(database string) string {
	// libpq decodes %20 but takes a plus sign for a plus sign.
	host := strings.ReplaceAll(url.QueryEscape(n.sockets), "+", "%20")
	u := url.URL{Scheme: "postgres", User: url.User(superuser), Host: ":" + strconv.Itoa(n.port), Path: "/" + database, RawQuery: "host=" + host}
	return u.String()
}
