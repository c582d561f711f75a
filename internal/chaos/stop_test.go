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

func TestStoppingUnderLoadFailsNoRequest(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	key := testsite.Start(t, testsite.Form(), 1, db).Key(t, "reader", account.LatestRead)
	p := serve(t, db)

	var asked, failed atomic.Int64
	var callers sync.WaitGroup
	many := make(chan struct{}) // closed: a thousand have asked
	for range 32 {
		callers.Go(func() {
			c := newCaller(p.url)
			for {
				a, err := c.ask("GET", "/api/v1/users/nobody/latest-ticket", "", "Authorization: Bearer "+key)
				if errors.Is(err, errGone) {
					return
				}
				if asked.Add(1) == 1000 {
					close(many)
				}
				if err != nil || a.status != http.StatusNotFound {
					failed.Add(1)
					t.Logf("%d %v %.300s", a.status, err, a.body)
				}
			}
		})
	}
	<-many
	p.signal(syscall.SIGTERM)
	began := time.Now()
	if err := <-p.end; err != nil {
		t.Errorf("exit: %v, want 0", err)
	}
	callers.Wait()
	if failed.Load() > 0 {
		t.Errorf("%d of %d requests failed", failed.Load(), asked.Load())
	}
	t.Logf("%d requests, %d lost; stopped after %v", asked.Load(), failed.Load(), time.Since(began))
}

// TestWhoWasLetInLastIsAnswered has somebody connect as the last one, and ask when nobody can connect any more.
func TestWhoWasLetInLastIsAnswered(t *testing.T) {
	t.Parallel()
	p := serve(t, testdb.New(t))
	idle := dial(t, p.url) // keeps the door open for a while
	defer idle.Close()
	p.signal(syscall.SIGTERM)
	var last *caller
	for {
		next := newCaller(p.url)
		if err := next.connect(); errors.Is(err, errGone) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if last != nil {
			last.conn.Close()
		}
		last = next
	}
	if last == nil {
		t.Fatal("nobody was let in after the signal")
	}
	if a, err := last.ask("GET", "/healthz", ""); err != nil || a.status != http.StatusOK {
		t.Errorf("the last who was let in: %d, %v; want an answer", a.status, err)
	}
	if err := <-p.end; err != nil {
		t.Errorf("exit: %v, want 0", err)
	}
}

func TestStoppingEndsStreamsAndClosesWhatIsIdle(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	site := testsite.Start(t, testsite.Form(), 1, db)
	email, _ := site.Account(t, "agent", account.Agent)
	p := serve(t, db)
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
	if _, err := idle.ask("GET", "/healthz", ""); err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGTERM)
	began := time.Now()
	waiting := newCaller(p.url)
	for a := (answer{}); a.status != http.StatusServiceUnavailable; { // the signal is on its way
		if a, err = waiting.ask("GET", "/readyz", ""); err != nil {
			t.Fatalf("while it drains: %v", err)
		}
	}
	if a, err := idle.ask("GET", "/healthz", ""); err != nil || a.header.Get("Connection") == "keep-alive" || idle.conn != nil {
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

// TestASecondSignalEndsItAtOnce has somebody whom docket would wait for, and then end in order.
func TestASecondSignalEndsItAtOnce(t *testing.T) {
	t.Parallel()
	p := serve(t, testdb.New(t))
	slow := dial(t, p.url)
	defer slow.Close()
	if _, err := io.WriteString(slow, "POST /login HTTP/1.1\r\nHost: docket\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGTERM)
	c := newCaller(p.url)
	for a := (answer{}); a.status != http.StatusServiceUnavailable; {
		var err error
		if a, err = c.ask("GET", "/readyz", ""); err != nil {
			t.Fatal(err)
		}
	}
	p.signal(syscall.SIGTERM)
	if err := <-p.end; err == nil {
		t.Error("it says that it ended in order")
	}
}

func TestNobodyConnectedIsNothingToWaitFor(t *testing.T) {
	t.Parallel()
	p := serve(t, testdb.New(t))
	p.signal(syscall.SIGTERM)
	began := time.Now()
	if err := <-p.end; err != nil {
		t.Errorf("exit: %v, want 0", err)
	}
	if took := time.Since(began); took > 5*time.Second { // that is how long it would wait for somebody
		t.Errorf("it took %v", took)
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
	a, err := newCaller(url).ask("POST", "/login", "email="+email+"&password="+strings.ReplaceAll(testsite.Password, " ", "+"),
		"Content-Type: application/x-www-form-urlencoded")
	if err != nil || a.status != http.StatusSeeOther {
		t.Fatalf("sign in: %d, %v", a.status, err)
	}
	for _, set := range a.header.Values("Set-Cookie") {
		if pair, _, _ := strings.Cut(set, ";"); strings.HasPrefix(pair, "docket=") {
			return pair
		}
	}
	t.Fatal("no session")
	return ""
}
