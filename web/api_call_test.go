package web_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/files"
	"docket/internal/form/formfile"
	"docket/internal/postgres"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
	"docket/web"
)

// faulty is a desk where everything goes wrong in one way.
type faulty struct {
	ticket.Desk
	err error
}

func (f faulty) Submit(context.Context, ticket.Submission) (ticket.Ticket, error) {
	return ticket.Ticket{}, f.err
}

func (f faulty) Decide(context.Context, uuid.UUID, int64, ticket.Decision) (ticket.Ticket, error) {
	return ticket.Ticket{}, f.err
}

func (f faulty) GiveFirstOpinion(context.Context, uuid.UUID, int64, ticket.Decision) (ticket.Ticket, error) {
	return ticket.Ticket{}, f.err
}

func (f faulty) WithdrawSent(context.Context, string, uuid.UUID) (ticket.Ticket, error) {
	return ticket.Ticket{}, f.err
}

func (f faulty) Ticket(context.Context, uuid.UUID) (ticket.Ticket, error) {
	return ticket.Ticket{}, f.err
}

func (f faulty) TicketsOf(context.Context, string, ticket.Page) (ticket.List, error) {
	return ticket.List{}, f.err
}

func (f faulty) Queue(context.Context, ticket.Query) (ticket.List, error) {
	return ticket.List{}, f.err
}

func (f faulty) Latest(context.Context, string) (ticket.Approval, error) {
	return ticket.Approval{}, f.err
}

func (f faulty) LatestBatch(context.Context, []string) ([]ticket.Approval, error) {
	return nil, f.err
}

// oneCall is a request that would succeed, or at least reach the desk.
type oneCall struct {
	method, path, body string
	scope              account.Scope
	header             []string
}

func everyCall(id string) []oneCall {
	key := []string{"Idempotency-Key", "every-call"}
	return []oneCall{
		{"GET", "/api/v1/users/u-1/latest-ticket", "", account.LatestRead, nil},
		{"GET", "/api/v1/users/u-1/latest-tickets", "", account.LatestRead, nil},
		{"POST", "/api/v1/latest-tickets", `{"user_ids":["u-1","nobody"]}`, account.LatestRead, nil},
		{"GET", "/api/v1/users/u-1/tickets", "", account.TicketsRead, nil},
		{"GET", "/api/v1/tickets", "", account.TicketsRead, nil},
		{"GET", "/api/v1/tickets/" + id, "", account.TicketsRead, nil},
		{"POST", "/api/v1/tickets", submission("u-1"), account.TicketsWrite, key},
		{"POST", "/api/v1/tickets/" + id + "/decision", `{"decision":"approve","version":1}`, account.DecisionsWrite, nil},
		{"POST", "/api/v1/tickets/" + id + "/withdraw", "", account.TicketsWrite, nil},
	}
}

func (c oneCall) by(p program, header ...string) reply {
	p.t.Helper()
	header = slices.Concat(c.header, header)
	if c.method == "POST" {
		header = append([]string{"Content-Type", "application/json"}, header...)
	}
	return p.send(c.method, c.path, c.body, header...)
}

// everyFileCall is one of each call that is about a file, which a ticket names.
func everyFileCall(id string) []oneCall {
	kind := []string{"Content-Type", "image/jpeg"}
	return []oneCall{
		{"POST", fileFor("u-files"), string(photo()), account.TicketsWrite, kind},
		{"GET", "/api/v1/files/" + id, "", account.TicketsRead, nil},
	}
}

func fileFor(user string) string { return "/api/v1/files?user_id=" + user + "&field=document_front" }

// TestOpenAPI_EveryAnswer drives every call into every answer that the document has for it. An answer, a
// code, a header or a field that it does not have fails, and so does one that it has and nobody has seen.
func TestOpenAPI_EveryAnswer(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := programs(t, s)
	all := made("all", account.Scopes...)
	id := all.submit("u-1", "first").ID

	file := all.sendsPhoto("u-photo")

	link := all.addLink(t, "u-link", "").ID

	hook := all.addWebhook(t).ID

	for i, c := range slices.Concat(everyCall(id), everyWebhookCall(hook), []oneCall{eventsCall}, everyFileCall(file), everyLinkCall(link)) {
		var others []account.Scope
		for _, scope := range account.Scopes {
			if scope != c.scope {
				others = append(others, scope)
			}
		}
		c.by(made("all-but-"+strings.ReplaceAll(string(c.scope), ":", "-")+strconv.Itoa(i), others...)).refuses(t, 403, "missing_scope")
		c.by(all, "Authorization", "").refuses(t, 401, "unauthenticated")
		c.by(all, "Authorization", "Bearer dk_made_up").refuses(t, 401, "unauthenticated")
		all.send("PATCH", c.path, "").refuses(t, 405, "method_not_allowed")
		path, _, _ := strings.Cut(c.path, "?")
		all.send(c.method, path+"?bogus=1&limit=1&limit=2", c.body).refuses(t, 422, "invalid")
		all.send(c.method, path+"?%zz", c.body).refuses(t, 400, "malformed_request")
		all.send(c.method, path+"?a=1;b=2", c.body).refuses(t, 400, "malformed_request")
		if c.method != "POST" {
			continue
		}
		c.by(all, "Sec-Fetch-Site", "cross-site").refuses(t, 403, "forbidden")
		c.by(all, "Origin", "https://elsewhere.example").refuses(t, 403, "forbidden")
		if c.body == "" {
			continue
		}
		for _, kind := range []string{"", "text/plain", "application/json; charset=latin1", "application/x-www-form-urlencoded", "nonsense;;"} {
			c.by(all, "Content-Type", kind).refuses(t, 415, "unsupported_media_type")
		}
		c.by(all, "Content-Encoding", "gzip").refuses(t, 415, "unsupported_media_type")
		if !strings.HasPrefix(c.body, "{") {
			continue
		}
		large := c
		large.body = `{"user_id":"` + strings.Repeat("x", 1<<20) + `"}`
		large.by(all).refuses(t, 413, "too_large")
		broken := c
		broken.body = `{"a":1,}`
		broken.by(all).refuses(t, 400, "malformed_json")
		unknown := c
		unknown.body = `{"bogus":1,` + c.body[1:]
		unknown.by(all).refuses(t, 422, "invalid", "bogus unknown_field")
	}
	everyFault(t, all, id, func(change func(*web.Config)) string { return beside(t, s, change) })
	everyAnswerOfItsOwn(t, s, made, all, id)
	everyAnswerOfEvents(t, s, all)
	everyAnswerAboutFiles(t, s, all, file)
	everyAnswerAboutLinks(t, s, all, link)
	everyAnswerAboutWebhooks(t, s, all, hook)

	for _, missing := range all.doc.unseen() {
		t.Errorf("the document says what no test has seen: %s", missing)
	}
}

// everyFault makes each call meet what is not its own fault.
func everyFault(t *testing.T, all program, id string, run func(change func(*web.Config)) string) {
	for _, fault := range []struct {
		err    error
		status int
		code   string
	}{
		{ticket.ErrOverloaded, 503, "overloaded"},
		{ticket.ErrUnavailable, 503, "unavailable"},
		{context.DeadlineExceeded, 503, "unavailable"},
		{errors.New("SELECT secret FROM somewhere"), 500, "internal"},
	} {
		at := all.at(run(func(c *web.Config) { c.Desk = faulty{c.Desk, fault.err} }))
		for _, c := range everyCall(id) {
			got := c.by(at)
			got.refuses(t, fault.status, fault.code)
			if strings.Contains(got.body, "SELECT") {
				t.Errorf("%s tells the cause: %s", c.path, got.body)
			}
		}
	}
	at := all.at(run(limitRate))
	at.get("/api/v1/tickets").want(t, 200)
	for _, c := range everyCall(id) {
		c.by(at).refuses(t, 429, "rate_limited")
	}
}

// sendsPhoto sends a photo, and a ticket that names it; it returns the id of the file.
func (p program) sendsPhoto(user string) string {
	p.t.Helper()
	file := read[struct{ ID string }](p.t, p.send("POST", fileFor(user), string(photo()), "Content-Type", "image/jpeg").want(p.t, 201))
	body := strings.Replace(submission(user), `"extra":{`, `"extra":{"document_front":"`+file.ID+`",`, 1)
	p.post("/api/v1/tickets", body, "Idempotency-Key", user).want(p.t, 201)
	return file.ID
}

// everyAnswerAboutFiles makes each call about a file give every answer that it can give.
func everyAnswerAboutFiles(t *testing.T, s *testsite.Site, all program, id string) {
	all.get("/api/v1/files/"+id).want(t, 200)
	all.send("HEAD", "/api/v1/files/"+id, "").want(t, 200)
	all.get("/api/v1/files/"+uuid.NewString()).refuses(t, 404, "not_found")
	all.get("/api/v1/files/..%2Fetc").refuses(t, 404, "not_found")
	send := func(at program, body string) reply {
		return at.send("POST", fileFor("u-files"), body, "Content-Type", "image/jpeg")
	}
	send(all, "").refuses(t, 422, "invalid", "document_front empty_file")
	send(all, strings.Repeat("x", files.MaxBytes+1)).refuses(t, 413, "too_large")
	send(all, string(photo()[:5000])).refuses(t, 422, "invalid", "document_front broken_file")
	few, err := postgres.Connect(t.Context(), s.DB.Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(few.Close)
	holdConnections(t, t.Context(), few)
	blobs, err := files.OpenBlobs("file://" + t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for code, at := range map[string]program{
		"rate_limited": all.at(beside(t, s, limitRate)),
		"unavailable":  all.at(beside(t, s, func(c *web.Config) { c.Files = files.New(s.Instances[0].Primary, nil, quiet(s), files.Hooks{}) })),
		"overloaded":   all.at(beside(t, s, func(c *web.Config) { c.Files = files.New(few, blobs, quiet(s), files.Hooks{}) })),
	} {
		status := http.StatusServiceUnavailable
		if code == "rate_limited" {
			status = http.StatusTooManyRequests
			at.get("/api/v1/tickets").want(t, 200)
		}
		for _, c := range everyFileCall(id) {
			c.by(at).refuses(t, status, code)
		}
	}
	execute(t, s, "ALTER TABLE files RENAME TO elsewhere")
	for _, c := range everyFileCall(id) {
		c.by(all).refuses(t, 500, "internal")
	}
}

// everyAnswerOfItsOwn makes each call give the answers that it alone has.
func everyAnswerOfItsOwn(t *testing.T, s *testsite.Site, made func(string, ...account.Scope) program, all program, id string) {
	all.get("/api/openapi.json", "Authorization", "").want(t, 200)
	etag := all.get("/api/openapi.json").header.Get("ETag")
	all.get("/api/openapi.json", "If-None-Match", etag).want(t, 304)
	all.get("/api/openapi.json?x=1").refuses(t, 422, "invalid", "x unknown_parameter")
	all.get("/api/openapi.json?%zz").refuses(t, 400, "malformed_request")
	all.send("POST", "/api/openapi.json", "").refuses(t, 405, "method_not_allowed")

	all.get("/api/v1/users/u-1/latest-ticket").refuses(t, 404, "no_approved_ticket")
	endedApproval(t, s)
	all.get("/api/v1/users/u-ended/latest-ticket").refuses(t, 404, "approval_expired")
	all.get("/api/v1/users/u-1/latest-tickets").want(t, 200)
	all.get("/api/v1/users/"+strings.Repeat("x", 129)+"/latest-tickets").refuses(t, 404, "not_found")
	all.get("/api/v1/users/u-1/tickets").want(t, 200)
	all.get("/api/v1/users/u-1/tickets?cursor=x").refuses(t, 422, "bad_cursor")
	all.get("/api/v1/users/"+strings.Repeat("x", 129)+"/tickets").refuses(t, 404, "not_found")
	all.get("/api/v1/tickets").want(t, 200)
	all.get("/api/v1/tickets?cursor=x").refuses(t, 422, "bad_cursor")
	all.get("/api/v1/tickets?from=2026-01-01&to=2026-03-01").refuses(t, 422, "time_range_too_wide")
	all.get("/api/v1/tickets/"+id).want(t, 200)
	all.get("/api/v1/tickets/"+uuid.NewString()).refuses(t, 404, "not_found")

	all.post("/api/v1/tickets", submission("u-1"), "Idempotency-Key", "second").refuses(t, 409, "open_ticket_exists")
	all.post("/api/v1/tickets", submission("u-2"), "Idempotency-Key", "first").refuses(t, 422, "idempotency_key_reused")

	out := all.submit("u-out", "out").ID
	all.post("/api/v1/tickets/"+out+"/decision", `{"decision":"reject","version":1,"reason":"underage"}`).want(t, 200)
	all.post("/api/v1/tickets", submission("u-out"), "Idempotency-Key", "out again").refuses(t, 409, "resubmission_closed")

	decision := "/api/v1/tickets/" + id + "/decision"
	all.post("/api/v1/tickets/"+uuid.NewString()+"/decision", `{"decision":"approve","version":1}`).refuses(t, 404, "not_found")
	all.post(decision, `{"decision":"approve","version":2}`).refuses(t, 409, "stale_version")
	agent, _ := signedIn(t, s, "agent", account.Agent)
	agent.post("/review/"+id+"/claim", nil).want(t, 303)
	all.post(decision, `{"decision":"approve","version":1}`).refuses(t, 409, "ticket_held")
	agent.post("/review/"+id+"/release", nil).want(t, 303)
	all.post(decision, `{"decision":"approve","version":1}`).want(t, 200)
	made("late", account.DecisionsWrite).post(decision, `{"decision":"approve","version":1}`).refuses(t, 409, "already_decided")

	all.post("/api/v1/tickets/"+id+"/withdraw", "").refuses(t, 409, "already_decided")
	all.post("/api/v1/tickets/"+id+"/withdraw", "{}").refuses(t, 400, "malformed_request")
	all.post("/api/v1/tickets/"+uuid.NewString()+"/withdraw", "").refuses(t, 404, "not_found")
	back := "/api/v1/tickets/" + all.submit("u-back", "back").ID + "/withdraw"
	made("other", account.TicketsWrite).post(back, "").refuses(t, 404, "not_found")
	first := all.post(back, "").want(t, 200, `"status":"withdrawn"`)
	if again := all.post(back, "").want(t, 200); again.body != first.body {
		t.Errorf("withdrawn again: %s, want %s", again.body, first.body)
	}

	latest := all.get("/api/v1/users/u-1/latest-ticket").want(t, 200)
	all.get("/api/v1/users/u-1/latest-ticket", "If-None-Match", latest.header.Get("ETag")).want(t, 304)
	all.send("HEAD", "/api/v1/users/u-1/latest-ticket", "").want(t, 200)
	all.post("/api/v1/latest-tickets", `{"user_ids":["u-1"]}`).want(t, 200)
	for _, nowhere := range []string{"/api/", "/api/v1", "/api/v1//tickets", "/api/v1/tickets/", "/api/v1/users//tickets", "/api/v2/tickets"} {
		all.get(nowhere).refuses(t, 404, "not_found")
	}
}

func TestOpenAPI_SameForm(t *testing.T) {
	t.Parallel()
	s := start(t)
	there := beside(t, s, func(*web.Config) {})
	first := visitor(t, s.URL).get("/api/openapi.json").want(t, 200, `"full_name"`, `"underage"`)
	if same := visitor(t, there).get("/api/openapi.json"); same.body != first.body || same.header.Get("ETag") != first.header.Get("ETag") {
		t.Error("two servers with the same form describe themselves differently")
	}
	refund, err := formfile.Load("../internal/form/testdata/refund.yaml")
	if err != nil {
		t.Fatal(err)
	}
	other := beside(t, s, func(c *web.Config) { c.Form = refund })
	got := visitor(t, other).get("/api/openapi.json").want(t, 200, `"order_number"`, `"too_late"`)
	if strings.Contains(got.body, "full_name") || got.header.Get("ETag") == first.header.Get("ETag") {
		t.Error("another form is described like the first")
	}
}
