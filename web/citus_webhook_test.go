package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"docket/internal/app"
	"docket/internal/feed"
	"docket/internal/testkit/testsite"
)

// receiver is another system that gets events: it refuses revocations, and takes all others.
type receiver struct {
	server *httptest.Server

	mu     sync.Mutex // guards what follows
	counts map[string]int
}

// receiverWebhooks lets webhooks be on this machine.
var receiverWebhooks = app.Webhooks{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}

// addReceiver adds a webhook for every event.
func addReceiver(t *testing.T, s *testsite.Site) *receiver {
	t.Helper()
	r := &receiver{counts: map[string]int{}}
	r.server = httptest.NewServer(http.HandlerFunc(r.receive))
	t.Cleanup(r.server.Close)
	if _, _, err := s.Instances[0].Webhooks.Add(t.Context(), r.server.URL, feed.Types, "cli"); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *receiver) receive(w http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	body, _ := io.ReadAll(request.Body) // what is cut off is of no type
	if strings.Contains(string(body), `"type":"ticket.revoked"`) {
		w.WriteHeader(http.StatusBadRequest)
	}
	r.counts[request.Header.Get("webhook-id")]++
	fmt.Fprint(w, "as received")
}

// checkDelivered waits until all events so far are delivered but one revocation, and their answers kept, and checks that each was sent once.
func (r *receiver) checkDelivered(t *testing.T, s *testsite.Site) {
	t.Helper()
	waitFor(t, s, `SELECT (SELECT count(*) FROM webhook_deliveries WHERE state = 'delivered') = (SELECT count(*) FROM ticket_events) - 1
		AND (SELECT count(*) FROM webhook_deliveries WHERE answer = 'as received') > 0`)
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, n := range r.counts {
		if n != 1 {
			t.Errorf("the event %s was sent %d times", id, n)
		}
	}
}

// waitFor waits until a query says true.
func waitFor(t *testing.T, s *testsite.Site, query string, args ...any) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	late := time.After(30 * time.Second)
	for {
		var is bool
		if err := s.Instances[0].Primary.QueryRow(t.Context(), query, args...).Scan(&is); err != nil {
			t.Fatal(err)
		}
		if is {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("not within half a minute: %s", query)
		}
	}
}
