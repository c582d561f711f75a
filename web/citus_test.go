package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestCitus_MainJob drives the pages on a Citus cluster. testdb.CitusVariable says which.
func TestCitus_MainJob(t *testing.T) {
	f, err := formfile.Load("../internal/form/testdata/photos.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := startCitus(t, app.Config{Form: f, Undo: new(time.Minute), Webhooks: receiverWebhooks})
	hook := addReceiver(t, s)
	run := uuid.NewString()
	customer, user := signedIn(t, s, "customer-"+run, account.Customer)
	agent, _ := signedIn(t, s, "agent-"+run, account.Agent)
	colleague, _ := signedIn(t, s, "colleague-"+run, account.Agent)
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
	agent.get("/review?q="+id).want(t, 200, id)
	agent.get("/review?q=blurred").want(t, 200)
	if got := agent.post("/review/next", nil).want(t, 303).location(); !strings.HasPrefix(got, "/review/"+id) {
		t.Fatalf("the next ticket is at %s, want %s: is the database empty?", got, id)
	}
	agent.get("/review/"+id).want(t, 200, "Ann")
	page := "/review/" + id
	agent.post(page+"/comment", url.Values{"text": {"Look at the date."}}).want(t, 303)
	rejection := url.Values{"version": {"1"}, "reason": {f.Reasons[0].Code}, "comment": {"Again, please."}}
	agent.post(page+"/reject", rejection).want(t, 303)
	agent.post(page+"/undo", nil).want(t, 303)
	agent.post(page+"/skip", nil).want(t, 303)
	agent.post(page+"/snooze", url.Values{"reason": {"A holiday."}, "until": {time.Now().Add(time.Hour).Format(time.RFC3339)}}).want(t, 303)
	agent.post(page+"/wake", nil).want(t, 303)
	agent.post(page+"/handover", url.Values{"to": {"colleague-" + run + "@example.com"}}).want(t, 303)
	colleague.get("/review?tab=mine").want(t, 200, id)
	colleague.post("/review/next", nil).want(t, 303)
	colleague.post(page+"/reject", rejection).want(t, 303)
	makeDue(t, s)
	customer.get("/tickets/"+id).want(t, 200, `data-status="rejected"`)
	latest := "/api/v1/users/" + user + "/latest-ticket"
	program := visitor(t, s.URL)
	program.get(latest, "Authorization", "Bearer "+key, "Cache-Control", "no-cache").want(t, 404, "no_approved_ticket")

	again := customer.postFiles("/tickets", url.Values{"submission_id": {uuid.NewString()}, "full_name": {"Ann Again"}, "front": {front}},
		[]chosen{{"selfie", "me.jpg", photo()}}).want(t, 303).location()
	page = "/review/" + strings.TrimPrefix(again, "/tickets/")
	agent.post(page+"/claim", nil)
	agent.post(page+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	makeDue(t, s)
	program.get(latest, "Authorization", "Bearer "+key, "Cache-Control", "no-cache").want(t, 200, "Ann Again")
	admin, _ := signedIn(t, s, "admin-"+run, account.Admin)
	notified := listen(t, s, "docket_change")
	admin.post(page+"/revoke", url.Values{"version": {"2"}, "reason": {f.Reasons[0].Code}, "comment": {"It was lost."}}).want(t, 303)
	program.get(latest, "Authorization", "Bearer "+key, "Cache-Control", "no-cache").want(t, 404, "no_approved_ticket")
	notified(user)
	hook.checkDelivered(t, s)
	countNumbers(t, s, "revoked")
	admin.get("/numbers").want(t, 200, "agent-"+run+"@example.com</bdi></th>", "Sent and decided")
	eraseOnShards(t, s, admin, user)
	wantNoError(t, s)
}

// listen returns what waits for a notification.
func listen(t *testing.T, s *testsite.Site, channel string) func(payload string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.DB.Primary)
	if err == nil {
		_, err = conn.Exec(t.Context(), "LISTEN "+channel)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) }) // the test is over
	return func(payload string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		for {
			n, err := conn.WaitForNotification(ctx)
			if err != nil {
				t.Fatalf("no notification of %s: %v", payload, err)
			}
			if n.Payload == payload {
				return
			}
		}
	}
}

// whileChanging makes a change in a transaction, which is committed once other waits for it, and returns what other does.
func whileChanging(t *testing.T, s *testsite.Site, other func() error, change string, args ...any) error {
	t.Helper()
	tx, err := s.Instances[0].Primary.Begin(t.Context())
	if err == nil {
		_, err = tx.Exec(t.Context(), change, args...)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }() // after a commit it does nothing
	done := make(chan error, 1)
	go func() { done <- other() }()
	waitFor(t, s, "SELECT EXISTS (SELECT FROM citus_lock_waits)")
	if err := tx.Commit(t.Context()); err != nil {
		t.Error(err)
	}
	return <-done
}

// startCitus starts a site on a Citus cluster, or skips the test.
func startCitus(t *testing.T, c app.Config) *testsite.Site {
	t.Helper()
	return testsite.StartWith(t, testdb.Citus(t), c)
}

func wantNoError(t *testing.T, s *testsite.Site) {
	t.Helper()
	for _, wrong := range []string{`"level":"ERROR"`, "SQLSTATE 0A000"} { // the second is what Citus refuses with
		if strings.Contains(s.Log.String(), wrong) {
			t.Errorf("the site logged %s", wrong)
		}
	}
}

// eraseOnShards: a hold keeps a user's data, and without it an erasure takes it from every table.
func eraseOnShards(t *testing.T, s *testsite.Site, admin *browser, user string) {
	t.Helper()
	page := "/admin/users/" + user
	admin.get(page).want(t, 200, "Erase everything")
	admin.post(page+"/hold", url.Values{"hold": {"A lawsuit"}}).want(t, 303)
	admin.post(page+"/erase", url.Values{"confirm": {user}, "reason": {"request"}}).want(t, 409, "A lawsuit")
	admin.post(page+"/end-hold", nil).want(t, 303)
	admin.post(page+"/erase", url.Values{"confirm": {user}, "reason": {"request"}}).want(t, 303)
	admin.get(page).want(t, 200, "Erased by", "There is nothing to erase")
	waitFor(t, s, `SELECT NOT EXISTS (SELECT 1 FROM tickets WHERE user_id = $1 AND (extra <> '{}' OR erased_at_ms IS NULL)) AND NOT EXISTS (SELECT 1 FROM user_tickets WHERE user_id = $1)
		AND NOT EXISTS (SELECT 1 FROM files WHERE user_id = $1 AND sha256 <> '') AND NOT EXISTS (SELECT 1 FROM ticket_words WHERE user_id = $1)
		AND NOT EXISTS (SELECT 1 FROM accounts WHERE id::text = $1) AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE ticket_id IS NOT NULL AND answer <> '' AND type <> 'ticket.erased')`, user)
}

// TestCitus_SeveralFiles sends files of one field, again and out of order, on a Citus cluster.
func TestCitus_SeveralFiles(t *testing.T) {
	f, err := formfile.Parse([]byte(expenses))
	if err != nil {
		t.Fatal(err)
	}
	run := uuid.NewString()
	customer, _ := signedIn(t, startCitus(t, app.Config{Form: f}), "customer-"+run, account.Customer)
	checkSentAgain(t, customer, run)
}
