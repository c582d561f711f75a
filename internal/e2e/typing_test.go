package e2e

import (
	"net/http"
	"sync"
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// heldBack holds requests to a path back until they are released; arrived says that one has come.
func heldBack(path string) (intercept func(http.ResponseWriter, *http.Request) bool, arrived <-chan struct{}, release func()) {
	came, goOn := make(chan struct{}, 9), make(chan struct{})
	return func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost && r.URL.Path == path && r.Header.Get("Docket-Background") == "" {
			came <- struct{}{}
			<-goOn
		}
		return false
	}, came, sync.OnceFunc(func() { close(goOn) })
}

// What is typed while the form is sent is still there when the answer says what is wrong, and so is the focus.
func TestTyping_WhileFormIsSent(t *testing.T) {
	t.Parallel()
	intercept, arrived, release := heldBack("/tickets")
	defer release()
	p, _ := openAsCustomer(t, startBehind(t, intercept), "customer", phone)
	p.visit("/tickets/new")
	p.expectStatus(422)
	p.press("Send")
	<-arrived
	p.fill("Full name", "Nguyễn Văn A")
	release()
	p.seeText("Please look at")
	p.seeValue("Full name", "Nguyễn Văn A")
	p.must(p.expect.Locator(p.field("Full name")).ToBeFocused(), "see the focus where it was")
	p.seeText("Please look at 1 answer again") // the name is mended
	p.visit("/tickets/new")
	p.seeValue("Full name", "Nguyễn Văn A")
}

const slowForm = `name: slow
title: A trip
fields:
  - {name: who, label: Traveller, required: true}
  - {name: by, label: Means of transport, type: choice, required: true, options: [{value: car, label: Car}, {value: plane, label: Plane}]}
  - {name: plate, label: Number plate, when: by == 'car'}
  - {name: front, label: Front of the document, type: image}
`

func openSlowForm(t *testing.T) (*page, *testsite.Site) {
	t.Helper()
	f, err := formfile.Parse([]byte(slowForm))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	p, _ := openAsCustomer(t, s, "customer", phone)
	return p, s
}

// holdScriptBack has the script of the next page arrive when it is released.
func (p *page) holdScriptBack() (release func()) {
	p.t.Helper()
	goOn := make(chan struct{})
	p.must(p.Route("**/static/app.*.js", func(r playwright.Route) {
		go func() {
			<-goOn
			_ = r.Continue() // the page may be gone
		}()
	}), "hold the script back")
	return sync.OnceFunc(func() { close(goOn) })
}

// What is typed, chosen and picked before a slow script is there is saved, asked about and sent once it is.
func TestTyping_BeforeScript(t *testing.T) {
	t.Parallel()
	p, s := openSlowForm(t)
	release := p.holdScriptBack()
	defer release()
	_, err := p.Goto(s.URL+"/tickets/new", playwright.PageGotoOptions{WaitUntil: playwright.WaitUntilStateCommit})
	p.must(err, "open the form")
	p.must(p.Locator("[name=who]").Fill("Anna"), "type a name")
	p.must(p.Locator("[value=car]").Check(), "choose the car")
	file := playwright.InputFile{Name: "front.jpg", MimeType: "image/jpeg", Buffer: photo()}
	p.must(p.Locator("#field-front").SetInputFiles([]playwright.InputFile{file}), "pick a photo")
	release()
	p.seePhoto("front")
	p.seeField("Number plate (optional)", true)
	p.visit("/tickets/new")
	p.seeValue("Traveller", "Anna")
	p.seePhoto("front")
}

// An agent who chooses a reason before a slow script is there holds the ticket and sees the text once it is.
func TestTyping_BeforeScriptOfAgent(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	customer, _ := openAsCustomer(t, s, "customer")
	customer.submit()
	agent := openAsAgent(t, s, "agent")
	path, err := customer.Evaluate("location.pathname.replace('tickets', 'review')")
	agent.must(err, "find the ticket")
	release := agent.holdScriptBack()
	defer release()
	_, err = agent.Goto(s.URL+path.(string), playwright.PageGotoOptions{WaitUntil: playwright.WaitUntilStateCommit})
	agent.must(err, "open the ticket")
	agent.must(agent.Locator("[data-reason-text][value="+mismatchReason().Code+"]").Check(), "choose a reason")
	release()
	agent.seeValue("Text for the user", mismatchReason().Text)
	seeHeld(t, s, 1)
}

// What a browser fills in again after "back" counts as typed once its user goes on: it may be older than what is saved. Chromium does not
// fill it in on a page that must not be kept, as this one.
func TestTyping_Back(t *testing.T) {
	t.Parallel()
	p, _ := openSlowForm(t)
	p.must(p.AddInitScript(playwright.Script{Content: new(`window.typed = 0;
	document.addEventListener("input", () => window.typed++);
	document.addEventListener("DOMContentLoaded", () => {
		if (performance.getEntriesByType("navigation")[0].type === "back_forward") document.querySelector("[name=who]").value = "Anna";
	})`)}), "fill in as other browsers do")
	p.visit("/tickets/new")
	p.visit("/tickets")
	_, err := p.GoBack()
	p.must(err, "go back")
	p.seeValue("Traveller", "Anna")
	typed, err := p.Evaluate("new Promise((done) => setTimeout(() => done(window.typed)))")
	p.must(err, "count what is typed")
	if typed != 0 {
		t.Errorf("%v answers count as typed, want none", typed)
	}
}

// A step stays when something is typed after Continue was pressed, as the next one has no place for it.
func TestTyping_WhileStepIsSaved(t *testing.T) {
	t.Parallel()
	intercept, arrived, release := heldBack("/tickets/new")
	defer release()
	s := startFormBehind(t, formfile.Default(), intercept)
	p, _ := openAsCustomer(t, s, "customer", phone)
	p.visit("/tickets/new")
	p.tick("Passport")
	p.press("Continue")
	<-arrived
	p.tick("Driving licence")
	release()
	p.seeText("so the page has stayed")
	p.look("typing-stayed")
	p.seeHeading("Your document")
	p.must(p.expect.Locator(p.field("Driving licence")).ToBeChecked(), "see what was chosen last")
	p.press("Continue")
	p.seeHeading("Photos")
	p.seeText("Back of the document")
}

// A country that another one proposes is filled in visibly, follows it, and stays as its user has chosen it.
func TestTyping_ProposedCountry(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, formfile.Default(), 1, testdb.New(t))
	p, _ := openAsCustomer(t, s, "customer", phone)
	p.visit("/tickets/new?step=3")
	p.choose("Nationality", "Vietnam")
	p.seeValue("Issuing country", "Vietnam")
	p.seeText("Filled in like “Nationality”.")
	p.look("proposed-country")
	p.choose("Nationality", "Sweden")
	p.seeValue("Issuing country", "Sweden")
	p.choose("Issuing country", "Norway")
	p.seeNoText("Filled in like “Nationality”.")
	p.choose("Nationality", "Denmark")
	p.seeValue("Issuing country", "Norway")
}

// A country that is searched while the step is sent is still searched when the answer says what is wrong.
func TestTyping_SearchStays(t *testing.T) {
	t.Parallel()
	intercept, arrived, release := heldBack("/tickets/new")
	defer release()
	p, _ := openAsCustomer(t, startFormBehind(t, formfile.Default(), intercept), "customer", phone)
	p.visit("/tickets/new?step=3")
	p.expectStatus(422)
	p.press("Continue")
	<-arrived
	line := p.field("Issuing country")
	p.must(line.Click(playwright.LocatorClickOptions{Timeout: timeout()}), "go to the search")
	p.must(line.PressSequentially("Norw", playwright.LocatorPressSequentiallyOptions{Timeout: timeout()}), "type a part of a country")
	release()
	p.seeText("Please look at")
	p.seeValue("Issuing country", "Norw")
	p.keys("Enter")
	p.seeValue("Issuing country", "Norway")
}

// A photo that is long under way brings what was typed before it; what was typed and saved since stays.
func TestTyping_WhilePhotoIsSent(t *testing.T) {
	t.Parallel()
	intercept, arrived, release := heldBack("/files/front")
	defer release()
	s := startBehind(t, intercept)
	p, _ := openAsCustomer(t, s, "customer", phone)
	p.visit("/tickets/new")
	p.fillAndWaitForDraft("Full name", "Nguyễn Văn")
	p.pick("front", "front.jpg", photo())
	<-arrived
	p.fillAndWaitForDraft("Full name", "Nguyễn Văn A")
	_, err := p.ExpectResponse(s.URL+"/files/front", func() error { release(); return nil })
	p.must(err, "send the photo")
	p.visit("/tickets/new")
	p.seeValue("Full name", "Nguyễn Văn A")
}

// A session that ends while somebody fills in the form takes nothing: the page says so, stays, and goes on once they have signed in in
// another tab.
func TestTyping_SessionEnds(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, photoForm(t), 1, testdb.New(t))
	p, _ := openAsCustomer(t, s, "customer")
	p.expectStatus(401)
	var typed string
	for what, act := range map[string]func(){
		"typing":   func() { typed = "Nguyễn Văn A"; p.fill("Full name", typed) },
		"a photo":  func() { p.pick("front", "front.jpg", photo()) },
		"the form": func() { p.press("Send") },
	} {
		p.visit("/tickets/new")
		typed = "Nguyễn Văn"
		p.fillAndWaitForDraft("Full name", typed)
		endSessions(t, s)
		t.Log(what)
		act() // alone finds out
		p.seeText("You are not signed in any more")
		p.seeValue("Full name", typed)

		other := p.newTab(s.URL + "/login")
		other.signIn("customer@example.com")
		other.must(other.Close(), "close the other tab")
		p.fill("Full name", "Nguyễn Văn B")
		p.seeNoText("You are not signed in any more")
		p.visit("/tickets/new")
		p.seeValue("Full name", "Nguyễn Văn B")
	}
}

// endSessions signs everybody out, as an operator does, or time.
func endSessions(t *testing.T, s *testsite.Site) {
	t.Helper()
	if _, err := s.Instances[0].Primary.Exec(t.Context(), "DELETE FROM sessions"); err != nil {
		t.Fatal(err)
	}
}

// signInFrom signs in on the login page, which leads to a path.
func (p *page) signInFrom(email, path string) {
	p.t.Helper()
	p.at("/login")
	p.fill("E-mail", email)
	p.fill("Password", testsite.Password)
	p.press("Sign in")
	p.at(path)
}

// typeDecision chooses a reason, and types a text for the user, a note and a comment.
func (p *page) typeDecision() {
	p.t.Helper()
	p.tick(mismatchReason().Label)
	p.seeValue("Text for the user", mismatchReason().Text)
	p.fill("Text for the user", "The name differs.")
	p.fill("Internal note (optional)", "an inner note")
	p.waitForKeys()
	p.keys("Escape", "m")
	p.fill("Comment", "half a comment")
	p.keys("Escape")
}

func (p *page) seeTypedDecision() {
	p.t.Helper()
	p.must(p.expect.Locator(p.field(mismatchReason().Label)).ToBeChecked(), "see the reason")
	p.seeValue("Text for the user", "The name differs.")
	p.seeValue("Internal note (optional)", "an inner note")
	p.seeValue("Comment", "half a comment")
	p.must(p.expect.Locator(p.field("Comment")).ToBeVisible(), "see the comment")
}

func (p *page) seeNoDecision() {
	p.t.Helper()
	p.seeHeading("Trần Thị 1")
	p.must(p.expect.Locator(p.field(mismatchReason().Label)).Not().ToBeChecked(), "see no reason")
	p.seeValue("Text for the user", "")
	p.seeValue("Comment", "")
}

// openFirst submits a ticket and opens it as an agent; path is its address.
func openFirst(t *testing.T) (s *testsite.Site, p *page, path string) {
	t.Helper()
	s = testsite.Start(t, testsite.Form(), 1, testdb.New(t))
	submitMany(t, s, 1)
	p = openAsAgent(t, s, "agent")
	p.follow("Trần Thị 1")
	p.seeHeading("Trần Thị 1")
	return s, p, p.URL()[len(s.URL):]
}

// silenceEvents leaves the event streams of a page without an answer.
func (p *page) silenceEvents() {
	p.t.Helper()
	p.must(p.Route("**/review/events*", func(playwright.Route) {}), "have no event stream")
}

// An agent whose session ends while they decide finds the reason, the text for the user and the comment again on the same ticket, whatever
// finds out that the session has ended.
func TestTyping_SessionOfAgentEnds(t *testing.T) {
	t.Parallel()
	s, p, path := openFirst(t)
	p.typeDecision()
	endSessions(t, s) // the event stream finds out
	p.signInFrom("agent@example.com", path)
	p.seeTypedDecision()
	p.visit(path)
	p.seeNoDecision() // it has come back, and is not kept any longer

	p.silenceEvents()
	p.expectStatus(401)
	for range 2 {
		p.visit(path)
		p.typeDecision()
		endSessions(t, s)
		p.press("Reject")
		p.signInFrom("agent@example.com", path)
		p.seeTypedDecision()
	}
	p.press("Reject")
	p.seeText("No ticket is waiting that you can take.")
	p.visit(path)
	p.seeText("The name differs.")
}

// What an agent has typed when the session ends is for that account alone: another one, and signing out, leave nothing of it.
func TestTyping_KeptForOneAccount(t *testing.T) {
	t.Parallel()
	s, p, path := openFirst(t)
	openAsAgent(t, s, "other") // has an account
	p.expectStatus(401)
	p.silenceEvents()
	p.visit(path)
	typeAndEnd := func() {
		t.Helper()
		p.typeDecision()
		endSessions(t, s)
		p.press("Reject")
		p.at("/login")
	}
	for what, end := range map[string]func(){
		"another account": func() {
			p.signInFrom("other@example.com", path)
			p.seeValue("Comment", "")
			endSessions(t, s)
		},
		"signing out": func() {
			p.visit("/login")
			p.signInFrom("agent@example.com", "/review")
			p.press("Sign out")
		},
		"signing out in another tab": func() {
			other := p.newTab(s.URL + "/login")
			other.signIn("agent@example.com")
			other.press("Sign out")
			other.at("/login")
			other.must(other.Close(), "close the other tab")
		},
	} {
		t.Log(what)
		typeAndEnd()
		end()
		p.visit("/login")
		p.signInFrom("agent@example.com", "/review")
		p.visit(path)
		p.seeNoDecision()
	}
}
