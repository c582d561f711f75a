package e2e

import (
	"image"
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/form/formfile"
	"docket/internal/testkit/testpicture"
)

func TestJourney_Approve(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	customer, user := openAsCustomer(t, s, "customer", phone)
	customer.seeText("My tickets")
	customer.submit()
	agent := openAsAgent(t, s, "agent")
	agent.seeHeading("Queue")
	agent.press("Take next N")
	agent.at("/review/[0-9a-f-]{36}")
	agent.seeText("B1234567")
	agent.fill("Internal note (optional)", "Checked by telephone")
	agent.press("Approve A")
	agent.at("/review")
	agent.seeText("Approved: Nguyễn Văn A")
	agent.seeText("No ticket is waiting that you can take.")

	customer.Reload()
	customer.seeHeading("Approved")
	customer.seeNoText("Checked by telephone")
	if found := latestApproved(t, s, user); found["extra"].(map[string]any)["full_name"] != "Nguyễn Văn A" {
		t.Errorf("the JSON says %v, want the approved ticket", found)
	}
}

func TestJourney_RejectAndResubmit(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	customer, user := openAsCustomer(t, s, "customer", phone)
	customer.submit()
	agent := openAsAgent(t, s, "agent")
	agent.follow("Nguyễn Văn A")
	agent.at("/review/[0-9a-f-]{36}")
	reason, _ := formfile.Default().Reason("name_mismatch")
	agent.tick(reason.Label)
	agent.seeValue("Text for the user", reason.Text)
	agent.fill("Text for the user", "Please write your name as in the passport.")
	agent.fill("Internal note (optional)", "CANARY")
	agent.press("Reject")
	agent.seeText("CANARY")
	agent.seeText("Please write your name as in the passport.")

	customer.Reload()
	customer.seeHeading("Please put something right")
	customer.seeText("Please write your name as in the passport.")
	customer.seeNoText("CANARY")
	if found := latestApproved(t, s, user); found != nil {
		t.Errorf("the JSON says %v, want nothing", found)
	}
	customer.follow("Fix and send again")
	customer.seeValue("Full name", "Nguyễn Văn A")
	customer.seeText("Please write your name as in the passport.")
	customer.fill("Full name", "Nguyễn Văn An")
	customer.press(formfile.Default().Submit)
	customer.seeHeading("In review")
}

func TestReview_ConcurrentAgents(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	customer, _ := openAsCustomer(t, s, "customer")
	customer.submit()
	one, two := openAsAgent(t, s, "agent-one"), openAsAgent(t, s, "agent-two")
	for _, agent := range []*page{one, two} {
		agent.follow("Nguyễn Văn A")
		agent.seeHeading("Nguyễn Văn A")
	}
	one.press("Approve A")
	one.seeHeading("Approved")
	two.tick(mismatchReason().Label)
	two.fill("Internal note (optional)", "My careful note")
	two.expectStatus(409)
	two.press("Reject")
	two.seeText("Somebody decided this ticket before you")
	two.seeText("agent-one@example.com")
	two.seeValue("Internal note", "My careful note")
	two.shot("review-conflict")
	axe(t, two)
}

func TestJourney_WithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	customer, user := openAsCustomer(t, s, "customer", noScript, phone)
	customer.visit("/tickets/new")
	customer.fill("Full name", "Nguyễn Văn A")
	customer.expectStatus(422)
	customer.press(formfile.Default().Submit)
	customer.seeText("Enter your date of birth")
	customer.seeValue("Full name", "Nguyễn Văn A")
	customer.submit()
	agent := openAsAgent(t, s, "agent", noScript)
	agent.press("Take next")
	agent.tick(mismatchReason().Label)
	agent.press("Reject")
	agent.seeText("Rejected: Nguyễn Văn A")
	customer.Reload()
	customer.seeHeading("Please put something right")
	customer.seeText(mismatchReason().Text[:30])
	customer.resubmitName()
	agent.press("Take next")
	agent.press("Approve")
	agent.seeText("Approved: Nguyễn Văn A")
	customer.Reload()
	customer.seeHeading("Approved")
	if latestApproved(t, s, user) == nil {
		t.Error("the JSON knows of no approval")
	}
	customer.press("Sign out")
	customer.at("/login")
}

func TestReview_KeyboardOnly(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	for _, name := range []string{"ann", "bob", "cid"} {
		customer, _ := openAsCustomer(t, s, name)
		customer.submit()
	}
	agent := openAsAgent(t, s, "agent")
	agent.must(agent.expect.Locator(agent.Locator("[data-row]")).ToHaveCount(3), "see the tickets")
	agent.keys("j", "j", "k", "Enter") // down, down, up: the first
	agent.at("/review/[0-9a-f-]{36}")
	agent.seeHeading("Nguyễn Văn A")
	agent.keys("u")
	agent.seeHeading("Queue")
	agent.keys("n")
	agent.seeText("Put back")
	agent.waitForKeys()
	agent.keys("a")
	agent.seeText("Approved: Nguyễn Văn A")
	agent.seeText("Put back")
	agent.keys("r", "2", "3", "a", "2", "1") // by one key each, and back by the same; nothing is approved there
	first, third := formfile.Default().Reasons[0], formfile.Default().Reasons[2]
	agent.seeValue("Text for the user", first.Text+"\n\n"+third.Text)
	agent.seeText("You can put it right and send it again.")
	last := agent.GetByLabel("Something else", playwright.PageGetByLabelOptions{Exact: new(true)})
	agent.keys("v") // the thirtieth
	agent.must(agent.expect.Locator(last).ToBeChecked(), "see the last reason chosen")
	agent.keys("Enter") // it has no text: the agent is led to write one
	agent.must(agent.expect.Locator(agent.field("Text for the user")).ToBeFocused(), "be asked for a text")
	agent.keys("Escape", "r", "v", "3", "0") // the tenth
	agent.must(agent.expect.Locator(last).Not().ToBeChecked(), "see it not chosen any more")
	agent.keys("0", "/")
	agent.Keyboard().Type("damaged")
	agent.keys("Enter", "Enter")
	agent.seeText("Rejected: Nguyễn Văn A")
	agent.tabTo("Internal note (optional)")
	agent.Keyboard().Type("aru") // letters in a field are letters
	agent.seeValue("Internal note (optional)", "aru")
	agent.keys("Escape")
	agent.waitForKeys()
	agent.keys("a")
	agent.seeText("No ticket is waiting that you can take.")
}

func TestReview_RejectInThreeKeys(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	customer, _ := openAsCustomer(t, s, "customer")
	customer.submit()
	agent := openAsAgent(t, s, "agent")
	agent.press("Take next N")
	agent.seeText("Put back")
	agent.must(agent.expect.Locator(agent.field("Text for the user")).Not().ToBeVisible(), "see no text before a reason is chosen")
	agent.keys("r", "7")
	agent.seeValue("Text for the user", mismatchReason().Text)
	agent.keys("Enter")
	agent.seeText("Rejected: Nguyễn Văn A")
	customer.Reload()
	customer.seeText(mismatchReason().Text[:30])
}

func TestReview_ReasonsThatFitComeFirst(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := openAsAgent(t, s, "agent")
	p.visit(submitPhotos(t, s, "ann", "Anna Maria Eriksson", map[string]*image.RGBA{
		"document_front": testpicture.Front(testpicture.Anna, 1600), "selfie": testpicture.Blurred(testpicture.Selfie(testpicture.Anna, 1200), 0.02),
	}))
	first := p.Locator(".choices > div").First()
	p.must(p.expect.Locator(first.Locator("h3")).ToHaveText("Fits what was measured"), "see what fits first")
	p.must(p.expect.Locator(first.Locator("label")).ToHaveText([]string{"Face not clear"}), "see the reason that fits")
	heights, err := p.Locator(".reason").EvaluateAll(`(rows) => Math.max(...rows.map((row) => row.clientHeight))`)
	p.must(err, "measure the reasons")
	if high, ok := heights.(int); !ok || high > 34 {
		t.Errorf("a reason is %v pixels high, want one line", heights)
	}
	p.look("review-reasons-fit")
	p.keys("r", "6", "Enter")
	p.seeText("Rejected by")
}

func TestSubmit_KeyboardOnly(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	customer, _ := openAsCustomer(t, s, "customer")
	customer.tabTo("New ticket")
	customer.keys("Enter")
	customer.at("/tickets/new")
	customer.tabTo("Passport")
	customer.keys("Space")
	for _, field := range []struct{ label, typed string }{
		{"Full name", "Nguyễn Văn A"},
		{"Day", "31"},
		{"Month", "1"},
		{"Year", "1990"},
		{"Nationality", "Vietnam"},
		{"Document number", "B1234567"},
		{"Date of expiry (optional)", "01012040"},
	} {
		customer.tabTo(field.label)
		customer.Keyboard().Type(field.typed)
	}
	customer.tabTo("I agree that my details are used to verify my identity")
	customer.keys("Space")
	customer.tabTo(formfile.Default().Submit)
	customer.keys("Enter")
	customer.seeHeading("In review")
}

func TestSubmit_ConnectionLost(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	customer, _ := openAsCustomer(t, s, "customer", phone)
	customer.visit("/tickets/new")
	customer.fillIn()
	customer.must(customer.Context().SetOffline(true), "cut the connection")
	customer.press(formfile.Default().Submit)
	customer.seeText("No connection. Nothing is lost: try again.")
	customer.problems() // the browser reports the lost connection, as it should
	customer.seeValue("Full name", "Nguyễn Văn A")
	customer.shot("form-offline")
	customer.must(customer.Context().SetOffline(false), "restore the connection")
	customer.press(formfile.Default().Submit)
	customer.seeHeading("In review")
}

func TestQueue_UpdatesItself(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	agent := openAsAgent(t, s, "agent")
	agent.seeText("Nothing is waiting.")
	customer, _ := openAsCustomer(t, s, "customer")
	customer.submit()
	agent.seeText("Nguyễn Văn A")
	customer.must(customer.GetByText("Withdraw this ticket").Click(), "open the question")
	customer.press("Yes, withdraw it")
	customer.seeHeading("Withdrawn")
	agent.seeText("Nothing is waiting.")
}
