package app_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestClock_HourOff has two instances, one with a clock that is an hour off.
func TestClock_HourOff(t *testing.T) {
	t.Parallel()
	for name, off := range map[string]time.Duration{"slow": -time.Hour, "fast": time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := testsite.Start(t, testsite.Form(), 1, testdb.New(t))
			key := s.Key(t, "all", account.Scopes...)
			odd, err := app.Open(t.Context(), app.Config{
				DatabaseURL: s.DB.Primary, Secret: bytes.Repeat([]byte{7}, 32), Form: testsite.Form(),
				Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return time.Now().Add(off) },
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(odd.Close)
			server := httptest.NewServer(odd.Web)
			t.Cleanup(server.Close)

			began := time.Now().UnixMilli()
			var here, there struct {
				ID          string
				CreatedAtMS int64 `json:"created_at_ms"`
				DecidedAtMS int64 `json:"decided_at_ms"`
			}
			send(t, key, s.URL+"/api/v1/tickets", `{"user_id":"ann","extra":`+person+`}`, &here)
			send(t, key, server.URL+"/api/v1/tickets", `{"user_id":"bob","extra":`+person+`}`, &there)
			for _, url := range []string{s.URL, server.URL} {
				var list struct{ Items []struct{ ID string } }
				if err := json.Unmarshal([]byte(fetch(t, url+"/api/v1/tickets", "Bearer "+key)), &list); err != nil || len(list.Items) != 2 {
					t.Errorf("%s lists %+v, %v; want both tickets", url, list, err)
				}
			}
			send(t, key, server.URL+"/api/v1/tickets/"+here.ID+"/decision", `{"decision":"approve","version":1}`, &here)
			send(t, key, s.URL+"/api/v1/tickets/"+there.ID+"/decision", `{"decision":"approve","version":1}`, &there)
			ended := time.Now().UnixMilli()
			for _, at := range []int64{here.CreatedAtMS, here.DecidedAtMS, there.CreatedAtMS, there.DecidedAtMS} {
				if at < began || at > ended {
					t.Errorf("something happened %d ms after the beginning, want from 0 to %d", at-began, ended-began)
				}
			}
		})
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
