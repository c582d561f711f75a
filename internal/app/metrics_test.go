package app_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

// used runs an instance with a replica and does one of everything that is counted.
func used(t *testing.T) *testsite.Site {
	t.Helper()
	s := testsite.Start(t, testsite.Form(), 1, testdb.NewWithReplica(t))
	s.Instances[0].Metrics.RegisterRule("too-young")
	none := func() float64 { return 0 }
	s.Instances[0].Metrics.RegisterOptions("orders.csv", none, none)
	desk := s.Instances[0].Metrics.InstrumentDesk(s.Instances[0].Desk)
	sub := ticket.Submission{UserID: "ann", By: "user:ann", Key: uuid.NewString(), OneOpen: true, FormVersion: "1", Extra: []byte(`{}`)}
	made, err := desk.Submit(t.Context(), sub)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, _ = desk.Decide(t.Context(), made.ID, 1, ticket.Approve("agent:"+uuid.NewString(), "")) // the second is too late
	}
	lacks := ticket.Submission{UserID: "bob", By: "user:bob", Key: uuid.NewString(), FormVersion: "1", Extra: []byte(`{}`), Files: ticket.Files{"f": {uuid.New()}}}
	_, _ = desk.Submit(t.Context(), lacks)
	key := s.Key(t, "reader", account.LatestRead)
	for range 2 {
		fetch(t, s.URL+"/api/v1/users/ann/latest-ticket", "Bearer "+key)
	}
	fetch(t, s.URL+"/made-up/"+uuid.NewString(), "")
	return s
}

func fetch(t *testing.T, url, authorization string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", authorization)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func scrape(t *testing.T, s *testsite.Site) string {
	t.Helper()
	operators := httptest.NewServer(s.Instances[0].Metrics.Handler())
	defer operators.Close()
	return fetch(t, operators.URL+"/metrics", "")
}

// lacking waits for the lines in the metrics and returns those that do not come. It waits because the instance may not
// listen yet, and a request is counted only when its answer is sent.
func lacking(t *testing.T, s *testsite.Site, lines []string) (text string, missing []string) {
	t.Helper()
	for until := time.Now().Add(30 * time.Second); ; {
		text = scrape(t, s)
		missing = slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return strings.Contains(text, line+"\n") })
		if len(missing) == 0 || time.Now().After(until) {
			return text, missing
		}
	}
}

func TestMetrics_Counts(t *testing.T) {
	t.Parallel()
	text, missing := lacking(t, used(t), []string{
		`docket_decisions_total{outcome="approved"} 1`,
		`docket_decisions_total{outcome="already_decided"} 1`,
		`docket_submissions_total{outcome="kept"} 1`,
		`docket_submissions_total{outcome="file_missing"} 1`,
		`docket_request_seconds_count{method="GET",route="/api/v1/users/{user_id}/latest-ticket",status="200"} 2`,
		`docket_request_seconds_count{method="any",route="none",status="404"} 1`,
		`docket_requests_in_flight 0`,
		`docket_listener_connected 1`,
		`docket_unavailable_total{code="overloaded"} 0`,
		`docket_rule_failures_total{rule="too-young"} 0`,
		`docket_pool_most_connections{database="replica"} 16`,
	})
	for _, line := range missing {
		t.Errorf("the metrics lack %s", line)
	}
	// The notification of the approval may come between the two look-ups; then the second is a miss as well.
	if !regexp.MustCompile(`docket_cache_hits_total (1\n(.*\n)*docket_cache_misses_total 1|0\n(.*\n)*docket_cache_misses_total 2)\n`).MatchString(text) {
		t.Error("the metrics do not count two look-ups as hits and misses")
	}
	if t.Failed() {
		t.Log(regexp.MustCompile(`(?m)^docket_.*$`).FindAllString(text, -1))
	}
}

func TestMetrics_WriteNeverSent(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	away := testdb.NewRelay(t, db.Primary)
	s := testsite.Start(t, testsite.Form(), 1, testdb.DB{Primary: away.URL, Direct: db.Primary})
	desk := s.Instances[0].Metrics.InstrumentDesk(s.Instances[0].Desk)
	made, err := desk.Submit(t.Context(), ticket.Submission{UserID: "ann", By: "user:ann", Key: "k", FormVersion: "1", Extra: []byte(`{}`)})
	if err != nil {
		t.Fatal(err)
	}
	var lost atomic.Int64
	away.SetRule(func(b testdb.Bytes) testdb.Action {
		if !b.ToServer && b.Has("UPDATE 1") && lost.Add(1) == 1 {
			return testdb.Cut // the answer to the commit
		}
		return testdb.Pass
	})
	_, _ = desk.Decide(t.Context(), made.ID, 1, ticket.Approve("agent:a", "")) // the retry finds out what was decided
	s.Instances[0].Primary.Reset()
	away.Close()
	_, _ = desk.Decide(t.Context(), made.ID, 1, ticket.Approve("agent:a", ""))
	text := scrape(t, s)
	for _, line := range []string{`docket_unknown_outcomes_total{write="decide"} 0`, `docket_decisions_total{outcome="approved"} 1`, `docket_decisions_total{outcome="unavailable"} 1`} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("the metrics lack %s: %q", line, regexp.MustCompile(`(?m)^docket_(decisions|unknown).*$`).FindAllString(text, -1))
		}
	}
}

func TestMetrics_DashboardAndAlerts(t *testing.T) {
	t.Parallel()
	known := map[string]bool{"up": true} // Prometheus' own
	for _, line := range strings.Split(scrape(t, used(t)), "\n") {
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "# TYPE "), " "); ok {
			if strings.HasSuffix(line, " histogram") {
				known[name+"_bucket"], known[name+"_count"], known[name+"_sum"] = true, true, true
			}
			known[name] = true
		}
	}
	watched := regexp.MustCompile(`\b(?:docket|go|process)_[a-z_]+\b`)
	for _, file := range []string{"grafana.json", "alerts.yaml"} {
		text, err := os.ReadFile("../../docs/operations/" + file)
		if err != nil {
			t.Fatal(err)
		}
		names := watched.FindAllString(string(text), -1)
		if len(names) < 8 {
			t.Errorf("%s watches only %q", file, names)
		}
		for _, name := range names {
			if !known[name] {
				t.Errorf("%s watches %s, which does not exist", file, name)
			}
		}
	}
}
