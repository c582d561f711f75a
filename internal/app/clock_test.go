package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/sla"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestClock_HourOff has a database whose clock is an hour from the instance's: to the instance that is the same as an own clock that is wrong.
func TestClock_HourOff(t *testing.T) {
	t.Parallel()
	for name, off := range map[string]time.Duration{"slow": time.Hour, "fast": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := testdb.New(t)
			setClock(t, site.Primary, off)
			f := *testsite.Form()
			f.SLA = sla.SLA{Late: 30 * time.Minute}
			c := app.Config{Form: &f, Webhooks: app.Webhooks{Insecure: true, Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}}
			s := testsite.StartWith(t, site, c)
			key, isNow := s.Key(t, "all", account.Scopes...), func(what string, at time.Time) {
				t.Helper()
				if apart := at.Sub(time.Now().Add(off)); apart.Abs() > time.Minute {
					t.Errorf("%s is %s from the clock of the database", what, apart)
				}
			}
			waitForClock(t, s, off)

			signed := make(chan string, 100)
			receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { signed <- r.Header.Get("Webhook-Timestamp") }))
			t.Cleanup(receiver.Close)
			var added struct{ ID string }
			send(t, key, s.URL+"/api/v1/webhooks", `{"url":"`+receiver.URL+`","types":["ticket.submitted"]}`, &added)

			var made struct {
				ID          string
				CreatedAtMS int64 `json:"created_at_ms"`
				DecidedAtMS int64 `json:"decided_at_ms"`
			}
			send(t, key, s.URL+"/api/v1/tickets", `{"user_id":"ann","extra":`+person+`}`, &made)
			var list struct {
				Items []struct{ ID string }
				ToMS  int64 `json:"to_ms"`
			}
			if err := json.Unmarshal([]byte(fetch(t, s.URL+"/api/v1/tickets", "Bearer "+key)), &list); err != nil || len(list.Items) != 1 {
				t.Errorf("the list is %+v, %v; want the ticket", list, err)
			}
			isNow("the end of a list", time.UnixMilli(list.ToMS))
			if counts, err := s.Instances[0].Web.Workload.Counts(t.Context()); err != nil || counts.Waiting != 1 || counts.Late != 0 {
				t.Errorf("%+v wait, %v; want one that is not late", counts, err)
			}
			seeYoungQueue(t, testsite.StartWith(t, site, c)) // which counts it at its start
			send(t, key, s.URL+"/api/v1/tickets/"+made.ID+"/decision", `{"decision":"approve","version":1}`, &made)
			isNow("a submission", time.UnixMilli(made.CreatedAtMS))
			isNow("a decision", time.UnixMilli(made.DecidedAtMS))
			seconds, err := strconv.ParseInt(<-signed, 10, 64)
			if err != nil {
				t.Error(err)
			}
			isNow("the time of a webhook", time.Unix(seconds, 0))
			due, err := s.Instances[0].Primary.Now(t.Context())
			if err != nil {
				t.Error(err)
			}
			isNow("what is erased or archived", due)
		})
	}
}

// seeYoungQueue waits until the metrics of an instance have the ticket that waits, which was sent just now and is not late.
func seeYoungQueue(t *testing.T, s *testsite.Site) {
	t.Helper()
	oldest := regexp.MustCompile(`\ndocket_oldest_waiting_seconds (\S+)\n`)
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); {
		text := scrape(t, s)
		switch age, err := strconv.ParseFloat(oldest.FindStringSubmatch(text)[1], 64); {
		case err != nil || age > 60 || !strings.Contains(text, "docket_late_waiting_tickets 0\n"):
			t.Errorf("the oldest waits for %v s, %v; or it is late", age, err)
			return
		case age > 0:
			return
		}
	}
	t.Error("the metrics do not have the ticket that waits")
}

// TestClock_WithoutPrimary starts an instance whose clock is an hour wrong while the primary is away.
func TestClock_WithoutPrimary(t *testing.T) {
	t.Parallel()
	site := testdb.NewWithReplica(t)
	setClock(t, site.Primary, time.Hour)
	way := testdb.NewRelay(t, site.Primary)
	way.SetRule(func(testdb.Bytes) testdb.Action { return testdb.Cut })
	waitForClock(t, testsite.Start(t, testsite.Form(), 1, testdb.DB{Primary: way.URL, Replica: site.Replica}), time.Hour)
}

// setClock changes the clock of a database, and only of this one.
func setClock(t *testing.T, url string, off time.Duration) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), fmt.Sprintf(`CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql VOLATILE PARALLEL SAFE AS
		'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint + %d'`, off.Milliseconds())); err != nil {
		t.Fatal(err)
	}
}

// waitForClock waits until an instance has read the clock of its database.
func waitForClock(t *testing.T, s *testsite.Site, off time.Duration) {
	t.Helper()
	late := time.After(20 * time.Second)
	for s.Instances[0].Web.Now().Sub(time.Now().Add(off)).Abs() > time.Minute {
		select {
		case <-late:
			t.Error("the instance does not go by the clock of its database")
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

const person = `{"full_name":"A","date_of_birth":"1990-01-31","nationality":"VNM","document_type":"passport",` +
	`"issuing_country":"VNM","document_number":"B1234567","expiry_date":"2040-01-01","consent":true}`

// send posts JSON and reads the answer into got.
func send(t *testing.T, key, url, body string, got any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", uuid.NewString())
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode > 299 || json.Unmarshal(text, got) != nil {
		t.Fatalf("%s: %d %s, %v", url, answer.StatusCode, text, err)
	}
}
