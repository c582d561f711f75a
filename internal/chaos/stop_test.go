package chaos_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestStop_UnderLoad has callers of two kinds: some follow /readyz as a load balancer does, the others connect again and
// again until nobody listens. The first lose nothing. Of the others each may lose the one request that it sends while the
// listener closes: that is not answered at all, neither late nor in part, and not earlier than the pause is over.
func TestStop_UnderLoad(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	key := testsite.Start(t, testsite.Form(), 1, db).Key(t, "reader", account.LatestRead)
	p := startServer(t, db)

	const perKind = 16
	var asked, lost atomic.Int64
	var signaled atomic.Pointer[time.Time]
	var callers sync.WaitGroup
	many := make(chan struct{}) // closed after a thousand requests
	for n := range 2 * perKind {
		followsReady := n < perKind
		callers.Go(func() {
			c := newCaller(p.url)
			for {
				if followsReady && c.conn == nil {
					if a, err := c.send("GET", "/readyz", ""); err != nil {
						t.Errorf("/readyz: %v", err)
						return
					} else if a.status == http.StatusServiceUnavailable {
						return
					}
				}
				a, err := c.send("GET", "/api/v1/users/nobody/latest-ticket", "", "Authorization: Bearer "+key)
				if errors.Is(err, errNotListening) {
					return
				}
				if asked.Add(1) == 1000 {
					close(many)
				}
				switch at := signaled.Load(); {
				case err == nil && a.status == http.StatusNotFound:
				case errors.Is(err, errUnanswered) && !followsReady && at != nil && time.Since(*at) > 4*time.Second:
					lost.Add(1)
				default:
					t.Errorf("%d %v %.300s", a.status, err, a.body)
				}
			}
		})
	}
	<-many
	began := time.Now()
	signaled.Store(&began)
	p.signal(syscall.SIGTERM)
	if err := <-p.end; err != nil {
		t.Errorf("exit: %v, want 0", err)
	}
	callers.Wait()
	if lost.Load() > perKind {
		t.Errorf("%d requests of %d callers were lost, want one each at most", lost.Load(), perKind)
	}
	t.Logf("%d requests, %d lost; stopped after %v", asked.Load(), lost.Load(), time.Since(began))
}

func TestStop_StreamsAndIdleConnections(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	site := testsite.Start(t, testsite.Form(), 1, db)
	email, _ := site.Account(t, "agent", account.Agent)
	p := startServer(t, db)
	cookie := signIn(t, p.url, email)

	stream, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+"/review/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	stream.Header.Set("Cookie", cookie)
	events, err := http.DefaultTransport.RoundTrip(stream)
	if err != nil || events.StatusCode != http.StatusOK {
		t.Fatalf("the stream: %v, %v", events, err)
	}
	defer events.Body.Close()
	idle, silent := newCaller(p.url), dial(t, p.url)
	defer silent.Close()
	if _, err := idle.send("GET", "/healthz", ""); err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGTERM)
	began := time.Now()
	waiting := newCaller(p.url)
	for a := (answer{}); a.status != http.StatusServiceUnavailable; { // until the signal has arrived
		if a, err = waiting.send("GET", "/readyz", ""); err != nil {
			t.Fatalf("while it drains: %v", err)
		}
	}
	if a, err := idle.send("GET", "/healthz", ""); err != nil || a.header.Get("Connection") == "keep-alive" || idle.conn != nil {
		t.Errorf("a connection that was idle: %v, and it is kept: %v; want an answer, and then its end", err, idle.conn != nil)
	}
	if text, err := io.ReadAll(events.Body); err != nil {
		t.Errorf("the stream was cut off after %q: %v", text, err)
	}
	if err := <-p.end; err != nil {
		t.Errorf("exit: %v, want 0", err)
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("it took %v to stop", took)
	}
}

// TestStop_NobodyConnected has no load balancer that would have to notice.
func TestStop_NobodyConnected(t *testing.T) {
	t.Parallel()
	p := startServer(t, testdb.New(t))
	began := time.Now()
	p.signal(syscall.SIGTERM)
	if err := <-p.end; err != nil {
		t.Errorf("exit: %v, want 0", err)
	}
	if took := time.Since(began); took > 4*time.Second { // the pause alone is five
		t.Errorf("it took %v to stop", took)
	}
}

// TestStop_SecondSignal has a request under way, for which docket would wait after the first signal.
func TestStop_SecondSignal(t *testing.T) {
	t.Parallel()
	p := startServer(t, testdb.New(t))
	slow := dial(t, p.url)
	defer slow.Close()
	if _, err := io.WriteString(slow, "POST /login HTTP/1.1\r\nHost: docket\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGTERM)
	c := newCaller(p.url)
	for a := (answer{}); a.status != http.StatusServiceUnavailable; {
		var err error
		if a, err = c.send("GET", "/readyz", ""); err != nil {
			t.Fatal(err)
		}
	}
	p.signal(syscall.SIGTERM)
	if err := <-p.end; err == nil {
		t.Error("it says that it ended in order")
	}
}

func dial(t *testing.T, url string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// signIn returns the cookie of a new session.
func signIn(t *testing.T, url, email string) string {
	t.Helper()
	a, err := newCaller(url).send("POST", "/login", "email="+email+"&password="+strings.ReplaceAll(testsite.Password, " ", "+"),
		"Content-Type: application/x-www-form-urlencoded")
	if err != nil || a.status != http.StatusSeeOther {
		t.Fatalf("sign in: %d, %v", a.status, err)
	}
	for _, set := range a.header.Values("Set-Cookie") {
		if pair, _, _ := strings.Cut(set, ";"); strings.HasPrefix(pair, "docket_") && !strings.HasPrefix(pair, "docket_wrote") {
			return pair
		}
	}
	t.Fatal("no session")
	return ""
}
