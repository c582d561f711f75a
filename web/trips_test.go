package web_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// inBackground are the statements that no request waits for, or not more often than once a second.
var inBackground = []string{"PendingSoon", "AuditAdd", "WorkloadCount", "WorkloadOfAgent", "TicketBacklog", "TicketExpire", "PrimaryTime", "WebhookLease", "notify", "-- ping"}

// tripRecorder notes what is sent to a database and waited for: the names of the statements of each round trip.
type tripRecorder struct {
	mu    sync.Mutex // guards what follows
	conns map[string]*recordedConn
	trips []string
}

// recordedConn is what is sent on one connection. The trips of a transaction are counted when it ends.
type recordedConn struct {
	statements map[string]string // prepared statement → its name in queries
	current    []string          // what was sent and is not waited for yet
	inTx       bool
	trips      []string // of the transaction
}

// record is a rule of a relay. It reads the messages of PostgreSQL's protocol that pgx sends, each write from its beginning.
func (c *tripRecorder) record(b testdb.Bytes) testdb.Action {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn := c.conns[b.Conn]
	if conn == nil {
		conn = &recordedConn{statements: map[string]string{}}
		c.conns[b.Conn] = conn
	}
	for data := b.Data; b.ToServer && len(data) >= 5; {
		length := 1 + int(binary.BigEndian.Uint32(data[1:]))
		if length > len(data) {
			break
		}
		c.trips = append(c.trips, conn.message(data[0], bytes.Split(data[5:length], []byte{0}))...)
		data = data[length:]
	}
	return testdb.Pass
}

// message reads a message, and returns the trips that are complete with it.
func (c *recordedConn) message(kind byte, texts [][]byte) []string {
	switch kind {
	case 'P': // to prepare a statement is a round trip of a new connection
		c.statements[string(texts[0])] = queryName(string(texts[1]))
	case 'B':
		c.current = append(c.current, c.statements[string(texts[1])])
	case 'Q':
		c.current = append(c.current, queryName(string(texts[0])))
		return c.endTrip()
	case 'S':
		return c.endTrip()
	}
	return nil
}

func (c *recordedConn) endTrip() (trips []string) {
	sent := c.current
	c.current = nil
	c.inTx = c.inTx || slices.ContainsFunc(sent, isBegin)
	names := slices.DeleteFunc(slices.Clone(sent), func(name string) bool { return slices.Contains(inBackground, name) })
	if len(names) > 0 {
		c.trips = append(c.trips, strings.Join(names, "+"))
	}
	if c.inTx && !slices.ContainsFunc(sent, isEnd) {
		return nil
	}
	trips, c.trips, c.inTx = c.trips, nil, false
	if slices.ContainsFunc(trips, func(names string) bool { return strings.Contains(names, "RollupLock") }) {
		return nil // the whole transaction is in the background
	}
	return trips
}

func isBegin(statement string) bool { return strings.HasPrefix(statement, "begin") }

func isEnd(statement string) bool { return statement == "commit" || statement == "rollback" }

// queryName is what a statement is called in queries, or its text.
func queryName(text string) string {
	if _, name, ok := strings.Cut(text, "-- name: "); ok {
		return strings.Fields(name)[0]
	}
	if strings.Contains(text, "pg_notify") {
		return "notify"
	}
	return text
}

// want checks how often a request waits for the primary: each round trip takes half a second where that is far away. One that waits less
// often is welcome, and the number is to be changed. It is sent several times, and other work may be done meanwhile.
func (c *tripRecorder) want(t *testing.T, what string, want int, request func(i int)) {
	t.Helper()
	var least []string
	for i := range timesEach {
		c.mu.Lock()
		c.trips = nil
		c.mu.Unlock()
		request(i)
		c.mu.Lock()
		if i == 0 || len(c.trips) < len(least) {
			least = c.trips
		}
		c.mu.Unlock()
	}
	if len(least) != want {
		t.Errorf("%s takes %d round trips, want %d: %q", what, len(least), want, least)
	}
}

// timesEach is how often each request is sent.
const timesEach = 4

// startRecorded runs an instance whose round trips are recorded.
func startRecorded(t *testing.T, f *form.Form) (*testsite.Site, *tripRecorder) {
	t.Helper()
	c := &tripRecorder{conns: map[string]*recordedConn{}}
	relay := testdb.NewRelay(t, testdb.New(t).Primary)
	relay.SetRule(c.record)
	return testsite.Start(t, f, 1, testdb.DB{Primary: relay.URL}), c
}

func TestTrips_Pages(t *testing.T) {
	t.Parallel()
	s, c := startRecorded(t, formfile.Default())
	agent, _ := signedIn(t, s, "agent", account.Agent)
	var customers []*browser
	for i := range timesEach {
		customer, _ := signedIn(t, s, fmt.Sprint("customer", i), account.Customer)
		customers = append(customers, customer)
	}
	picked := []chosen{{"document_front", "front.jpg", photo()}, {"selfie", "selfie.jpg", photo()}}
	var tickets []string
	c.want(t, "a submission with two photos", 17, func(i int) {
		got := customers[i].postFiles("/tickets", answers(uuid.NewString()), picked).want(t, http.StatusSeeOther)
		tickets = append(tickets, strings.TrimPrefix(got.location(), "/tickets/"))
	})
	c.want(t, "the queue as somebody has just seen it", 2, func(int) { agent.get("/review").want(t, http.StatusOK) })
	c.want(t, "the queue with what was just written", 4, func(int) { agent.get("/review", "Cache-Control", "no-cache").want(t, http.StatusOK) })
	c.want(t, "a ticket", 22, func(i int) { agent.get("/review/"+tickets[i]).want(t, http.StatusOK) })
	c.want(t, "an approval", 2, func(i int) {
		agent.post("/review/"+tickets[i]+"/approve", url.Values{"version": {"1"}}).want(t, http.StatusSeeOther)
	})
}

func TestTrips_Programs(t *testing.T) {
	t.Parallel()
	s, c := startRecorded(t, testsite.Form())
	all := programs(t, s)("all", account.Scopes...)
	var tickets []string
	c.want(t, "a submission", 1, func(i int) {
		got := all.post("/api/v1/tickets", submission(fmt.Sprint("u", i)), "Idempotency-Key", uuid.NewString()).want(t, http.StatusCreated)
		tickets = append(tickets, read[ticketSeen](t, got).ID)
	})
	c.want(t, "a decision", 1, func(i int) {
		all.post("/api/v1/tickets/"+tickets[i]+"/decision", `{"decision":"approve","version":1}`).want(t, http.StatusOK)
	})
	c.want(t, "a look-up that is not in memory", 1, func(i int) { all.get(fmt.Sprintf("/api/v1/users/u%d/latest-ticket", i)).want(t, http.StatusOK) })
	c.want(t, "a look-up in memory", 0, func(int) { all.get("/api/v1/users/u0/latest-ticket").want(t, http.StatusOK) })
	c.want(t, "a look-up in the primary", 1, func(int) {
		all.get("/api/v1/users/u0/latest-ticket", "Cache-Control", "no-cache").want(t, http.StatusOK)
	})
}
