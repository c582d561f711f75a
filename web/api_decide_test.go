package web_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
	"docket/web"
)

func now() time.Time { return time.Now() }

func TestDecide_RepeatedByKey(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := programs(t, s)
	p, other := made("rules", account.Scopes...), made("late", account.DecisionsWrite, account.LatestRead)
	id := p.submit("u-1", "one").ID
	const approve = `{"decision":"approve","version":1,"note":" looks \r\n good "}`
	path := "/api/v1/tickets/" + id
	first := p.post(path+"/decision", approve).want(t, 200)
	got := read[ticketSeen](t, first)
	if got.Status != "approved" || got.DecidedBy != "key:rules" || got.Version != 2 {
		t.Errorf("decided %+v", got)
	}
	if kept, err := s.Instances[0].Desk.Ticket(t.Context(), uuid.MustParse(id)); err != nil || kept.Decision.Note != "looks \n good" {
		t.Errorf("the note is kept as %q, %v", kept.Decision.Note, err)
	}
	for range 2 {
		if again := p.post(path+"/decision", approve).want(t, 200); again.body != first.body {
			t.Errorf("the repeated decision is answered\n%s\nand the first\n%s", again.body, first.body)
		}
	}
	for _, late := range []reply{
		other.post(path+"/decision", approve),
		p.post(path+"/decision", `{"decision":"approve","version":1,"note":"in other words"}`),
		p.post(path+"/decision", `{"decision":"reject","version":2,"reason":"underage"}`),
	} {
		if problem := late.refuses(t, 409, "already_decided"); problem.Ticket.ID != id || problem.Ticket.DecidedBy != "key:rules" {
			t.Errorf("shown %+v", problem.Ticket)
		}
	}
	history := read[ticketSeen](t, p.get(path)).History
	if want := "[{submitted key:rules} {approved key:rules}]"; fmt.Sprint(history) != want {
		t.Errorf("history %v, want %s", history, want)
	}
	other.get("/api/v1/users/u-1/latest-ticket", "Cache-Control", "no-cache").want(t, 200, `"ticket_id":"`+id+`"`, `"decided_by":"key:rules"`)
}

// TestDecide_WithoutRead decides with a key that may not read tickets: no answer has what the user sent or reads.
func TestDecide_WithoutRead(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := programs(t, s)
	all, blind := made("all", account.Scopes...), made("blind", account.DecisionsWrite)
	const comment = "CANARY-COMMENT"
	id := all.submit("u-1", "one").ID
	path := "/api/v1/tickets/" + id + "/decision"
	const reject = `{"decision":"reject","version":1,"reason":"underage","comment":"` + comment + `"}`
	answers := []reply{blind.post(path, `{"decision":"approve","version":7}`)}
	answers[0].refuses(t, 409, "stale_version")
	answers = append(answers, blind.post(path, reject).want(t, 200), blind.post(path, reject).want(t, 200))
	late := made("late", account.DecisionsWrite).post(path, reject)
	late.refuses(t, 409, "already_decided")
	for _, got := range append(answers, late) {
		for _, secret := range []string{"extra", "full_name", "B1234567", "reject_comment", comment} {
			if strings.Contains(got.body, secret) {
				t.Errorf("a key without tickets:read is shown %s:\n%s", secret, got.body)
			}
		}
		if !strings.Contains(got.body, id) {
			t.Errorf("the answer does not name the ticket:\n%s", got.body)
		}
	}
	if got := all.post(path, reject); !strings.Contains(got.body, comment) || !strings.Contains(got.body, "B1234567") {
		t.Errorf("a key with tickets:read is not shown the ticket:\n%s", got.body)
	}
}

func TestDecide_ReasonOfTheForm(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := programs(t, s)("rules", account.Scopes...)
	text := "You are not old enough"
	for i, test := range []struct{ fields, comment string }{
		{`"reason":"underage"`, text},
		{`"reason":"underage","comment":" "`, text},
		{`"reason":"underage","comment":"Come back in May."`, "Come back in May."},
		{`"reason":"other","comment":"e\u0301crit"`, "écrit"},
	} {
		id := p.submit("u-1"+strings.Repeat("x", i), fmt.Sprint(i)).ID
		p.post("/api/v1/tickets/"+id+"/decision", `{"decision":"reject","version":1,`+test.fields+`}`).
			want(t, 200, `"reject_comment":"`+test.comment, `"status":"rejected"`)
		p.get("/api/v1/tickets/"+id).want(t, 200, `"kind":"rejected"`, `"comment":"`+test.comment)
	}
	p.get("/api/v1/users/u-1/latest-ticket").refuses(t, 404, "no_approved_ticket")
}

func TestDecide_InvalidFields(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := programs(t, s)("rules", account.Scopes...)
	id := p.submit("u-1", "one").ID
	for body, fields := range map[string][]string{
		`{}`:                                                                        {"decision required", "version required"},
		`{"decision":null,"version":null}`:                                          {"decision wrong_type", "version wrong_type"},
		`{"decision":"withdraw","version":1}`:                                       {"decision not_an_option"},
		`{"decision":"Approve","version":1}`:                                        {"decision not_an_option"},
		`{"decision":"approve","version":"1"}`:                                      {"version wrong_type"},
		`{"decision":"approve","version":1.0}`:                                      {"version wrong_type"},
		`{"decision":"approve","version":1e0}`:                                      {"version wrong_type"},
		`{"decision":"approve","version":0}`:                                        {"version wrong_type"},
		`{"decision":"approve","version":-1}`:                                       {"version wrong_type"},
		`{"decision":"approve","version":9223372036854775808}`:                      {"version wrong_type"},
		`{"decision":"approve","version":1,"reason":"underage"}`:                    {"reason unexpected"},
		`{"decision":"approve","version":1,"reason":"","comment":""}`:               {"comment unexpected", "reason unexpected"},
		`{"decision":"approve","version":1,"decided_by":"me"}`:                      {"decided_by unknown_field"},
		`{"decision":"approve","version":1,"note":1}`:                               {"note wrong_type"},
		`{"decision":"approve","version":1,"note":"` + long(4001) + `"}`:            {"note too_long"},
		`{"decision":"approve","version":1,"note":"a\u202eb"}`:                      {"note bad_characters"},
		`{"decision":"reject","version":1}`:                                         {"reason required"},
		`{"decision":"reject","version":1,"reason":""}`:                             {"reason not_an_option"},
		`{"decision":"reject","version":1,"reason":"bogus","comment":"x"}`:          {"reason not_an_option"},
		`{"decision":"reject","version":1,"reason":1}`:                              {"reason wrong_type"},
		`{"decision":"reject","version":1,"reason":"other"}`:                        {"comment required"},
		`{"decision":"reject","version":1,"reason":"other","comment":"\n "}`:        {"comment required"},
		`{"decision":"reject","version":1,"reason":"underage","comment":["x"]}`:     {"comment wrong_type"},
		`{"decision":"reject","version":1,"reason":"underage","comment":"a\u0007"}`: {"comment bad_characters"},
	} {
		p.post("/api/v1/tickets/"+id+"/decision", body).refuses(t, 422, "invalid", fields...)
	}
	for _, nobody := range []string{"1", strings.ToUpper(id), id + "0", "%00", "{" + id + "}", "urn:uuid:" + id} {
		p.post("/api/v1/tickets/"+nobody+"/decision", `{"decision":"approve","version":1}`).refuses(t, 404, "not_found")
		p.get("/api/v1/tickets/"+nobody).refuses(t, 404, "not_found")
	}
	p.get("/api/v1/tickets/"+id).want(t, 200, `"status":"processing"`, `"version":1`)
	p.post("/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":1,"note":"`+long(4000)+`"}`).want(t, 200)
}

func long(n int) string { return strings.Repeat("ü", n) }

func TestDecide_Withdrawn(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := programs(t, s)("rules", account.Scopes...)
	customer, user := signedIn(t, s, "customer", account.Customer)
	id := customer.submit(someID)
	customer.post("/tickets/"+id+"/withdraw", nil).want(t, 303)
	got := p.post("/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":2}`).refuses(t, 409, "already_decided")
	if got.Ticket.Status != "withdrawn" {
		t.Errorf("shown %+v", got.Ticket)
	}
	p.get("/api/v1/tickets/"+id).want(t, 200, `"kind":"withdrawn"`, `"actor":"user:`+user)
	p.get("/api/v1/users/"+user+"/tickets").want(t, 200, id)
}

func TestNote_NotInAnswers(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := programs(t, s)
	decider, reader := made("rules", account.Scopes...), made("reader", account.TicketsRead, account.LatestRead, account.TicketsWrite)
	id := reader.submit("u-1", "one").ID
	decider.post("/api/v1/tickets/"+id+"/decision", `{"decision":"reject","version":1,"reason":"underage","note":"CANARY"}`).want(t, 200)
	for _, path := range []string{"/api/v1/tickets/" + id, "/api/v1/users/u-1/tickets", "/api/v1/tickets?status=rejected"} {
		for _, who := range []program{decider, reader} {
			if got := who.get(path).want(t, 200, id); strings.Contains(got.body, "CANARY") || strings.Contains(got.body, `"note"`) {
				t.Errorf("%s shows the note: %s", path, got.body)
			}
		}
	}
	again := reader.post("/api/v1/tickets", submission("u-1"), "Idempotency-Key", "one").want(t, 201)
	if strings.Contains(again.body, "CANARY") {
		t.Errorf("a repeated submission shows the note: %s", again.body)
	}
}

func TestLatest_FreshAcrossInstances(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.NewWithReplica(t))
	p := programs(t, s)("all", account.Scopes...)
	there := p.at(s.URLs[1])
	for i := range 10 {
		id := p.submit("u-1", fmt.Sprint(i)).ID
		there.get("/api/v1/tickets/"+id).want(t, 200, id, `"kind":"submitted"`) // a replica that lags is no missing row
		p.post("/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":1}`).want(t, 200)
		fresh := []string{"Cache-Control", "max-age=0, No-Cache"}
		there.get("/api/v1/tickets/"+id, fresh...).want(t, 200, `"status":"approved"`, `"kind":"approved"`)
		there.get("/api/v1/users/u-1/latest-ticket", fresh...).want(t, 200, id)
		if got := read[listSeen](t, there.get("/api/v1/users/u-1/tickets", fresh...)); got.Items[0].ID != id || got.Items[0].Status != "approved" {
			t.Errorf("newest is %+v, want %s", got.Items[0], id)
		}
		if got := read[ticketSeen](t, there.get("/api/v1/tickets/"+id)); int64(len(got.History)) != got.Version {
			t.Errorf("version %d with a history of %d", got.Version, len(got.History))
		}
	}
}

// uneven is a desk whose ordinary reads come from replicas that are not equally far: one of history lags behind, or
// one of tickets does.
type uneven struct {
	ticket.Desk
	oldTicket, oldHistory bool
}

func (u uneven) Ticket(ctx context.Context, id uuid.UUID) (ticket.Ticket, error) {
	t, err := u.Desk.Ticket(ctx, id)
	if u.oldTicket {
		t.Status, t.Version, t.Decision = ticket.Processing, 1, ticket.Decision{}
	}
	return t, err
}

func (u uneven) History(ctx context.Context, id uuid.UUID) ([]ticket.Event, error) {
	events, err := u.Desk.History(ctx, id)
	if u.oldHistory && !ticket.IsFresh(ctx) {
		events = events[:1]
	}
	return events, err
}

func TestTicket_HistoryOfTheSameVersion(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := programs(t, s)("all", account.Scopes...)
	id := p.submit("u-1", "one").ID
	p.post("/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":1}`).want(t, 200)
	for want, desk := range map[int]uneven{1: {oldTicket: true}, 2: {oldHistory: true}} {
		url := beside(t, s, func(c *web.Config) { desk.Desk = c.Desk; c.Desk = desk })
		got := read[ticketSeen](t, p.at(url).get("/api/v1/tickets/"+id).want(t, 200))
		if int(got.Version) != want || len(got.History) != want {
			t.Errorf("version %d with a history of %d, want %d", got.Version, len(got.History), want)
		}
	}
}
