package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/files"
	"docket/internal/form/formfile"
	"docket/internal/postgres"
	"docket/internal/testkit/testsite"
)

// TestCitus_Decisions has two agents give their opinions of a ticket, a third take a second look at it, and many tickets be decided at once, on a Citus cluster.
func TestCitus_Decisions(t *testing.T) {
	f, err := formfile.Parse(bytes.Replace(testsite.FormFile(), []byte("undo_seconds: 10\n"), []byte("second_look: 100%\nsecond_approval: {when: \"full_name == 'Both'\"}\n"), 1))
	if err != nil {
		t.Fatal(err)
	}
	s := startCitus(t, app.Config{Form: f, Undo: new(time.Duration(0))})
	drawLooks(t, s)
	run := uuid.NewString()
	customer, _ := signedIn(t, s, "customer-"+run, account.Customer)
	first, _ := signedIn(t, s, "first-"+run, account.Agent)
	second, _ := signedIn(t, s, "second-"+run, account.Agent)
	third, _ := signedIn(t, s, "third-"+run, account.Agent)
	id := strings.TrimPrefix(customer.post("/tickets", with(answers(run), "full_name", "Both")).want(t, http.StatusSeeOther).location(), "/tickets/")
	page, look := "/review/"+id, "/review/"+id+"/second-look"
	rejection := url.Values{"version": {"1"}, "reason": {"name_mismatch"}, "comment": {"Please correct it."}}
	first.post(page+"/reject", rejection).want(t, http.StatusSeeOther)
	first.get(page).want(t, http.StatusOK, "You have given your opinion")
	second.get("/review").want(t, http.StatusOK, id, "Second opinion")
	second.post(page+"/reject", rejection).want(t, http.StatusSeeOther)
	customer.get("/tickets/"+id).want(t, http.StatusOK, `data-status="rejected"`, "Please correct it.")

	drawLooks(t, s)
	second.get("/review/second-looks").want(t, http.StatusOK, "Nothing to look at again")
	third.get("/review/second-looks").want(t, http.StatusOK, look)
	if to := third.post("/review/second-looks", nil).want(t, http.StatusSeeOther).location(); to != look {
		t.Errorf("the next second look is at %s, want %s", to, look)
	}
	third.get(look).want(t, http.StatusOK, "What would you have decided?")
	third.post(look, url.Values{"verdict": {"approve"}}).want(t, http.StatusSeeOther)
	third.get(page).want(t, http.StatusOK, "The second look differs")

	decideMany(t, s, run, first, third)
	wantNoError(t, s)
}

// decideMany approves tickets of several users at once, takes the next one ahead, and finds them by words.
func decideMany(t *testing.T, s *testsite.Site, run string, agent, colleague *browser) {
	t.Helper()
	p := programs(t, s)("system-"+run, account.Scopes...)
	var ids []string
	for i := range 4 {
		ids = append(ids, p.submit(fmt.Sprint("u-", i, "-", run), uuid.NewString()).ID)
	}
	agent.get("/review?q=Nguyen").want(t, http.StatusOK, ids[0])
	agent.post("/review/ahead", nil).want(t, http.StatusOK)
	agent.post("/review/next", nil).want(t, http.StatusSeeOther)
	agent.post("/review/ahead", nil).want(t, http.StatusOK)
	agent.post("/review/ahead/release", nil).want(t, http.StatusNoContent)
	colleague.post("/review/"+ids[3]+"/claim", nil).want(t, http.StatusSeeOther)
	there := agent.post("/review/bulk", bulk("approve", ids...)).want(t, http.StatusSeeOther).location()
	agent.get(there).want(t, http.StatusOK, "3 approved, 1 not")
	for i, id := range ids {
		p.get("/api/v1/tickets/"+id, "Cache-Control", "no-cache").want(t, http.StatusOK, map[bool]string{true: `"status":"approved"`, false: `"status":"processing"`}[i < 3])
	}
}

// TestCitus_UnusedFiles deletes, on a Citus cluster, files that nobody sent and old drafts, and keeps the files that a draft
// names, of a submission link, too.
func TestCitus_UnusedFiles(t *testing.T) {
	s := startCitus(t, app.Config{Form: testsite.Form()})
	run := uuid.NewString()
	customer, user := signedIn(t, s, "customer-"+run, account.Customer)
	customer.get("/tickets/new").want(t, http.StatusOK)
	drafted, dropped := customer.uploaded(run, "selfie"), ""
	p := partner(t, s, "shop-"+run)
	b, path := opens(t, s, p.addLink(t, user, ""))
	b.postFiles(path+"/files/document_front", nil, []chosen{{"document_front", "front.jpg", photo()}}, "HX-Request", "true").want(t, http.StatusOK)
	dropped = drafted
	drafted = customer.uploaded(run, "selfie")
	state := func(id string) string {
		return text(t, s, "SELECT coalesce((SELECT state FROM files WHERE user_id = '"+user+"' AND id = '"+id+"'), 'none')")
	}
	collect(t, s)
	if state(drafted) != "kept" || state(dropped) != "none" || count(t, s, "SELECT count(*) FROM files WHERE user_id = $1 AND uploaded_by LIKE 'link:%' AND state = 'kept'", user) != 1 {
		t.Errorf("the file of the draft is %s, the one before it %s, want kept and none, and the link's file kept", state(drafted), state(dropped))
	}
	execute(t, s, "UPDATE submission_links SET revoked_at_ms = now_ms() - 2 * 86400000 WHERE user_id = $1", user)
	if err := s.Instances[0].Links.DeleteOld(t.Context()); err != nil {
		t.Fatal(err)
	}
	collect(t, s)
	if state(drafted) != "kept" || count(t, s, "SELECT count(*) FROM files WHERE user_id = $1", user) != 1 {
		t.Error("the file of a link that has ended is there, or that of the user's draft is not")
	}
	if err := s.Instances[0].Files.CollectUnused(t.Context(), files.Ages{Withdrawn: time.Hour}); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s, "SELECT count(*) FROM drafts WHERE user_id = $1", user) + count(t, s, "SELECT count(*) FROM files WHERE user_id = $1", user); n != 0 {
		t.Errorf("%d old drafts and their files are there, want none", n)
	}
	sent := customer.uploaded(uuid.NewString(), "selfie")
	id := customer.submit(uuid.NewString())
	err := whileChanging(t, s, func() error {
		return s.Instances[0].Files.CollectUnused(t.Context(), files.Ages{Withdrawn: time.Hour})
	}, "UPDATE files SET ticket_id = $1 WHERE user_id = $2 AND id = $3", id, user, sent)
	if err != nil || state(sent) != "kept" {
		t.Errorf("a file that a ticket is given meanwhile is %s (%v), want kept", state(sent), err)
	}
	wantNoError(t, s)
}

// remindSteps writes the e-mails about steps that have waited.
func remindSteps(t *testing.T, s *testsite.Site) error {
	return db.New().OutboxRemindSteps(t.Context(), postgres.Rewriting{Pool: s.Instances[0].Primary})
}
