package e2e

import (
	"path/filepath"
	"testing"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testmail"
	"docket/internal/testkit/testsite"
)

const mailBase = "http://docket.test" // where links in e-mails lead

// TestMail_ForgottenPassword chooses a new password by a link, as docket dev writes it into its folder.
func TestMail_ForgottenPassword(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]option{"phone": {phone}, "desktop": {desktop, dark}, "without JavaScript": {noScript}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			look := func(p *page, picture string) {
				if name != "without JavaScript" {
					p.look(picture)
				}
			}
			s := testsite.StartWith(t, testdb.New(t), app.Config{BaseURL: mailBase, Mail: app.Mail{Folder: filepath.Join(t.TempDir(), "mail")}})
			email, _ := s.Account(t, "ann", account.Customer)
			p := open(t, s.URL, options...)
			p.visit("/dev/mail")
			p.seeText("There is none yet.")
			p.visit("/login")
			look(p, "login-mail")
			p.follow("Forgot your password?")
			p.seeHeading("Choose a new password")
			look(p, "forgot")
			p.expectStatus(422)
			p.fill("E-mail", "ann")
			p.press("Send the e-mail")
			p.seeMessage("E-mail", "Enter an e-mail address")
			look(p, "forgot-wrong")
			p.fill("E-mail", email)
			p.press("Send the e-mail")
			p.at("/sent")
			p.seeHeading("Look into your e-mail")
			look(p, "mail-sent")
			p.waitForMessage(s)
			look(p, "dev-mail")
			p.follow("Identity verification: choose a new password")
			p.seeText("Somebody has asked for a new password")
			look(p, "dev-mail-message")
			link, err := p.Locator("a[href*='/reset/']").GetAttribute("href")
			p.must(err, "read the link")
			p.visit(link[len(mailBase):])
			p.seeText("is signed out")
			look(p, "reset")
			p.expectStatus(422)
			p.fill("Password", "short")
			p.press("Save the password")
			p.seeMessage("Password", "12 to 200 characters")
			look(p, "reset-wrong")
			p.fill("Password", "a password that is new")
			p.press("Save the password")
			p.at("/login")
			p.seeText("Your password is changed.")
			look(p, "login-reset")
			p.fill("E-mail", email)
			p.fill("Password", "a password that is new")
			p.press("Sign in")
			p.at("/tickets")
			p.expectStatus(404)
			p.visit(link[len(mailBase):])
			p.seeText("does not work any more")
			look(p, "link-broken")
		})
	}
}

// waitForMessage opens the list of e-mails again until there is one.
func (p *page) waitForMessage(s *testsite.Site) {
	p.t.Helper()
	for waiting := 1; waiting > 0; {
		if err := s.Instances[0].Primary.QueryRow(p.t.Context(), "SELECT count(*) FROM outbox").Scan(&waiting); err != nil {
			p.t.Fatal(err)
		}
	}
	p.visit("/dev/mail")
}

func TestMail_ConfirmAddress(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]option{"phone": {phone, dark}, "desktop": {desktop}, "without JavaScript": {noScript}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := testmail.Start(t)
			s := testsite.StartWith(t, testdb.New(t), app.Config{BaseURL: mailBase, Mail: app.Mail{ServerURL: server.URL}})
			p := open(t, s.URL, options...)
			p.visit("/signup")
			p.fill("E-mail", "ann@example.com")
			p.fill("Password", testsite.Password)
			p.press("Create account")
			p.at("/sent")
			server.Wait(t, "ann@example.com")
			p.follow("Sign in")
			p.expectStatus(422)
			p.fill("E-mail", "ann@example.com")
			p.fill("Password", testsite.Password)
			p.press("Sign in")
			p.seeText("is not confirmed yet")
			if name != "without JavaScript" {
				p.look("login-unconfirmed")
			}
			p.press("Send the e-mail again")
			p.at("/sent")
			p.visit(server.Wait(t, "ann@example.com").Path(t, mailBase))
			p.seeHeading("Confirm your e-mail address")
			if name != "without JavaScript" {
				p.look("confirm")
			}
			p.press("Confirm the address")
			p.at("/login")
			p.seeText("Your e-mail address is confirmed.")
			p.signIn("ann@example.com")
		})
	}
}
