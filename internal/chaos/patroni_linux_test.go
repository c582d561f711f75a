package chaos_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"text/template"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sys/unix"

	"docket/internal/testkit/testdb"
)

// What docs/operations/ha.md says of these times depends on them.
const (
	leaseTime    = 20 * time.Second // ttl of Patroni: how long a leader that is gone stays the leader
	loopTime     = 3 * time.Second
	retryTimeout = 5 * time.Second
)

// postgresBin is where Debian's PostgreSQL 15 is: npm's has no pg_basebackup and no pg_rewind.
const postgresBin = "/usr/lib/postgresql/15/bin"

// highAvailability is three members of etcd and three nodes of PostgreSQL under Patroni, each node behind relays of its own: its network can
// be cut.
type highAvailability struct {
	t     *testing.T
	dir   string
	etcd  []*daemon
	nodes []*patroniNode
}

// patroniNode is a PostgreSQL with its Patroni. All that others send to it goes through relays, and all that it sends to etcd.
type patroniNode struct {
	name     string
	data     string
	patroni  *daemon
	database *testdb.Relay
	relays   []*testdb.Relay // database, the API of Patroni, etcd
	api      string          // of Patroni, without a relay
}

// reapPostgres waits for processes of PostgreSQL that have ended. Patroni, which is not their parent, takes one that nobody has waited for as running,
// and ends after it. The first process of a machine waits at once, that of some containers a second or two later: the tests take its place.
func (h *highAvailability) reapPostgres() {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		h.t.Fatal(err)
	}
	var reaper sync.WaitGroup
	h.t.Cleanup(reaper.Wait)
	reaper.Go(func() {
		for sleep(h.t.Context(), 10*time.Millisecond) {
			threads, err := filepath.Glob("/proc/self/task/*/children")
			if err != nil {
				h.t.Error(err)
			}
			for _, thread := range threads {
				children, _ := os.ReadFile(thread) // the thread may have ended
				for _, child := range strings.Fields(string(children)) {
					reapIfPostgres(child)
				}
			}
		}
	})
}

func reapIfPostgres(pid string) {
	name, _ := os.ReadFile("/proc/" + pid + "/comm") // it may have been waited for
	if n, err := strconv.Atoi(pid); err == nil && string(name) == "postgres\n" {
		_, _ = unix.Wait4(n, nil, unix.WNOHANG, nil) // it runs, or has ended
	}
}

// query asks a node's PostgreSQL for one value.
func (n *patroniNode) query(ctx context.Context, sql string) (string, error) {
	conn, err := pgconn.Connect(ctx, "postgres://postgres@"+n.database.Address()+"/postgres?sslmode=disable")
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	answer := conn.ExecParams(ctx, sql, nil, nil, nil, nil).Read()
	if answer.Err != nil || len(answer.Rows) == 0 {
		return "", answer.Err
	}
	return string(answer.Rows[0][0]), nil
}

// daemon is a process that may be killed and started again.
type daemon struct {
	command func() *exec.Cmd
	cmd     *exec.Cmd
	end     chan struct{}
}

// startHighAvailability starts the cluster and returns when it has a leader and two replicas that follow it.
func startHighAvailability(t *testing.T) *highAvailability {
	t.Helper()
	h := &highAvailability{t: t, dir: t.TempDir()}
	for dir := h.dir; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) { // the user of PostgreSQL gets there
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	giveAway(t, h.dir)
	clients := h.startEtcd()
	for n := range 3 {
		h.addNode(fmt.Sprint("node", n+1), clients)
	}
	h.reapPostgres()
	for _, n := range h.nodes {
		n.patroni.start(t)
	}
	h.waitUntilWhole(2 * time.Minute)
	return h
}

// startEtcd starts three members and returns the addresses of their clients.
func (h *highAvailability) startEtcd() (clients []string) {
	var members []string
	ports := freePorts(h.t, 6)
	for n := range 3 {
		clients = append(clients, fmt.Sprint("127.0.0.1:", ports[n]))
		members = append(members, fmt.Sprintf("etcd%d=http://127.0.0.1:%d", n+1, ports[n+3]))
	}
	for n, client := range clients {
		name, peer, _ := strings.Cut(members[n], "=")
		h.etcd = append(h.etcd, h.newDaemon(name, "etcd", "--name", name, "--data-dir", filepath.Join(h.dir, name), "--log-level", "warn",
			"--listen-client-urls", "http://"+client, "--advertise-client-urls", "http://"+client,
			"--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", strings.Join(members, ",")))
	}
	for _, d := range h.etcd {
		d.start(h.t)
	}
	h.waitForEtcd(clients[0])
	return clients
}

// waitForEtcd returns when the members have agreed on their version: Patroni ends when it asks before.
func (h *highAvailability) waitForEtcd(client string) {
	h.t.Helper()
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		a, err := newCaller(client).send("GET", "/version", "")
		if err == nil && strings.Contains(a.body, "etcdcluster") && !strings.Contains(a.body, "not_decided") {
			return
		}
	}
	h.t.Fatal("etcd has not begun to work within a minute")
}

var patroniConfig = template.Must(template.New("patroni").Parse(`
scope: docket
name: {{.Name}}
restapi: {listen: '{{.API}}', connect_address: '{{.APIRelay}}'}
etcd3: {hosts: [{{.Etcd}}], use_proxies: true} # else Patroni asks etcd for its members and passes the relays by
bootstrap:
  dcs:
    ttl: {{.TTL}}
    loop_wait: {{.Loop}}
    retry_timeout: {{.Retry}}
    synchronous_mode: true
    synchronous_mode_strict: true
    postgresql:
      use_pg_rewind: true
      use_slots: false
      parameters: {wal_log_hints: 'on', max_connections: 200, max_wal_senders: 10, wal_keep_size: 256MB, hot_standby_feedback: 'on', wal_retrieve_retry_interval: 200ms}
  initdb: [{encoding: UTF8}, data-checksums]
postgresql:
  listen: '{{.Database}}'
  connect_address: '{{.DatabaseRelay}}'
  data_dir: '{{.Data}}'
  bin_dir: {{.Bin}}
  pgpass: '{{.Data}}.pass'
  authentication:
    superuser: {username: postgres, password: secret}
    replication: {username: replicator, password: secret}
    rewind: {username: postgres, password: secret}
  parameters: {unix_socket_directories: '', shared_buffers: 64MB, jit: 'off'}
  pg_hba: ['host all all 127.0.0.1/32 trust', 'host replication all 127.0.0.1/32 trust']
`))

func (h *highAvailability) addNode(name string, etcd []string) {
	h.t.Helper()
	ports := freePorts(h.t, 2)
	database, api := fmt.Sprint("127.0.0.1:", ports[0]), fmt.Sprint("127.0.0.1:", ports[1])
	n := &patroniNode{name: name, data: filepath.Join(h.dir, name), api: api}
	through := func(address string) string {
		relay := testdb.NewRelay(h.t, "postgres://postgres@"+address+"/docket")
		n.relays = append(n.relays, relay)
		return relay.Address()
	}
	databaseRelay, apiRelay := through(database), through(api)
	n.database = n.relays[0]
	var hosts []string
	for _, member := range etcd {
		hosts = append(hosts, "'"+through(member)+"'")
	}
	var text bytes.Buffer
	err := patroniConfig.Execute(&text, map[string]any{
		"Name": name, "API": api, "APIRelay": apiRelay, "Etcd": strings.Join(hosts, ", "), "Database": database, "DatabaseRelay": databaseRelay,
		"Data": n.data, "Bin": postgresBin, "TTL": int(leaseTime.Seconds()), "Loop": int(loopTime.Seconds()), "Retry": int(retryTimeout.Seconds()),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	file := n.data + ".yaml"
	if err := os.WriteFile(file, text.Bytes(), 0o644); err != nil {
		h.t.Fatal(err)
	}
	if err := os.Mkdir(n.data, 0o700); err != nil {
		h.t.Fatal(err)
	}
	giveAway(h.t, n.data)
	n.patroni = h.newDaemon(name, "patroni", file)
	h.nodes = append(h.nodes, n)
	h.t.Cleanup(func() { n.kill(h.t) })
}

// credential is of the user as whom PostgreSQL runs when the tests run as root; nil: it runs as the user of the tests.
func credential() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	owner, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(owner.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(owner.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err, err2)
}

// giveAway makes a folder one of the user of PostgreSQL.
func giveAway(t *testing.T, dir string) {
	t.Helper()
	owner, err := credential()
	if err == nil && owner != nil {
		err = os.Chown(dir, int(owner.Uid), int(owner.Gid))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// newDaemon is a program that writes its log to a file in the cluster's folder.
func (h *highAvailability) newDaemon(name, program string, args ...string) *daemon {
	h.t.Helper()
	owner, err := credential()
	if err != nil {
		h.t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(h.dir, name+".log"))
	if err != nil {
		h.t.Fatal(err)
	}
	d := &daemon{command: func() *exec.Cmd {
		cmd := exec.Command(program, args...)
		cmd.Dir, cmd.Stdout, cmd.Stderr = h.dir, log, log
		cmd.Env = append(os.Environ(), "HOME="+h.dir)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner, Setpgid: true, Pdeathsig: syscall.SIGTERM}
		return cmd
	}}
	h.t.Cleanup(func() {
		d.kill()
		if log.Close(); h.t.Failed() {
			text, _ := os.ReadFile(log.Name())
			h.t.Logf("%s said last:\n%s", name, text[max(0, len(text)-3000):])
		}
	})
	return d
}

func (d *daemon) start(t *testing.T) {
	t.Helper()
	d.cmd, d.end = d.command(), make(chan struct{})
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // Pdeathsig belongs to the thread
		defer close(d.end)
		err := d.cmd.Start()
		started <- err
		if err == nil {
			_ = d.cmd.Wait() // it is killed
		}
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
}

// stop asks a process to end and returns when it has.
func (d *daemon) stop(t *testing.T) {
	t.Helper()
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-d.end
}

func (d *daemon) kill() {
	if d.cmd != nil && d.cmd.Process != nil {
		_ = d.cmd.Process.Kill() // it may have ended
		<-d.end
	}
}

// killPostgres kills all processes of a node's PostgreSQL at once, as when the machine dies: they are stopped before the first is killed. When the
// first process alone is killed, commits that wait for a standby give up waiting, and others see them for a moment.
func (n *patroniNode) killPostgres(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(n.data, "postmaster.pid"))
	if err != nil {
		return // it does not run
	}
	pid, _, _ := strings.Cut(string(text), "\n")
	children, err := os.ReadFile("/proc/" + pid + "/task/" + pid + "/children")
	if err != nil {
		return // it has ended
	}
	var all []int
	for _, text := range append([]string{pid}, strings.Fields(string(children))...) {
		if n, err := strconv.Atoi(text); err == nil && n > 0 {
			all = append(all, n)
		}
	}
	signalAll(all, syscall.SIGSTOP)
	signalAll(all, syscall.SIGKILL)
}

// kill kills a node as a machine dies: Patroni and PostgreSQL at once.
func (n *patroniNode) kill(t *testing.T) {
	t.Helper()
	n.patroni.kill()
	n.killPostgres(t)
}

// cutOff drops all that goes to the node and from it. The returned function lets new connections through.
func (n *patroniNode) cutOff() (restore func()) {
	for _, r := range n.relays {
		r.SetRule(func(testdb.Bytes) testdb.Action { return testdb.BlackHole })
	}
	return func() {
		for _, r := range n.relays {
			r.SetRule(nil)
			r.CloseConns()
		}
	}
}

// nodeState is what Patroni says of a node.
type nodeState struct {
	State string `json:"state"`
	Role  string `json:"role"`
	Sync  bool   `json:"sync_standby"`
}

func (n *patroniNode) state(ctx context.Context) (s nodeState, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+n.api+"/patroni", http.NoBody)
	if err != nil {
		return s, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return s, err
	}
	defer answer.Body.Close()
	return s, json.NewDecoder(answer.Body).Decode(&s)
}

// leader is the node that is the primary, as its Patroni says; nil: there is none.
func (h *highAvailability) leader() *patroniNode {
	for _, n := range h.nodes {
		if s, err := n.state(h.t.Context()); err == nil && s.State == "running" && (s.Role == "master" || s.Role == "primary") {
			return n
		}
	}
	return nil
}

// isWhole reports whether there is one leader, and two replicas stream from it, one of them synchronously.
func (h *highAvailability) isWhole() bool {
	leader := h.leader()
	if leader == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(h.t.Context(), 2*time.Second)
	defer cancel()
	whole, err := leader.query(ctx, "SELECT count(*) = 2 AND bool_or(sync_state = 'sync') FROM pg_stat_replication WHERE state = 'streaming'")
	return err == nil && whole == "t"
}

// waitUntilWhole fails the test when the cluster does not become whole in time.
func (h *highAvailability) waitUntilWhole(within time.Duration) {
	h.t.Helper()
	for until := time.Now().Add(within); !h.isWhole(); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(until) {
			h.t.Fatal("the cluster is not whole: one leader, two replicas that follow it")
		}
	}
}

// switchOver makes the synchronous replica the leader, as before maintenance. It is named: otherwise each replica first asks all nodes how
// far they are, for up to two seconds that of before.
func (h *highAvailability) switchOver(from *patroniNode) error {
	order := map[string]string{"leader": from.name}
	for _, n := range h.nodes {
		if s, err := n.state(h.t.Context()); err == nil && s.Sync {
			order["candidate"] = n.name
		}
	}
	body, err := json.Marshal(order)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, "http://"+from.api+"/switchover", bytes.NewReader(body))
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("switchover: %s", answer.Status)
	}
	return nil
}

// primaryURL names all nodes; a connection goes to the one that takes writes.
func (h *highAvailability) primaryURL(database string) string {
	var hosts []string
	for _, n := range h.nodes {
		hosts = append(hosts, n.database.Address())
	}
	return "postgres://postgres@" + strings.Join(hosts, ",") + "/" + database + "?sslmode=disable&target_session_attrs=read-write&connect_timeout=3"
}

// replicaURL names each node by itself.
func (h *highAvailability) replicaURL(database string) string {
	var urls []string
	for _, n := range h.nodes {
		urls = append(urls, "postgres://postgres@"+n.database.Address()+"/"+database+"?sslmode=disable&connect_timeout=3")
	}
	return strings.Join(urls, ",")
}

// freePorts are ports that nobody listens on now.
func freePorts(t *testing.T, count int) (ports []int) {
	t.Helper()
	for range count {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if a, ok := l.Addr().(*net.TCPAddr); ok {
			ports = append(ports, a.Port)
		}
	}
	return ports
}
