package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"docket/internal/account"
	"docket/internal/testkit/testsite"
)

// TestFactor_Journey sets up a second factor, signs in with the app and with a recovery code, and changes a password that an
// operator has set.
func TestFactor_Journey(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]option{"phone": {phone}, "desktop": {desktop, dark}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSite(t)
			p, _ := openAs(t, s, "agent", account.Agent, options...)
			p.follow("agent@example.com")
			p.seeHeading("Your account")
			p.look("account")
			secret, recovery := p.enrol()
			p.seeText("You have 10 recovery codes left.")
			p.look("account-factor")

			p.signInAgain("agent@example.com", testsite.Password)
			p.look("login-code")
			p.sendsOnce()
			p.expectStatus(422)
			p.fill("Code", "000000")
			p.press("Sign in")
			p.seeMessage("Code", "This code is wrong")
			p.look("login-code-wrong")
			p.fill("Code", p.appCode(secret, 0))
			p.press("Sign in")
			p.at("/review")

			p.signInAgain("agent@example.com", testsite.Password)
			p.fill("Code", strings.ToLower(recovery))
			p.press("Sign in")
			p.at("/review")

			if err := s.Instances[0].Accounts.SetPassword(t.Context(), "agent@example.com", "set by an operator"); err != nil {
				t.Fatal(err)
			}
			p.visit("/login")
			p.fill("E-mail", "agent@example.com")
			p.fill("Password", "set by an operator")
			p.press("Sign in")
			p.at("/login/code")
			p.fill("Code", p.appCode(secret, 1))
			p.press("Sign in")
			p.at("/account/password")
			p.seeText("Somebody else has set your password")
			p.look("must-change")
			p.expectStatus(422)
			p.fill("Present password", "not the password")
			p.fill("New password", "a password of my own")
			p.press("Change password")
			p.seeMessage("Present password", "This is not your present password")
			p.look("must-change-wrong")
			p.fill("Present password", "set by an operator")
			p.fill("New password", "a password of my own")
			p.press("Change password")
			p.at("/review")
		})
	}
}

// enrol sets up a second factor from the page of one's own account, and returns its key and one recovery code.
func (p *page) enrol() (secret, recovery string) {
	p.t.Helper()
	p.follow("Set up a second factor")
	p.seeHeading("Set up a second factor")
	p.look("factor")
	secret = strings.ReplaceAll(p.text(".secret"), " ", "")
	p.expectStatus(422)
	p.fill("Code of the new app", "000000")
	p.fill("Present password", testsite.Password)
	p.press("Turn on")
	p.seeMessage("Code of the new app", "This is not the code that the app shows now")
	p.look("factor-wrong")
	p.fill("Code of the new app", p.appCode(secret, -1))
	p.fill("Present password", testsite.Password)
	p.press("Turn on")
	p.seeHeading("Your recovery codes")
	p.look("recovery-codes")
	recovery = p.text(".recovery code")
	p.follow("I have kept them, go on")
	p.seeText("The second factor is on.")
	return secret, recovery
}

// signInAgain signs out and sends the password alone.
func (p *page) signInAgain(email, password string) {
	p.t.Helper()
	p.press("Sign out")
	p.at("/login")
	p.fill("E-mail", email)
	p.fill("Password", password)
	p.press("Sign in")
	p.at("/login/code")
}

// sendsOnce checks that a second press of the button sends nothing: its answer would be the one that is shown.
func (p *page) sendsOnce() {
	p.t.Helper()
	sent, err := p.Evaluate(`() => [1, 2].filter(() =>
		document.querySelector("[data-once]").dispatchEvent(new SubmitEvent("submit", {bubbles: true, cancelable: true}))).length`)
	p.must(err, "press twice")
	if sent != 1 {
		p.t.Errorf("%s: two presses send %v forms, want 1", p.URL(), sent)
	}
	p.visit(p.URL())
}

// appCode is what an app with this key shows now, or so many codes later.
func (p *page) appCode(secret string, later int) string {
	p.t.Helper()
	code, err := totp.GenerateCode(secret, time.Now().Add(time.Duration(later)*30*time.Second))
	p.must(err, "make a code")
	return code
}

// text is what the first part of the page shows that a CSS selector finds.
func (p *page) text(selector string) string {
	p.t.Helper()
	shown, err := p.Locator(selector).First().InnerText()
	p.must(err, "read %s", selector)
	return shown
}
