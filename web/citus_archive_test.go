package web_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/archive"
	"docket/internal/audit"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/report"
	"docket/internal/testkit/testsite"
)

// TestCitus_Archive moves rejected tickets with a photo to the archive on a Citus cluster, shows and finds them, counts them in a rule, erases a user's and what is due, and deletes
// their month. Before that the photo of one user is found with another.
func TestCitus_Archive(t *testing.T) {
	const rule = "rules:\n  - {name: known, when: \"history.count('rejected', 500d) == 2\", decide: approve}\n"
	f, err := formfile.Parse(bytes.Replace(testsite.FormFile(), []byte("rules:\n"), []byte(rule), 1))
	if err != nil {
		t.Fatal(err)
	}
	s := startCitus(t, app.Config{Form: f, Undo: new(time.Duration(0))})
	run := uuid.NewString()
	agent, _ := signedIn(t, s, "agent-"+run, account.Agent)
	admin, _ := signedIn(t, s, "admin-"+run, account.Admin)
	customer, user := signedIn(t, s, "customer-"+run, account.Customer)
	other, otherUser := signedIn(t, s, "other-"+run, account.Customer)

	var ids []string
	for range 2 {
		ids = append(ids, sendAndReject(customer, agent))
	}
	gone, twin := sendAndReject(other, agent), sendAndReject(other, agent)
	agent.get("/review/"+ids[1]).want(t, http.StatusOK, `class="look-alikes"`, "/review/"+twin)
	photo := text(t, s, "SELECT file_id::text FROM ticket_files WHERE user_id = '"+user+"' AND ticket_id = '"+ids[0]+"'")
	moveUnlocked(t, s, user, ids[0])
	if count(t, s, "SELECT count(*) FROM submissions WHERE ticket_id = $1", ids[0]) != 0 || count(t, s, "SELECT count(*) FROM submissions WHERE ticket_id = $1", ids[1]) != 1 {
		t.Error("the submission key of the archived ticket is used, or that of another is not")
	}
	page := "/review/" + ids[0]
	customer.get("/tickets/"+ids[0]).want(t, http.StatusOK, "Nguyễn Văn A", "is in the archive")
	customer.get("/tickets").want(t, http.StatusOK, ids...)
	agent.get(page).want(t, http.StatusOK, "Nguyễn Văn A", "is in the archive", "A-COMMENT", photo)
	agent.get("/review?q="+ids[0]).want(t, http.StatusOK, ids[0])
	for _, q := range []string{user, "B1234567", "customer-" + run + "@example.com"} {
		agent.get("/review?q="+url.QueryEscape(q)).want(t, http.StatusOK, ids...)
	}
	agent.get("/review?q=B1234567").want(t, http.StatusOK, gone)
	programs(t, s)("system-"+run, account.Scopes...).get("/api/v1/tickets/"+ids[0]).want(t, http.StatusOK, `"archived":true`, `"kind":"rejected"`)
	collect(t, s)
	customer.get("/files/"+photo).want(t, http.StatusOK)

	third := customer.submit(uuid.NewString())
	customer.get("/tickets/"+third).want(t, http.StatusOK, `data-status="approved"`)
	if done, _, err := s.Instances[0].Erasures.EraseUser(t.Context(), otherUser, audit.CLI, "request"); err != nil || done.Tickets != 2 || done.Files != 1 {
		t.Errorf("erased %+v (%v), want two tickets, one of the archive, and their file", done, err)
	}
	retain := form.Retain{Rejected: form.Period{Days: 1}}
	if done, err := s.Instances[0].Erasures.EraseDue(t.Context(), retain, time.Now().AddDate(0, 0, 2)); err != nil || len(done) != 1 || done[0].Count != 2 {
		t.Errorf("erased of what was rejected long ago: %+v (%v), want two, one of the archive", done, err)
	}
	dropMonth(t, s, admin, user, archive.Dropped{Tickets: 2, Users: 2})
	agent.get(page).want(t, http.StatusNotFound)
	found := func(problem string) error { t.Errorf("verify: %s", problem); return nil }
	if err := report.Verify(t.Context(), s.Instances[0].Primary, found, report.Progress{Begin: func(string, int64) {}, Done: func(int64) {}}); err != nil {
		t.Error(err)
	}
	wantNoError(t, s)
}

// moveUnlocked moves what is due to the archive, a ticket that somebody has locked only after that.
func moveUnlocked(t *testing.T, s *testsite.Site, user, id string) {
	t.Helper()
	tx, err := s.Instances[0].Primary.Begin(t.Context())
	if err == nil {
		_, err = tx.Exec(t.Context(), "SELECT FROM tickets WHERE user_id = $1 AND id = $2 FOR UPDATE", user, id)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }() // after the other it does nothing
	s.MoveToArchive(t, 1)
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.MoveToArchive(t, 1)
}

// sendAndReject sends the form with a photo, and has an agent comment on the ticket and reject it.
func sendAndReject(customer, agent *browser) string {
	customer.t.Helper()
	submission := uuid.NewString()
	customer.get("/tickets/new").want(customer.t, http.StatusOK)
	values := with(answers(submission), "selfie", customer.uploaded(submission, "selfie"))
	id := strings.TrimPrefix(customer.post("/tickets", values).want(customer.t, http.StatusSeeOther).location(), "/tickets/")
	agent.post("/review/"+id+"/comment", url.Values{"text": {"A-COMMENT"}}).want(customer.t, http.StatusSeeOther)
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"name_mismatch"}, "comment": {"Please correct it."}}).want(customer.t, http.StatusSeeOther)
	return id
}

// dropMonth deletes the one month of the archive, once no user of it is on hold.
func dropMonth(t *testing.T, s *testsite.Site, admin *browser, held string, want archive.Dropped) {
	t.Helper()
	archived := s.Instances[0].Archive
	months, err := archived.Months(t.Context())
	if err != nil || len(months) != 1 || months[0].Tickets != want.Tickets || months[0].Bytes == 0 {
		t.Fatalf("months %+v (%v), want one with %d tickets", months, err, want.Tickets)
	}
	admin.post("/admin/users/"+held+"/hold", url.Values{"hold": {"A lawsuit"}}).want(t, http.StatusSeeOther)
	if got, err := archived.DropMonth(t.Context(), months[0].Name, false); !errors.Is(err, archive.ErrHeld) || got.Held != 1 {
		t.Errorf("on hold: %+v (%v), want ErrHeld", got, err)
	}
	admin.post("/admin/users/"+held+"/end-hold", nil).want(t, http.StatusSeeOther)
	if got, err := archived.DropMonth(t.Context(), months[0].Name, false); err != nil || got != want {
		t.Errorf("dropped %+v (%v), want %+v", got, err, want)
	}
	if n := count(t, s, "SELECT count(*) FROM archived_counts"); n != 0 {
		t.Errorf("%d rows of counts are left", n)
	}
}
