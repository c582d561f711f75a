package main

import (
	"errors"
	"strings"

	"docket/internal/testkit/testpicture"
)

// visitAll leads visitors through every page and state; second is the tour of the second instance.
func visitAll(t, second *tour) error {
	customer := t.newVisitor("en-GB")
	agent := t.signIn("DEMO_AGENT", "en-GB")
	colleague := t.signIn("DEMO_AGENT_2", "en-GB")
	admin := t.signIn("DEMO_ADMIN", "en-GB")
	takeSignedOutPages(customer)
	takeAccount(t, customer)
	takeForm(customer)
	ticket := submitForm(customer)
	if customer.err != nil {
		return customer.err
	}
	takeQueue(agent)
	takeReview(agent, colleague, "/review/"+ticket)
	takeResubmission(customer, ticket)
	takeDecided(agent, customer)
	admin.do("give an account attributes", func() error {
		return t.site.run("account", "set", t.site.env["DEMO_AGENT_2"], "department=Sales", "cost_center=4711")
	})
	takeAdmin(admin)
	takeSecondOpinion(agent, colleague, admin)
	takeRevoked(admin, customer)
	takeSearch(agent)
	takeBulk(agent)
	return errors.Join(customer.err, agent.err, colleague.err, admin.err, takeMail(t), takePhotos(t), takeVietnamese(t), takeLinks(t), takeSecondLooks(second), takeLate(second))
}

// takeSignedOutPages takes what is shown before somebody signs in, and signs up a customer.
func takeSignedOutPages(v *visitor) {
	v.openAndTake("/login", "login")
	v.fill("email", "nobody@example.com")
	v.fill("password", "a wrong password")
	v.send("/login")
	v.see("[role=alert]:not(:empty)")
	v.take("login-wrong")
	v.openAndTake("/signup", "signup")
	v.fill("email", "short")
	v.fill("password", "short")
	v.send("/signup")
	v.see("[data-invalid]")
	v.take("signup-wrong")
	v.fill("email", "anna@example.com")
	v.fill("password", "Liverpool2026")
	v.send("/signup")
	v.see("[data-invalid] #password")
	v.take("signup-common")
	v.fill("password", "twelve letters")
	v.send("/signup")
	v.wait("/tickets")
}

// takeAccount takes one's own account, with and without a second factor, and the ways to it.
func takeAccount(t *tour, v *visitor) {
	v.openAndTake("/account", "account")
	v.openAndTake("/account/password", "account-password")
	v.fill("old_password", "not the password")
	v.fill("password", "another twelve letters")
	v.send("/account/password")
	v.see("[data-invalid]")
	v.take("account-password-wrong")
	v.openAndTake("/account/factor", "factor")
	v.fill("first_code", "000000")
	v.fill("password", "twelve letters")
	v.send("/account/factor")
	v.see("[data-invalid]")
	v.take("factor-wrong")
	v.fill("first_code", v.appCode())
	v.fill("password", "twelve letters")
	v.send("/account/factor")
	v.see(".recovery")
	v.take("recovery-codes")
	v.openAndTake("/account", "account-factor")
	v.fill("password", "not the password")
	v.send("/account/factor/recovery-codes")
	v.see("[data-invalid]")
	v.take("account-factor-wrong")
	again := t.newVisitor("en-GB")
	again.open("/login")
	again.fill("email", "anna@example.com")
	again.fill("password", "twelve letters")
	again.send("/login")
	again.see("#login-code")
	again.take("login-code")
	again.fill("code", "000000")
	again.send("/login/code")
	again.see("[data-invalid]")
	again.take("login-code-wrong")
	v.err = errors.Join(v.err, again.err)
	v.open("/tickets")
}

func takeForm(v *visitor) {
	v.take("tickets-empty")
	v.openAndTake("/tickets/new", "form")
	v.goOn("1")
	v.see("[data-invalid]")
	v.take("form-wrong")
	v.openAndTake("/nothing", "not-found")
	v.openAndTake("/review", "forbidden")
}

// glaringFront is a picture that is refused.
func glaringFront() []byte {
	return testpicture.JPEG(testpicture.WithGlare(testpicture.Front(testpicture.Anna, 1600), 0.55, 0.45, 0.12), 85)
}

// submitForm fills in the form for identity verification, sends it, and returns the ticket's id.
func submitForm(v *visitor) string {
	anna := testpicture.Anna
	v.open("/tickets/new")
	v.choose("document_type", "passport")
	v.goOn("2")
	v.take("form-photos")
	v.attach("document_front", glaringFront())
	v.attach("selfie", testpicture.JPEG(testpicture.Selfie(anna, 1200), 85))
	v.take("form-photos-filled")
	v.goOn("3")
	v.take("form-about")
	v.fillAbout("L898902C3")
	v.fill("expiry_date", "2040-04-15")
	v.take("form-filled")
	v.goOn("4")
	v.fill("address", "12 Harbour Street\nZenith")
	v.take("form-contact")
	v.goOn("check")
	v.take("form-check")
	v.choose("consent", "true")
	v.send("/tickets")
	v.wait("/tickets/")
	v.take("ticket-processing")
	id := strings.TrimPrefix(v.path(), "/tickets/")
	v.openAndTake("/tickets", "tickets-processing")
	v.openAndTake("/tickets/new", "form-open-ticket")
	return id
}

// fillAbout fills in what the document of the customer says.
func (v *visitor) fillAbout(number string) {
	v.fill("full_name", "Anna Maria Eriksson")
	for part, text := range map[string]string{"day": "12", "month": "8", "year": "1974"} {
		v.fill("date_of_birth."+part, text)
	}
	v.pick("nationality", "SWE")
	v.fill("document_number", number)
}

func takeQueue(v *visitor) {
	v.openAndTake("/review", "queue")
	v.press("?")
	v.see("dialog[open]")
	v.take("queue-keys")
	for _, status := range []string{"approved", "rejected", "withdrawn", "revoked"} {
		v.openAndTake("/review?status="+status, "queue-"+status)
	}
	for _, tab := range []string{"mine", "snoozed"} {
		v.openAndTake("/review?tab="+tab, "queue-"+tab)
	}
	v.openAndTake("/review?c.nationality=yes&c.expiry_date=yes", "queue-columns")
	v.openAndTake("/review?user=nobody", "queue-no-match")
	v.openAndTake("/review?from=2020-01-01&to=2026-01-01&limit=0", "queue-wrong-filter")
}

// takeReview takes a ticket as agents see it, and rejects it.
func takeReview(v, colleague *visitor, path string) {
	v.openAndTake(path, "review")
	v.do("claim the ticket", func() error {
		_, err := v.page.Evaluate(`path => fetch(path, {method: "POST"})`, path+"/claim")
		return err
	})
	v.open(path)
	v.see("form[action$='/release']")
	v.take("review-claimed")
	v.press("c")
	v.take("review-compare")
	v.press("c")
	numbers := func() {
		v.do("open or close the numbers", func() error { return v.find(".photo:has(:checked) .numbers summary").Click() })
	}
	numbers()
	v.take("review-numbers")
	numbers()
	for key, name := range map[string]string{"l": "review-later", "t": "review-hand-over", "m": "review-comment"} {
		v.press(key)
		v.see(".work [open]")
		v.take(name)
		v.press("Escape")
	}
	colleague.openAndTake(path, "review-held")
	v.send("/reject")
	v.see("[data-invalid]")
	v.take("review-wrong")
	v.choose("reason", "image_glare")
	v.take("review-reason")
	v.send("/reject")
	v.do("wait for the next ticket", func() error {
		return v.page.WaitForURL(func(address string) bool { return !strings.HasSuffix(address, path) })
	})
	v.see("#toast form")
	v.take("review-toast")
	v.openAndTake(path, "review-pending")
	colleague.openAndTake(path, "review-pending-colleague")
	v.sendNow("[data-status=rejected]")
	v.take("review-rejected")
}

// takeResubmission takes what a customer sees after a rejection, and sends the ticket again.
func takeResubmission(v *visitor, ticket string) {
	v.openAndTake("/tickets/"+ticket, "ticket-rejected")
	v.openAndTake("/tickets/new", "resubmission")
	v.attach("document_front", glaringFront())
	v.send("/tickets")
	v.see("form:has([name='send-same'])")
	v.take("resubmission-unchanged")
	v.attach("document_front", testpicture.JPEG(testpicture.Front(testpicture.Anna, 1600), 85))
	v.send("/tickets")
	v.wait("/tickets/")
}

// takeDecided approves the ticket that was sent again, and withdraws one more.
func takeDecided(agent, customer *visitor) {
	ticket := strings.TrimPrefix(customer.path(), "/tickets/")
	agent.openAndTake("/review/"+ticket, "review-resubmission")
	agent.send("/approve")
	agent.see("#review .pending")
	agent.sendNow("[data-status=approved]")
	agent.take("review-approved")
	customer.open("/tickets/" + ticket)
	customer.see("[data-status=approved]")
	customer.take("ticket-approved")
	takeWithdrawn(customer)
	customer.openAndTake("/tickets", "tickets")
}

func takeWithdrawn(v *visitor) {
	submitAgain(v)
	v.do("open the question", func() error { return v.find("details:has(form[action$='/withdraw']) summary").Click() })
	v.take("ticket-withdraw")
	v.send("/withdraw")
	v.see("[data-status=withdrawn]")
	v.take("ticket-withdrawn")
}

// submitAgain sends a form once more, with a national identity card, which has a back.
func submitAgain(v *visitor) {
	anna := testpicture.Anna
	v.open("/tickets/new")
	v.choose("document_type", "national_id")
	v.goOn("2")
	v.attach("document_front", testpicture.JPEG(testpicture.Front(anna, 1600), 85))
	v.attach("document_back", testpicture.JPEG(testpicture.Back(anna, 1600), 85))
	v.attach("selfie", testpicture.JPEG(testpicture.Selfie(anna, 1200), 85))
	v.goOn("3")
	v.fillAbout("19740812-0123")
	v.goOn("4")
	v.goOn("check")
	v.choose("consent", "true")
	v.send("/tickets")
	v.wait("/tickets/")
}

// takeAdmin takes what only admins see: the rules, and a final rejection after which they may let the user submit again.
func takeAdmin(v *visitor) {
	v.openAndTake("/admin/rules", "rules")
	v.openAndTake("/admin/form", "form-preview")
	v.openAndTake("/admin/form/mail", "form-mail")
	v.openAndTake("/api", "api")
	v.openAndTake("/numbers", "numbers")
	v.openAndTake("/numbers?from=2020-01-01&to=2020-01-02", "numbers-empty")
	v.openAndTake("/numbers?from=2020-01-01", "numbers-wrong-filter")
	v.openAndTake("/admin/audit", "audit")
	v.openAndTake("/admin/audit?actor=nobody@example.com", "audit-wrong-filter")
	v.open("/review?status=rejected&user=demo-7")
	v.do("open the ticket", func() error { return v.find("table a[href^='/review/']").Click() })
	v.see("form[action$='/reopen']")
	v.take("review-final")
	takeUser(v)
	takeAdminPages(v)
}

// takeAdminPages takes where an admin manages people and keys.
func takeAdminPages(v *visitor) {
	v.openAndTake("/admin", "admin")
	v.openAndTake("/admin/people", "people")
	invite := func() { v.do("invite", func() error { return v.find("aside .primary").Click() }) }
	v.fill("email", "nobody")
	invite()
	v.see("[data-invalid]")
	v.take("people-wrong")
	v.fill("email", "a.rather.long.name.of.somebody.new@subsidiary.example.com")
	invite()
	v.see("#handed")
	v.take("people-link")
	v.openAndTake("/admin/people?find=nobody", "people-none")
	v.open("/admin/people?find=agent")
	v.do("open the account", func() error { return v.find("table a[href^='/admin/people/']").Click() })
	v.see("#person")
	v.take("person")
	v.openAndTake("/admin/keys", "keys")
	v.send("/admin/keys")
	v.see("[data-invalid]")
	v.take("keys-wrong")
	v.fill("name", "billing")
	v.choose("scope", "latest:read")
	v.send("/admin/keys")
	v.see("#new-key")
	v.take("key-new")
	v.open("/admin/keys")
	v.do("open the key", func() error { return v.find("table a[href^='/admin/keys/']").Click() })
	v.see("#key")
	v.take("key")
	takeWebhooks(v)
}

// takeWebhooks takes where an admin manages webhooks. Nobody answers at the address of this one.
func takeWebhooks(v *visitor) {
	v.openAndTake("/admin/webhooks", "webhooks-none")
	v.fill("url", "http://127.0.0.1/hook")
	v.send("/admin/webhooks")
	v.see("[data-invalid]")
	v.take("webhooks-wrong")
	v.fill("url", "https://receiver.invalid/events?from=docket")
	v.send("/admin/webhooks")
	v.see("#new-secret")
	v.take("webhook-secret")
	v.openAndTake("/admin/webhooks", "webhooks")
	v.do("open the webhook", func() error { return v.find("table a[href^='/admin/webhooks/']").Click() })
	v.see("#webhook")
	v.take("webhook-new")
	v.do("send a test", func() error { return v.find("button[value='test']").Click() })
	v.see("#deliveries details, #deliveries td:has-text('unknown')")
	v.take("webhook")
}

// takeUser takes what is kept of a user, whom it then holds and erases.
func takeUser(v *visitor) {
	const page = "/admin/users/demo-7"
	v.openAndTake(page, "user")
	v.send(page + "/erase")
	v.see("[data-invalid]")
	v.take("user-wrong")
	v.fill("hold", "A lawsuit, reference 2026/117")
	v.send(page + "/hold")
	v.see("form[action$='/end-hold']")
	v.take("user-held")
	v.send(page + "/end-hold")
	v.see("form[action$='/erase']")
	v.pick("reason", "request")
	v.fill("confirm", "demo-7")
	v.send(page + "/erase")
	v.see(".banner")
	v.take("user-erased")
	v.open("/review?status=rejected&user=demo-7")
	v.take("queue-erased")
	v.do("open the ticket", func() error { return v.find("table a[href^='/review/']").Click() })
	v.see(".timeline")
	v.take("review-erased")
}

// takeMail takes what somebody sees who has forgotten a password, and the e-mails of docket dev.
func takeMail(t *tour) error {
	v := t.newVisitor("en-GB")
	v.openAndTake("/forgot", "forgot")
	v.send("/forgot")
	v.see("[data-invalid]")
	v.take("forgot-wrong")
	v.fill("email", t.site.env["DEMO_CUSTOMER_2"])
	v.send("/forgot")
	v.see("#mail-sent")
	v.take("mail-sent")
	v.do("wait for the e-mail", func() error { return v.waitForMessage("new password") })
	v.openAndTake("/dev/mail", "dev-mail")
	v.do("open the e-mail", func() error { return v.find("a:has-text('new password')").Click() })
	v.see(".mail")
	v.take("dev-mail-message")
	v.do("open the link", func() error { return v.find("a[href*='/reset/']").Click() })
	v.see("#reset")
	v.take("reset")
	v.send(v.path())
	v.see("[data-invalid]")
	v.take("reset-wrong")
	v.openAndTake("/reset/unknown", "link-broken")
	v.openAndTake("/login?done=reset", "login-done")
	return v.err
}

// takeVietnamese takes pages of the demo customer in Vietnamese.
func takeVietnamese(t *tour) error {
	v := t.newVisitor("vi-VN")
	v.openAndTake("/login", "login-vi")
	v.fill("email", t.site.env["DEMO_CUSTOMER"])
	v.fill("password", t.site.env["DEMO_PASSWORD"])
	v.send("/login")
	v.wait("/tickets")
	v.take("tickets-vi")
	v.openAndTake("/tickets/new", "form-vi")
	return v.err
}
