package e2e

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"github.com/jackc/pgx/v5"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

// startSite runs a ticket system with the built-in form, a primary and a replica.
func startSite(t *testing.T) *testsite.Site {
	t.Helper()
	return testsite.Start(t, builtInForm(), 1, testdb.NewWithReplica(t))
}

// openAsCustomer adds a customer and opens the site as them.
func openAsCustomer(t *testing.T, s *testsite.Site, name string, options ...option) (p *page, user string) {
	t.Helper()
	return openAs(t, s, name, account.Customer, options...)
}

// openAsAgent adds an agent and opens the site as them. The queue that they see first has every ticket there is.
func openAsAgent(t *testing.T, s *testsite.Site, name string, options ...option) *page {
	t.Helper()
	waitForReplica(t, s)
	p, _ := openAs(t, s, name, account.Agent, options...)
	return p
}

// waitForReplica waits until the replica, if there is one, has all that was written.
func waitForReplica(t *testing.T, s *testsite.Site) {
	t.Helper()
	if s.DB.Replica == "" {
		return
	}
	var written string
	if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT pg_current_wal_flush_lsn()::text").Scan(&written); err != nil {
		t.Fatal(err)
	}
	replica, err := pgx.Connect(t.Context(), s.DB.Replica)
	if err != nil {
		t.Fatal(err)
	}
	defer replica.Close(context.WithoutCancel(t.Context()))
	for there := false; !there; {
		if err := replica.QueryRow(t.Context(), "SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn", written).Scan(&there); err != nil {
			t.Fatal(err)
		}
	}
}

func openAs(t *testing.T, s *testsite.Site, name string, role account.Role, options ...option) (p *page, id string) {
	t.Helper()
	email, id := s.Account(t, name, role)
	p = open(t, s.URL, options...)
	p.signIn(email)
	return p, id
}

// signIn signs in and waits for the page after it: a browser that leaves before the answer has no session.
func (p *page) signIn(email string) {
	p.t.Helper()
	p.at("/login")
	p.fill("E-mail", email)
	p.fill("Password", testsite.Password)
	p.press("Sign in")
	p.at("/(tickets|review)")
}

// fillIn answers what the built-in form asks of everybody.
func (p *page) fillIn() {
	p.t.Helper()
	p.fill("Full name", "Nguyễn Văn A")
	p.fillDate("Date of birth", "1990-01-31")
	p.choose("Nationality", "Vietnam")
	p.tick("Passport")
	p.choose("Issuing country", "Vietnam")
	p.fill("Document number", "B1234567")
	p.fill("Date of expiry (optional)", "2040-01-01")
	p.tick("I agree that my details are used to verify my identity")
}

// fillDate types the day, the month and the year of a date.
func (p *page) fillDate(label, date string) {
	p.t.Helper()
	group := p.byRole(*playwright.AriaRoleGroup, label)
	for i, part := range []string{"Year", "Month", "Day"} {
		field := group.GetByLabel(part, playwright.LocatorGetByLabelOptions{Exact: new(true)})
		p.must(field.Fill(strings.Split(date, "-")[i], playwright.LocatorFillOptions{Timeout: timeout()}), "fill the %s of %q", part, label)
	}
}

// submit sends the built-in form and waits for the ticket.
func (p *page) submit() {
	p.t.Helper()
	p.visit("/tickets/new")
	p.fillIn()
	p.press(builtInForm().Submit)
	p.at("/tickets/[0-9a-f-]{36}")
	p.seeHeading("In review")
}

// latestApproved asks for the user's latest approved ticket as another system does; nil when there is none.
func latestApproved(t *testing.T, s *testsite.Site, user string, query ...string) map[string]any {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/api/v1/users/"+user+"/latest-ticket"+strings.Join(query, ""), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.Key(t, "reader-"+rand.Text(), account.LatestRead))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusNotFound {
		return nil
	}
	var found map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&found); err != nil {
		t.Fatal(err)
	}
	return found
}

func builtInForm() *form.Form { return testsite.Form() }

// waitForKeys waits until a key press may decide. Right after a ticket appears keys do nothing: they may be meant for the one before.
func (p *page) waitForKeys() {
	p.t.Helper()
	_, err := p.Evaluate(`() => new Promise((done) => setTimeout(done, 700))`)
	p.must(err, "wait for the page to settle")
}

// submitMany submits a ticket for each of n customers.
func submitMany(t *testing.T, s *testsite.Site, n int) {
	t.Helper()
	f := builtInForm()
	for i := range n {
		answers, err := f.Check(form.Input{
			"full_name": {fmt.Sprint("Trần Thị ", i+1)}, "date_of_birth": {"1990-01-31"}, "nationality": {"VNM"},
			"document_type": {"national_id"}, "issuing_country": {"VNM"}, "document_number": {fmt.Sprint("C", 1000000+i)},
			"address": {"12 Nguyễn Huệ\nQuận 1\nThành phố Hồ Chí Minh"}, "consent": {"true"},
		}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		user := fmt.Sprint("user-", i)
		if _, err := s.Instances[0].Desk.Submit(t.Context(), ticket.Submission{
			UserID: user, By: ticket.User(user), Key: user, Extra: answers.JSON(), FormVersion: f.Version, OneOpen: f.OneOpen,
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// A browser that keeps no cookies says so, where signing in would only show the same form again.
func TestSignIn_NoCookies(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	for _, path := range []string{"/login", "/signup"} {
		p := open(t, s.URL+path)
		p.waitForScripts()
		p.seeNoText("keeps no cookies")
		session, err := p.Context().NewCDPSession(p.Page)
		p.must(err, "reach the browser")
		_, err = session.Send("Emulation.setDocumentCookieDisabled", map[string]any{"disabled": true})
		p.must(err, "switch cookies off")
		p.visit(path)
		p.seeText("keeps no cookies")
	}
}
