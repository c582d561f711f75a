package e2e

import (
	"testing"

	"docket/internal/account"
	"docket/internal/i18n"
)

func TestEligibility_FinalRejectionAndReopening(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]option{"en": {desktop, dark}, "vi": {phone}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, words := startSite(t), i18n.Of(name)
			p, user := openAsCustomer(t, s, "customer", options...)
			p.submit()
			if name == "vi" {
				p.press("Tiếng Việt")
				p.seeHeading(words.T("status.processing"))
			}
			p.rejectAndReload(openAsAgent(t, s, "agent"), "name_mismatch", "document_expired")
			p.look(name + "-rejected-twice")
			p.follow(words.T("ticket.retry"))
			p.at("/tickets/new")
			p.look(name + "-resubmit-two-reasons")
			p.fillAndWaitForDraft(fieldLabel(name, "full_name"), "Nguyễn Văn An")
			p.visit("/tickets")
			p.visit("/tickets/new")
			p.seeText(words.T("draft.kept"))
			p.look(name + "-resubmit-draft")
			p.fill(fieldLabel(name, "expiry_date")+" "+words.T("form.optional"), "2041-01-01")
			p.press(builtInForm().In(name).Submit)
			p.seeHeading(words.T("status.processing"))
			p.rejectAndReload(openAsAgent(t, s, "another"), "underage")
			p.look(name + "-rejected-finally")
			p.expectStatus(409)
			p.visit("/tickets/new")
			p.seeText(words.T("problem.resubmission_closed.title"))
			p.look(name + "-not-eligible")

			admin, _ := openAs(t, s, "admin", account.Admin, options...)
			admin.visit("/review?status=rejected&user=" + user)
			admin.must(admin.Locator("[data-row] a").First().Click(), "open the ticket")
			admin.expectStatus(422)
			admin.press("Allow another ticket")
			admin.seeText("Write why the user may send another ticket.")
			admin.look("review-not-eligible-" + name)
			admin.fill("Why the user may send another one", "A typing mistake in the year; passport seen again.")
			admin.press("Allow another ticket")
			admin.seeText("Allowed to send another ticket")
			admin.look("review-reopened-" + name)
			p.visit("/tickets")
			p.must(p.Locator(".ticket-item a").First().Click(), "open the ticket")
			p.seeText(words.T("ticket.reopened"))
			p.look(name + "-reopened")
		})
	}
}

// fieldLabel is what a field of the built-in form is called.
func fieldLabel(language, field string) string {
	found, _ := builtInForm().In(language).Field(field)
	return found.Label
}

// rejectAndReload has an agent reject the ticket that the page shows, and reloads it.
func (p *page) rejectAndReload(agent *page, codes ...string) {
	p.t.Helper()
	agent.press("Take next N")
	for _, code := range codes {
		reason, _ := builtInForm().Reason(code)
		agent.tick(reason.Label)
	}
	agent.press("Reject")
	agent.seeText("Rejected: ")
	_, err := p.Reload()
	p.must(err, "reload")
}
