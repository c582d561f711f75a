package e2e

import (
	"testing"

	"docket/internal/account"
)

// TestAudit_ByAdmin finds out as an admin what an agent did.
func TestAudit_ByAdmin(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]option{"phone": {phone}, "desktop": {desktop, dark}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSite(t)
			submitMany(t, s, 1)
			agent := openAsAgent(t, s, "agent")
			agent.follow("Trần Thị 1")
			agent.seeText("Approve")
			p, _ := openAs(t, s, "admin", account.Admin, options...)
			p.follow("Audit")
			p.seeHeading("Audit")
			p.seeText("agent@example.com")
			p.look("audit")
			p.fill("Who (e-mail or key:NAME)", "agent@example.com")
			p.press("Filter")
			p.seeQuery("actor=agent%40example.com")
			p.seeText("Ticket opened without a claim")
			p.expectStatus(422)
			p.fill("Who (e-mail or key:NAME)", "nobody@example.com")
			p.press("Filter")
			p.seeText("No account has this e-mail address.")
			p.look("audit-wrong-filter")
		})
	}
}
