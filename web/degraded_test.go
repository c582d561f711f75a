package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

func TestLatest_WithoutPrimary(t *testing.T) {
	t.Parallel()
	db := testdb.NewWithReplica(t)
	way := testdb.NewRelay(t, db.Primary)
	s := testsite.Start(t, testsite.Form(), 1, testdb.DB{Primary: way.URL, Replica: db.Replica})
	secret := "Bearer " + s.Key(t, "reader", account.LatestRead)
	made, err := s.Instances[0].Desk.Submit(t.Context(), ticket.Submission{
		UserID: "ann", By: ticket.User("ann"), Key: "k", Extra: json.RawMessage(`{}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Instances[0].Desk.Decide(t.Context(), made.ID, 1, ticket.Approve("agent:a", "")); err != nil {
		t.Fatal(err)
	}
	arrives(t, db.Replica, made.ID)
	b := visitor(t, s.URL)
	way.SetRule(func(testdb.Bytes) testdb.Action { return testdb.Cut })
	degraded := func(user string) reply { // the replica was proven fresh just now, and is trusted for two seconds more
		for {
			got := b.get("/api/v1/users/"+user+"/latest-ticket", "Authorization", secret)
			if got.header.Get("X-Consistency") == "degraded" {
				return got
			}
		}
	}
	degraded("nobody-"+uuid.NewString()).want(t, http.StatusNotFound, "no_approved_ticket")
	degraded("ann").want(t, http.StatusOK, made.ID.String())
	ask := func(header ...string) reply {
		header = append(header, "Authorization", secret, "Content-Type", "application/json")
		return b.send("POST", "/api/v1/latest-tickets", strings.NewReader(`{"user_ids":["nobody","ann"]}`), header...)
	}
	if got := ask().want(t, http.StatusOK, made.ID.String()); got.header.Get("X-Consistency") != "degraded" {
		t.Errorf("X-Consistency of a batch is %q", got.header.Get("X-Consistency"))
	}
	ask("Cache-Control", "no-cache").want(t, http.StatusServiceUnavailable, `"unavailable"`)
	strong := b.get("/api/v1/users/ann/latest-ticket", "Authorization", secret, "Cache-Control", "no-cache").want(t, http.StatusServiceUnavailable, `"unavailable"`)
	if strong.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestSubmit_LostConnection(t *testing.T) {
	t.Parallel()
	f, err := formfile.Load("../internal/form/testdata/photos.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"DraftGet", "FileList"} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			db := testdb.New(t)
			way := testdb.NewRelay(t, db.Primary)
			s := testsite.Start(t, f, 1, testdb.DB{Primary: way.URL})
			customer, _ := signedIn(t, s, "customer", account.Customer)
			way.SetRule(func(b testdb.Bytes) testdb.Action {
				if b.ToServer && b.Has("name: "+query+" ") {
					return testdb.Cut
				}
				return testdb.Pass
			})
			front := uuid.NewString()
			typed := url.Values{"submission_id": {someID}, "full_name": {"Ann"}, "front": {front}}
			got := customer.post("/tickets", typed).want(t, 503, "press the button again", `value="Ann"`, `value="`+someID+`"`)
			if got.header.Get("Retry-After") == "" || got.kept()["front"] != front {
				t.Errorf("Retry-After is %q, and the form names %v", got.header.Get("Retry-After"), got.kept())
			}
		})
	}
}

// arrives waits until a replica shows that a ticket is its user's latest.
func arrives(t *testing.T, replica string, id uuid.UUID) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), replica)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for there := false; !there; {
		if err := conn.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM user_tickets WHERE ticket_id = $1)", id).Scan(&there); err != nil {
			t.Fatal(err)
		}
	}
}
