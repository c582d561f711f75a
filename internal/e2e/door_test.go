package e2e

import (
	"testing"

	"docket/internal/account"
	"docket/internal/i18n"
)

func TestTwoReasonsThenTheDoorThenAnAdmin(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]option{"en": {desktop, dark}, "vi": {phone}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, words := site(t), i18n.Of(name)
			p, user := customerAt(t, s, "customer", options...)
			p.submit()
			if name == "vi" {
				p.press("Tiếng Việt")
				p.seeHeading(words.T("status.processing"))
			}
			p.rejected(agentAt(t, s, "agent"), "name_mismatch", "document_expired")
			p.look(name + "-rejected-twice")
			p.follow(words.T("ticket.retry"))
			p.at("/tickets/new")
			p.look(name + "-again-twice")
			p.typedAndKept(label(name, "full_name"), "Nguyễn Văn An")
			p.visit("/tickets")
			p.visit("/tickets/new")
			p.seeText(words.T("draft.kept"))
			p.look(name + "-again-kept")
			p.fill(label(name, "expiry_date"), "2041-01-01")
			p.press(docketForm().In(name).Submit)
			p.seeHeading(words.T("status.processing"))
			p.rejected(agentAt(t, s, "another"), "underage")
			p.look(name + "-rejected-finally")
			p.expectStatus(409)
			p.visit("/tickets/new")
			p.seeText(words.T("problem.resubmission_closed.title"))
			p.look(name + "-door")

			admin, _ := signIn(t, s, "admin", account.Admin, options...)
			admin.visit("/review?status=rejected&user=" + user)
			admin.must(admin.Locator("[data-row] a").Last().Click(), "open the ticket")
			admin.expectStatus(422)
			admin.press("Let them send it again")
			admin.seeText("Write why they may send it again.")
			admin.look("review-door-" + name)
			admin.fill("Why they may after all", "A typing mistake in the year; passport seen again.")
			admin.press("Let them send it again")
			admin.seeText("Let in again")
			admin.look("review-door-open-" + name)
			p.visit("/tickets")
			p.must(p.Locator(".slip a").First().Click(), "open the ticket")
			p.seeText(words.T("ticket.reopened"))
			p.look(name + "-let-in")
		})
	}
}

// label is what a field of the built-in form is called.
func label(language, field string) string {
	found, _ := docketForm().In(language).Field(field)
	return found.Label
}

// rejected has an agent reject the ticket that the page shows, and looks at it again.
func (p *page) rejected(agent *page, codes ...string) {
	p.t.Helper()
	agent.press("Take next N")
	for _, code := range codes {
		reason, _ := docketForm().Reason(code)
		agent.tick(reason.Label)
	}
	agent.press("Reject")
	agent.seeText("Rejected: ")
	_, err := p.Reload()
	p.must(err, "look again")
}
