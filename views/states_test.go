package views_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/i18n"
	"docket/internal/ticket"
	"docket/views"
)

// Every page in every state that differs to the eye, with invented people.

var now = time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)

const (
	hostile    = `<script>alert("x")</script>`
	secretNote = "Note: looks like the picture from ticket 7F2A."
	agentMail  = "linh@desk.example"
)

func id(n int) uuid.UUID {
	return uuid.MustParse(fmt.Sprintf("0199c1f0-7b1e-7cc3-9a55-%012x", 0x0d0f4e1f6a10+n*7919))
}

func answers(t testing.TB, values map[string]any) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func person(t testing.TB, name, document string) json.RawMessage {
	t.Helper()
	return answers(t, map[string]any{
		"full_name": name, "full_name_latin": "Nguyen Van A", "date_of_birth": "1991-04-30", "nationality": "VNM",
		"document_type": document, "issuing_country": "VNM", "document_number": "B1234567", "issue_date": "2019-06-01",
		"expiry_date": "2029-05-31", "address": "12 Lê Lợi\nBến Nghé, Quận 1\nThành phố Hồ Chí Minh, Viet Nam",
		"phone": "+84 24 3825 1234", "email": "a.nguyen@mail.example", "consent": true,
	})
}

func waiting(t testing.TB, n int, name string, for_ time.Duration) ticket.Ticket {
	t.Helper()
	documents := []string{"passport", "national_id", "driving_licence", "residence_permit"}
	return ticket.Ticket{
		ID: id(n), UserID: fmt.Sprintf("0199c1ee-0000-7000-8000-%012x", 4711*n+7), Status: ticket.Processing, Version: 1,
		Extra: person(t, name, documents[n%len(documents)]), CreatedAt: now.Add(-for_), UpdatedAt: now.Add(-for_),
	}
}

func closed(t ticket.Ticket, d ticket.Decision) ticket.Ticket {
	d.At = now.Add(-4 * time.Minute)
	t.Status, t.Version, t.Decision, t.UpdatedAt = d.Status, 2, d, d.At
	return t
}

func people() []string {
	return []string{
		"Nguyễn Văn A", "Trần Thị Bích Ngọc", "Amara Okonkwo", "محمد عبد الله", "Søren Ågård", "Ji-woo Park", "Maria da Conceição dos Santos e Silva",
		"Oleksandr Shevchenko", "Sukarno", "Aaliyah Rahman", "山田 花子", "Þórdís Jónsdóttir", "Zoë van der Meer", hostile,
		strings.Repeat("Wolfeschlegelsteinhausenbergerdorff", 5), "Lê Quang Đức",
	}
}

func line(t testing.TB) []ticket.Ticket {
	t.Helper()
	var list []ticket.Ticket
	for i, name := range people() {
		list = append(list, waiting(t, i+1, name, time.Duration(len(people())-i)*197*time.Minute-190*time.Minute))
	}
	return list
}

type state struct {
	Name string
	Page templ.Component
	Part templ.Component
	Role string
}

func states(t testing.TB) []state {
	t.Helper()
	return statesIn(t, i18n.Of("en"))
}

// statesIn are the states for people who read this language.
func statesIn(t testing.TB, words *i18n.Words) []state {
	t.Helper()
	both := *formfile.Default()
	both.Languages = []string{"en", "vi"}
	f := both.In(words.Tag())
	out := views.Site{Form: f, Now: now, Words: words, Languages: []*i18n.Words{i18n.Of("en"), i18n.Of("vi")}, Here: "/login"}
	customer := views.Site{Form: f, Now: now, Words: words, Languages: out.Languages, Here: "/tickets", Me: views.Me{ID: "c1", Email: "a.nguyen@mail.example", Role: "customer"}}
	agent := views.Site{Form: f, Now: now, Words: words, Languages: out.Languages, Here: "/review", Me: views.Me{ID: "a1", Email: agentMail, Role: "agent"}}

	open := waiting(t, 1, people()[0], 3*time.Hour)
	reject := func(code, comment string) ticket.Ticket {
		decision, err := f.Reject(form.Rejection{Reasons: []string{code}, Comment: comment}, ticket.Agent("clerk-0042"), secretNote)
		if err != nil {
			t.Fatal(err)
		}
		return closed(open, decision)
	}
	retry, final := firstOf(f, form.Retry), firstOf(f, form.Final)
	approved := closed(open, ticket.Approve(ticket.Agent("clerk-0042"), secretNote))
	retried, ended := reject(retry.Code, retry.Text), reject(final.Code, final.Text)
	withdrawn := open
	withdrawn.Status, withdrawn.UpdatedAt, withdrawn.Version = ticket.Withdrawn, now.Add(-time.Hour), 2

	revoked := approved
	revoked.Status, revoked.Version, revoked.UpdatedAt, revoked.Decision.Note = ticket.Revoked, 3, now.Add(-time.Minute), ""
	revoked.Revocation = ticket.Revocation{By: ticket.Agent("a1"), At: revoked.UpdatedAt, Reason: retry.Code, Class: ticket.Retry, Comment: retry.Text, Note: secretNote}
	barred := revoked
	barred.Revocation.Class = ticket.Final

	var all []state
	add := func(name, role string, page, part templ.Component) {
		all = append(all, state{Name: name, Page: page, Part: part, Role: role})
	}

	login := func(name string, l views.Login) { add(name, "", views.LoginPage(out, l), views.LoginForm(out, l)) }
	login("login", views.Login{Next: "/tickets/new"})
	login("login-wrong", views.Login{Email: `a"b@mail.example`, Problem: "This e-mail and password do not go together."})
	signup := func(name string, s views.Signup) { add(name, "", views.SignupPage(out, s), views.SignupForm(out, s)) }
	signup("signup", views.Signup{})
	signup("signup-wrong", views.Signup{Email: "a@", EmailProblem: "This is not a whole e-mail address.", PasswordProblem: "Use at least 12 characters."})

	list := func(name string, v views.Tickets) {
		add(name, "customer", views.TicketsPage(customer, v), views.TicketList(customer, v))
	}
	list("tickets-none", views.Tickets{CanSubmit: true})
	list("tickets", views.Tickets{CanSubmit: true, NextURL: "/tickets?cursor=x", List: ticket.List{Tickets: []ticket.Ticket{open, approved, retried, withdrawn}}})

	customerForm := func(name string, v views.FormView) {
		v.SubmissionID = id(99).String()
		add(name, "customer", views.TicketFormPage(customer, v), views.TicketForm(customer, v))
	}
	customerForm("form", views.FormView{})
	customerForm("form-wrong", views.FormView{
		Values: form.Input{"full_name": {hostile}, "document_type": {"passport"}, "nationality": {"VNM"}, "document_number": {"x"}, "phone": {"12"}},
		Invalid: map[string]string{
			"full_name_latin": "Write your name in Latin letters, as it stands on your document", "date_of_birth": "Enter your date of birth",
			"document_number": "Write at least 4 characters", "issuing_country": "Choose the country that issued your document",
			"document_type": "Choose the type of your document", "expiry_date": "Enter the date on which your passport expires",
			"consent": "Tick the box if you agree; without your consent we cannot go on",
		},
	})
	customerForm("form-open", views.FormView{OpenTicket: &open})

	card := func(name string, v views.TicketView) {
		add(name, "customer", views.TicketPage(customer, v), views.TicketCard(customer, v))
	}
	card("ticket-processing", views.TicketView{Ticket: open})
	card("ticket-approved", views.TicketView{Ticket: approved})
	card("ticket-rejected", views.TicketView{Ticket: retried})
	card("ticket-rejected-replaced", views.TicketView{Ticket: retried, Replaced: true})
	card("ticket-rejected-final", views.TicketView{Ticket: ended})
	card("ticket-withdrawn", views.TicketView{Ticket: withdrawn})
	card("ticket-revoked", views.TicketView{Ticket: revoked})
	card("ticket-revoked-final", views.TicketView{Ticket: barred})
	card("ticket-revoked-reopened", views.TicketView{Ticket: barred, Reopened: true})
	card("ticket-late", views.TicketView{Ticket: approved, Problem: "It was approved before you withdrew it."})

	queue := func(name string, v views.QueueView) {
		v.Since, v.Until = now.AddDate(0, 0, -7), now
		add(name, "agent", views.ReviewPage(agent, v, views.QueueList(agent, v)), views.Queue(agent, v, views.QueueList(agent, v)))
	}
	full := ticket.List{Tickets: line(t)}
	queue("queue-nothing-yet", views.QueueView{
		Filter: views.Filter{Status: ticket.Rejected, Where: views.Where{Attempt: "3"}}, Since: now.AddDate(0, 0, -31), Until: now,
		List: ticket.List{Next: ticket.Cursor{At: now.AddDate(0, 0, -12)}}, NextURL: "/review?cursor=abc",
	})
	queue("queue", views.QueueView{List: full, Backlog: 12, BacklogURL: "/review?from=2026-02-04&to=2026-03-07", NextURL: "/review?cursor=abc"})
	queue("queue-empty", views.QueueView{Notice: "Nobody waits."})
	var done []ticket.Ticket
	for i, each := range full.Tickets {
		r := f.Reasons[i%len(f.Reasons)]
		done = append(done, closed(each, ticket.Reject(ticket.Agent("clerk-0042"), r.Code, r.Text, secretNote)))
	}
	queue("queue-rejected", views.QueueView{Filter: views.Filter{Status: ticket.Rejected, User: "0199", Sort: "newest", From: "2026-03-01"}, List: ticket.List{Tickets: done}, FirstURL: "/review?status=rejected"})
	queue("queue-wrong", views.QueueView{Filter: views.Filter{From: "2026-01-01", To: "2026-03-14"}, Invalid: map[string]string{"from": "At most 31 days at a time.", "cursor": "This page of the list does not exist."}})

	names := map[string]string{ticket.Agent("clerk-0042"): "minh@desk.example", ticket.Agent("a1"): agentMail, ticket.User("c1"): "a.nguyen@mail.example"}
	sent := ticket.Event{TicketID: open.ID, Version: 1, Kind: ticket.EventSubmitted, Actor: ticket.User("c1"), At: open.CreatedAt}
	review := func(name string, v views.Review) {
		v.Names, v.UserForm = names, f
		v.History = append(v.History, sent)
		if d := v.Ticket.Decision; d.By != "" {
			v.History = append(v.History, ticket.Event{TicketID: open.ID, Version: 2, Kind: ticket.EventKind(d.Status), Actor: d.By, At: d.At, Reasons: d.Reasons, Class: d.Class, Comment: d.Comment, Note: d.Note})
		}
		add(name, "agent", views.ReviewTicketPage(agent, v), views.ReviewTicket(agent, v))
	}
	before := retried
	before.ID, before.CreatedAt = id(77), now.AddDate(0, 0, -9)
	review("review", views.Review{Ticket: open, OtherTickets: []ticket.Ticket{before, withdrawn}})
	review("review-wrong", views.Review{
		Ticket: open, Typed: views.TypedDecision{Reasons: []string{retry.Code}, Comment: "Please", Note: secretNote},
		Invalid: map[string]string{"reason": "Choose why.", "comment": "Say a little more.", "note": "Too long."}, Toast: views.Toast{Text: "Approved: Ann Example.", Ticket: id(78)},
	})
	review("review-rejected", views.Review{Ticket: retried})
	review("review-approved", views.Review{Ticket: approved, OtherTickets: []ticket.Ticket{before}})
	review("review-revocable", views.Review{Ticket: approved, MayRevoke: true})
	review("review-revoke-wrong", views.Review{
		Ticket: approved, MayRevoke: true, Typed: views.TypedDecision{Note: secretNote}, Invalid: map[string]string{"reason": "Choose why.", "note": "Too long."},
	})
	review("review-revoked", views.Review{Ticket: revoked, OtherTickets: []ticket.Ticket{before, barred}})
	review("review-late", views.Review{Ticket: approved, Conflict: true, Typed: views.TypedDecision{Reasons: []string{retry.Code}, Comment: retry.Text, Note: "Name on the back differs."}})
	review("review-stale", views.Review{Ticket: open, Conflict: true, Typed: views.TypedDecision{Comment: "Kept."}})
	review("review-mine", views.Review{Ticket: open, HeldByMe: true, HeldUntil: now.Add(10 * time.Minute)})
	review("review-held", views.Review{Ticket: open, HeldBy: "minh@desk.example", HeldUntil: now.Add(7 * time.Minute), Conflict: true, Typed: views.TypedDecision{Note: "Typed in vain."}})
	review("review-pending", views.Review{
		Ticket: open, Pending: &views.PendingDecision{Status: ticket.Approved, Mine: true, By: "minh@desk.example", Left: 7 * time.Second},
		Toast: views.Toast{Text: "Rejected: Ann Example.", Ticket: id(78), Pending: true, Left: 3 * time.Second},
	})
	review("review-pending-held", views.Review{
		Ticket: open, Conflict: true, Typed: views.TypedDecision{Note: "Typed in vain."},
		Pending: &views.PendingDecision{Status: ticket.Rejected, By: "minh@desk.example", Left: 7 * time.Second},
	})
	review("review-undo-late", views.Review{Ticket: approved, Conflict: true, UndoLate: true})
	review("review-own", views.Review{Ticket: open, Own: true})
	wild := open
	wild.UserID = strings.Repeat("x", 128)
	wild.Extra = answers(t, map[string]any{"full_name": people()[14], "full_name_latin": hostile, "address": strings.Repeat("lorem ipsum ", 60), "gone_from_the_form": map[string]any{"a": 1}})
	review("review-long", views.Review{Ticket: wild})

	addNumbers(agent, add)

	p := views.Problem{Title: words.T("problem.no_page.title"), Detail: words.T("problem.no_page.detail"), RequestID: "0199c1f0-7b1e", Back: "/tickets"}
	add("error", "", views.ErrorPage(out, p), views.ErrorNote(out, p))
	return all
}

func firstOf(f *form.Form, class form.Class) form.Reason {
	for _, r := range f.Reasons {
		if r.Class == class {
			return r
		}
	}
	return form.Reason{}
}
