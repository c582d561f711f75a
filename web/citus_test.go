package web_test

import (
	"errors"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/db/migrations"
	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestCitus_MainJob drives the pages on a Citus cluster. DOCKET_TEST_CITUS_URL is the address of a database of its coordinator that is empty.
func TestCitus_MainJob(t *testing.T) {
	address := os.Getenv("DOCKET_TEST_CITUS_URL")
	if address == "" {
		t.Skip("DOCKET_TEST_CITUS_URL is not set")
	}
	if err := errors.Join(migrations.Up(t.Context(), address), migrations.Distribute(t.Context(), address)); err != nil {
		t.Fatal(err)
	}
	f, err := formfile.Load("../internal/form/testdata/photos.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.StartWith(t, testdb.DB{Primary: address, Direct: address}, app.Config{Form: f})
	run := uuid.NewString()
	customer, user := signedIn(t, s, "customer-"+run, account.Customer)
	agent, _ := signedIn(t, s, "agent-"+run, account.Agent)
	key := s.Key(t, "reader-"+run, account.LatestRead)

	customer.get("/tickets/new").want(t, 200)
	front := customer.uploaded(run, "front")
	customer.get("/tickets/new").want(t, 200, front)
	first := customer.postFiles("/tickets", url.Values{"submission_id": {run}, "full_name": {"Ann"}, "front": {front}},
		[]chosen{{"selfie", "me.jpg", photo()}}).want(t, 303).location()
	id := strings.TrimPrefix(first, "/tickets/")
	customer.get("/tickets/"+id).want(t, 200, `data-status="processing"`)
	customer.get("/tickets").want(t, 200, id)

	for _, list := range []string{"/review", "/review?sort=newest", "/review?tab=mine", "/review?tab=snoozed", "/review?status=approved", "/review?status=rejected"} {
		agent.get(list).want(t, 200)
	}
	agent.get("/review").want(t, 200, id)
	if got := agent.post("/review/next", nil).want(t, 303).location(); !strings.HasPrefix(got, "/review/"+id) {
		t.Fatalf("the next ticket is at %s, want %s: is the database empty?", got, id)
	}
	agent.get("/review/"+id).want(t, 200, "Ann")
	agent.post("/review/"+id+"/comment", url.Values{"text": {"Look at the date."}})
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {f.Reasons[0].Code}, "comment": {"Again, please."}}).want(t, 303)
	customer.get("/tickets/"+id).want(t, 200, `data-status="rejected"`)
	latest := "/api/v1/users/" + user + "/latest-ticket"
	visitor(t, s.URL).get(latest, "Authorization", "Bearer "+key, "Cache-Control", "no-cache").want(t, 404, "no_approved_ticket")
	if strings.Contains(s.Log.String(), `"level":"ERROR"`) {
		t.Error("the site logged an error")
	}
}
