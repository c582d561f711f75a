package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"docket/internal/account"
)

// discard is an answer that nobody reads.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }

const allocationsMost = 20 // of an answer that is remembered, its log line and its count included

func TestLatest_Allocations(t *testing.T) { //nolint:paralleltest // it counts those of the whole process
	s := start(t)
	customer, me := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	id := customer.submit(someID)
	agent.post("/review/"+id+"/approve", map[string][]string{"version": {"1"}}).want(t, http.StatusSeeOther)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/users/"+me+"/latest-ticket", http.NoBody)
	r.Header.Set("Authorization", "Bearer "+s.Key(t, "reader", account.LatestRead))
	ask := func() {
		w := &discard{header: http.Header{}}
		s.Instances[0].Web.ServeHTTP(w, r)
		if w.status > http.StatusOK {
			t.Errorf("status %d", w.status)
		}
	}
	if got := testing.AllocsPerRun(2000, ask); got > allocationsMost {
		t.Errorf("%v allocations for a remembered answer, want at most %d", got, allocationsMost)
	}
}
