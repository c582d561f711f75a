package e2e

import (
	"fmt"
	"testing"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// seeTicket waits until the page of the ticket of the n-th customer of submitMany is shown and takes keys.
func (p *page) seeTicket(n int) {
	p.t.Helper()
	p.seeHeading(fmt.Sprint("Trần Thị ", n))
	p.seeText("Yours while this page is open.")
	p.waitForKeys()
}

// TestWork_TwentyByKeyboard works off twenty tickets without a mouse, in every way that a ticket can go.
func TestWork_TwentyByKeyboard(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 1, testdb.New(t))
	submitMany(t, s, 20)
	s.Account(t, "colleague", account.Agent)
	p := openAsAgent(t, s, "agent")
	p.seeHeading("Queue")
	p.keys("n")
	for n := 1; n <= 20; n++ {
		p.seeTicket(n)
		switch n {
		case 3:
			p.keys("s")
			p.seeText("Skipped: Trần Thị 3.")
		case 5:
			p.keys("l")
			p.Keyboard().Type("the bank answers")
			p.look("review-snooze")
			p.keys("Enter")
			p.seeText("Snoozed: Trần Thị 5.")
		case 7:
			p.keys("t")
			p.Keyboard().Type("colleague@example.com")
			p.look("review-hand-over")
			p.keys("Enter")
			p.seeText("Handed over: Trần Thị 7.")
		case 9:
			p.keys("m")
			p.Keyboard().Type("a second look")
			p.keys("Tab", "Enter")
			p.seeText("Comment added: Trần Thị 9.")
			p.seeText("a second look")
			p.waitForKeys()
			p.keys("a")
		case 11, 13:
			p.keys("r", "7", "Enter")
			p.seeText(fmt.Sprint("Rejected: Trần Thị ", n))
		case 15:
			p.keys("p")
			p.seeText("Put back: Trần Thị 15.")
			p.seeHeading("Queue")
			p.keys("n")
			p.seeTicket(n)
			p.keys("a")
		default:
			p.keys("a")
		}
	}
	p.seeText("No ticket is waiting that you can take.")
	p.visit(s.URL + "/review?tab=snoozed")
	p.look("queue-snoozed")
	var left int
	err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT count(*) FROM tickets WHERE status = 'processing'").Scan(&left)
	if err != nil || left != 3 {
		t.Errorf("%d tickets are open, %v; want the skipped, the snoozed and the handed over one", left, err)
	}
}

// TestWork_ColleagueWhileTyping types while a colleague looks at the ticket, takes it and decides it.
func TestWork_ColleagueWhileTyping(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.New(t))
	submitMany(t, s, 1)
	p := openAsAgent(t, s, "agent")
	p.follow("Trần Thị 1")
	p.seeHeading("Trần Thị 1")
	path := p.URL()[len(s.URL):]
	colleague := openAsAgent(t, &testsite.Site{DB: s.DB, URL: s.URLs[1], URLs: s.URLs[1:], Instances: s.Instances[1:], Log: s.Log}, "colleague")
	colleague.visit(path)
	p.seeText("colleague@example.com is looking at this, too.")
	p.look("review-looking")
	colleague.seeText("agent@example.com is looking at this, too.")
	colleague.tick(mismatchReason().Label) // who begins to decide a ticket holds it
	colleague.seeText("Yours while this page is open.")
	p.seeText("Only colleague@example.com can decide this ticket now.")
	note := p.field("Internal note (optional)")
	p.must(note.Focus(), "go to the note")
	p.Keyboard().Type("half a sen")
	colleague.press("Reject")
	p.seeText("Rejected by colleague@example.com")
	p.Keyboard().Type("tence")
	p.must(p.expect.Locator(note).ToBeFocused(), "still be in the note")
	p.seeValue("Internal note (optional)", "half a sentence")
	p.look("review-overtaken")
	p.expectStatus(409)
	p.press("Approve A")
	p.seeText("Somebody decided this ticket before you")
	p.seeText("half a sentence")
}

func TestWork_WithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 1, testdb.New(t))
	submitMany(t, s, 4)
	p := openAsAgent(t, s, "agent", noScript)
	p.press("Take next")
	p.press("Skip")
	p.seeText("Skipped: Trần Thị 1.")
	p.must(p.Locator("summary:has-text('Later')").Click(), "open the form to snooze")
	p.fill("What it waits for", "the bank")
	p.press("In 4 hours")
	p.seeText("Snoozed: Trần Thị 2.")
	p.must(p.Locator("summary:has-text('Comment')").Click(), "open the form to comment")
	p.must(p.Locator("#comment-text").Fill("seen"), "comment")
	p.press("Add comment")
	p.seeText("Comment added: Trần Thị 3.")
	p.must(p.Locator("summary:has-text('Hand over')").Click(), "open the form to hand over")
	p.fill("To whom (e-mail address or team)", "nobody")
	p.expectStatus(422)
	p.must(p.Locator(".work details[open] button").First().Click(), "hand it over")
	p.seeText("No agent and no team has this name.")
	p.press("Put back")
	p.seeText("Put back: Trần Thị 3.")
	p.must(p.Locator(".tabs a:has-text('Snoozed')").Click(), "open what is snoozed") // its name has a count, which comes a second later
	p.seeText("the bank")
	p.press("Wake it now")
	p.seeText("No ticket is snoozed.")
	for range 3 {
		p.visit(s.URL + "/review")
		p.press("Take next")
	}
	p.visit(s.URL + "/review?tab=mine")
	p.must(p.expect.Locator(p.Locator("[data-row]")).ToHaveCount(3), "hold three")
	p.visit(s.URL + "/review")
	p.expectStatus(409)
	p.press("Take next")
	p.seeText("You hold three tickets.")
}
