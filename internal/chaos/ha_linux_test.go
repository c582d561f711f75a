package chaos_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/db/migrations"
	"docket/internal/consistency"
	"docket/internal/testkit/testdb"
)

var haFaults = flag.String("ha", "", "which faults TestHighAvailability injects: all, or some (a killed leader, a stopped one, a switchover)")

// haFault breaks a cluster of which node is the leader.
type haFault struct {
	name   string
	some   bool // -ha some has it
	inject func(h *highAvailability, leader *patroniNode) (repair func())
	target time.Duration // how long no write may succeed; 0: none is set
}

var allHAFaults = []haFault{
	{"leader killed with its Patroni", true, killLeader, leaseTime + 5*time.Second},
	{"Patroni of the leader stopped", true, stopLeader, 2 * time.Second},
	{"switchover", true, switchOver, 0},
	{"PostgreSQL of the leader killed alone", false, killLeaderPostgres, 0},
	{"a member of etcd killed", false, killEtcdMember, 0},
	{"network of the leader cut off", false, cutOffLeader, leaseTime + 5*time.Second},
}

func killLeader(h *highAvailability, leader *patroniNode) (repair func()) {
	leader.kill(h.t)
	return func() { leader.patroni.start(h.t) }
}

func killLeaderPostgres(h *highAvailability, leader *patroniNode) (repair func()) {
	leader.killPostgres(h.t)
	return func() {}
}

func killEtcdMember(h *highAvailability, _ *patroniNode) (repair func()) {
	h.etcd[0].kill()
	return func() { h.etcd[0].start(h.t) }
}

func cutOffLeader(_ *highAvailability, leader *patroniNode) (repair func()) { return leader.cutOff() }

// stopLeader is what to do before maintenance: Patroni, as it ends, stops PostgreSQL and hands over. After the checkpoint less is left to write.
func stopLeader(h *highAvailability, leader *patroniNode) (repair func()) {
	if _, err := leader.query(h.t.Context(), "CHECKPOINT"); err != nil {
		h.t.Error(err)
	}
	leader.patroni.stop(h.t)
	return func() { leader.patroni.start(h.t) }
}

func switchOver(h *highAvailability, leader *patroniNode) (repair func()) {
	if err := h.switchOver(leader); err != nil {
		h.t.Error(err)
	}
	return func() {}
}

// haSite is two instances of docket on a cluster, with all that watches them.
type haSite struct {
	*soak
	cluster  *highAvailability
	followed feedSite
	hooks    hookReceiver
	ready    []*readiness
}

// TestHighAvailability injects faults into a cluster under Patroni while clients write and read, and checks every promise of
// docs/consistency.md, the event feed and a webhook. It prints how long each kind of request had no success.
func TestHighAvailability(t *testing.T) {
	if *haFaults == "" {
		t.Skip("make ha runs it")
	}
	for _, program := range []string{"etcd", "patroni", postgresBin + "/postgres"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%v: make ha installs what is missing, as root", err)
		}
	}
	s := startHASite(t)
	var written atomic.Bool
	var seen []feedEvent
	var reader sync.WaitGroup
	reader.Go(func() { seen = s.followed.follow(t, 0, &written) })

	var table strings.Builder
	columns := tabwriter.NewWriter(&table, 0, 0, 1, ' ', tabwriter.Debug)
	fmt.Fprintln(columns, "| fault\t approvals acknowledged\t lost\t strong look-ups\t ordinary look-ups\t no write for\t target\t no strong look-up for\t no ordinary look-up for\t")
	fmt.Fprintln(columns, "|---\t--:\t--:\t--:\t--:\t--:\t--:\t--:\t--:\t")
	for _, f := range allHAFaults {
		if *haFaults == "all" || f.some {
			s.runFault(t, f, columns)
		}
	}
	written.Store(true)
	reader.Wait()
	s.checkFeed(t, seen)
	s.hooks.check(t, s.connect(t, s.db.Primary))
	s.verify(t)
	if err := columns.Flush(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d events in the feed, %d deliveries of %d approvals\n%s", len(seen), s.hooks.deliveries(), len(s.hooks.received), table.String())
}

func startHASite(t *testing.T) *haSite {
	t.Helper()
	cluster := startHighAvailability(t)
	conn, err := pgx.Connect(t.Context(), cluster.primaryURL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), "CREATE DATABASE docket"); err != nil {
		t.Fatal(err)
	}
	for _, url := range strings.Split(cluster.replicaURL("docket"), ",") { // until each node has it
		for c, err := pgx.Connect(t.Context(), url); ; c, err = pgx.Connect(t.Context(), url) {
			if err == nil {
				c.Close(t.Context())
				break
			}
			if !sleep(t.Context(), 50*time.Millisecond) {
				t.Fatal(err)
			}
		}
	}
	s := &haSite{cluster: cluster, soak: &soak{
		rig:      &rig{db: testdb.DB{Primary: cluster.primaryURL("docket"), Replica: cluster.replicaURL("docket")}},
		failover: true, requests: map[string]int{}, injected: map[string]int{},
	}}
	if err := migrations.Up(t.Context(), s.db.Primary); err != nil {
		t.Fatal(err)
	}
	s.addKey(t)
	s.followed.rig = s.rig
	form, networks := "FORM_FILE="+manyTicketsForm(t), "WEBHOOK_NETWORKS=127.0.0.0/8"
	var urls []string
	for range 2 {
		p := startCommand(t, commandWith(newCommand(t, s.db, "serve"), form, networks))
		s.instances = append(s.instances, &instance{url: p.url, current: p})
		urls = append(urls, p.url)
		s.ready = append(s.ready, watchReadiness(t, p.url))
	}
	s.followed.urls.Store(&urls)
	s.hooks.add(t, s.rig, urls[0])
	return s
}

func commandWith(cmd *exec.Cmd, settings ...string) *exec.Cmd {
	cmd.Env = append(cmd.Env, settings...)
	return cmd
}

// runFault has clients write and read while a fault is injected, until writes have succeeded again and all is repaired.
func (s *haSite) runFault(t *testing.T, f haFault, table *tabwriter.Writer) {
	t.Helper()
	t.Log(f.name)
	s.cluster.waitUntilWhole(2 * time.Minute)
	history := consistency.NewHistory(time.Now)
	stop := s.startClients(t, history)
	time.Sleep(3 * time.Second) // what is normal
	leader := s.cluster.leader()
	if leader == nil {
		t.Fatal("there is no leader")
	}
	injected := time.Now()
	repair := f.inject(s.cluster, leader)
	time.Sleep(8 * time.Second) // a fault may take a while to be felt
	s.waitForWrites(t, history)
	repair()
	s.cluster.waitUntilWhole(2 * time.Minute) // the leader before is a replica now, at the same address
	time.Sleep(3 * time.Second)
	s.waitForWrites(t, history)
	stop()
	s.checkHistory(t, history)
	operations := history.Finished()
	writes := longestGap(operations, consistency.Approve)
	for _, r := range s.ready {
		r.check(t, f.name, injected, writes)
	}
	target := "–"
	if f.target > 0 {
		target = f.target.String()
	}
	fmt.Fprintf(table, "| %s\t %d\t %d\t %d\t %d\t %s\t %s\t %s\t %s\t\n", f.name, countSuccesses(operations, consistency.Approve), s.countLost(t, operations),
		countSuccesses(operations, consistency.FreshRead), countSuccesses(operations, consistency.Read), seconds(writes.lasted), target,
		seconds(longestGap(operations, consistency.FreshRead).lasted), seconds(longestGap(operations, consistency.Read).lasted))
}

// waitForWrites returns when an approval that began after the call was acknowledged by each instance.
func (s *haSite) waitForWrites(t *testing.T, history *consistency.History) {
	t.Helper()
	began := time.Now()
	for range time.Tick(100 * time.Millisecond) {
		if time.Since(began) > 2*time.Minute {
			t.Fatal("no write has succeeded for two minutes")
		}
		wrote := map[string]bool{}
		for _, o := range history.Finished() {
			wrote[o.Instance] = wrote[o.Instance] || o.Kind == consistency.Approve && o.Err == nil && o.At.After(began)
		}
		if wrote[s.instances[0].name()] && wrote[s.instances[1].name()] {
			return
		}
	}
}

// countLost is how many acknowledged approvals the primary does not have.
func (s *haSite) countLost(t *testing.T, operations []consistency.Operation) (lost int) {
	t.Helper()
	approvals, err := consistency.ReadApprovals(t.Context(), s.connect(t, s.db.Primary))
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range operations {
		if _, exists := approvals[o.Ticket]; o.Kind == consistency.Approve && o.Err == nil && !exists {
			lost++
		}
	}
	return lost
}

// checkFeed fails unless a reader of the feed got every event once, in order.
func (s *haSite) checkFeed(t *testing.T, seen []feedEvent) {
	t.Helper()
	var events int
	if err := s.connect(t, s.db.Primary).QueryRow(t.Context(), "SELECT count(*) FROM ticket_events").Scan(&events); err != nil {
		t.Fatal(err)
	}
	if len(seen) != events {
		t.Errorf("a reader of the feed got %d events of %d", len(seen), events)
	}
	s.followed.check(t, s.db.Primary, seen)
}

// gap is a time without a success.
type gap struct {
	from   time.Time
	lasted time.Duration
}

// longestGap is the longest time in which an operation of a kind succeeded on none of the instances, or on one of them.
func longestGap(operations []consistency.Operation, kind consistency.Kind) (longest gap) {
	last := map[string]time.Time{}
	for _, o := range operations {
		if o.Kind != kind || o.Err != nil {
			continue
		}
		before, exists := last[o.Instance]
		if d := o.At.Sub(before); exists && d > longest.lasted {
			longest = gap{before, d}
		}
		if !exists || o.At.After(before) {
			last[o.Instance] = o.At
		}
	}
	return longest
}

func countSuccesses(operations []consistency.Operation, kind consistency.Kind) (n int) {
	for _, o := range operations {
		if o.Kind == kind && o.Err == nil {
			n++
		}
	}
	return n
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// readiness is what /readyz of an instance said, again and again.
type readiness struct {
	mu   sync.Mutex
	said []readyAnswer
}

type readyAnswer struct {
	at   time.Time
	mode string // empty: it was not ready
}

func watchReadiness(t *testing.T, url string) *readiness {
	r := &readiness{}
	var asked sync.WaitGroup
	t.Cleanup(asked.Wait)
	asked.Go(func() {
		for c := newCaller(url); sleep(t.Context(), 100*time.Millisecond); {
			a, err := c.send("GET", "/readyz", "")
			var reply struct{ Mode string }
			if err == nil && a.status == http.StatusOK {
				err = json.Unmarshal([]byte(a.body), &reply)
			}
			r.mu.Lock()
			r.said = append(r.said, readyAnswer{time.Now(), reply.Mode})
			r.mu.Unlock()
			if err != nil && t.Context().Err() == nil {
				t.Errorf("/readyz: %v", err)
			}
		}
	})
	return r
}

// check fails unless an instance was always ready, said read-write before a fault and last, and read-only while no write succeeded for long.
func (r *readiness) check(t *testing.T, fault string, injected time.Time, writes gap) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	var before, during string
	for _, a := range r.said {
		switch at := a.at; {
		case a.mode == "":
			t.Errorf("%s: /readyz was not 200", fault)
		case at.Before(injected):
			before = a.mode
		case at.After(writes.from) && at.Before(writes.from.Add(writes.lasted)) && during != "read-only":
			during = a.mode
		}
	}
	last := r.said[len(r.said)-1].mode
	if long := writes.lasted > 8*time.Second; before != "read-write" || last != "read-write" || long && during != "read-only" {
		t.Errorf("%s: /readyz said %s before, %s while no write succeeded, %s last", fault, before, during, last)
	}
	r.said = nil
}

// hookReceiver takes what docket sends to a webhook.
type hookReceiver struct {
	mu       sync.Mutex
	received map[string]int // by the id of the event
}

// add registers the receiver for approvals.
func (h *hookReceiver) add(t *testing.T, r *rig, url string) {
	t.Helper()
	h.received = map[string]int{}
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.received[r.Header.Get("webhook-id")]++
	}))
	t.Cleanup(receiver.Close)
	key, err := newCommand(t, r.db, "key", "add", "webhooks", "--scope", "webhooks:write").Output()
	if err != nil {
		t.Fatal(err)
	}
	a, err := newCaller(url).send("POST", "/api/v1/webhooks", `{"url":"`+receiver.URL+`","types":["ticket.approved"]}`,
		"Authorization: Bearer "+strings.TrimSpace(string(key)), "Content-Type: application/json")
	if err != nil || a.status != http.StatusCreated {
		t.Fatalf("add a webhook: %d, %v: %s", a.status, err, a.body)
	}
}

func (h *hookReceiver) deliveries() (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, times := range h.received {
		n += times
	}
	return n
}

// check waits until every approval was delivered. One may come twice, with the same id: when its delivery could not be written down.
func (h *hookReceiver) check(t *testing.T, primary *pgx.Conn) {
	t.Helper()
	var approvals int
	if err := primary.QueryRow(t.Context(), "SELECT count(*) FROM tickets WHERE status = 'approved'").Scan(&approvals); err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(2 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		h.mu.Lock()
		got := len(h.received)
		h.mu.Unlock()
		if got == approvals {
			return
		}
		if got > approvals || time.Now().After(until) {
			t.Errorf("%d approvals were delivered of %d", got, approvals)
			return
		}
	}
}
