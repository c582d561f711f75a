package e2e

import (
	"strconv"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"docket/internal/testkit/testsite"
)

// submitAs sends a ticket each of as many customers.
func submitAs(t *testing.T, s *testsite.Site, n int) {
	t.Helper()
	for i := range n {
		customer, _ := openAsCustomer(t, s, "customer"+strconv.Itoa(i))
		customer.submit()
	}
}

// seeChosen checks how many tickets of the list are chosen.
func (p *page) seeChosen(n int) {
	p.t.Helper()
	p.must(p.expect.Locator(p.Locator("[data-choose]:checked")).ToHaveCount(n), "see %d tickets chosen", n)
}

func TestBulk_Keyboard(t *testing.T) {
	t.Parallel()
	s := startUndo(t, time.Minute)
	submitAs(t, s, 3)
	agent := openAsAgent(t, s, "agent")
	agent.must(agent.expect.Locator(agent.Locator("[data-choose]")).ToHaveCount(3), "see the tickets")
	agent.seeChosen(0)
	agent.keys("j", "x")
	agent.seeChosen(1)
	agent.keys("j", "j", "Shift+X")
	agent.seeChosen(3)
	agent.look("queue-chosen")
	late, _ := openAsCustomer(t, s, "late")
	late.submit()
	agent.must(agent.expect.Locator(agent.Locator("[data-choose]")).ToHaveCount(4), "see the ticket that was sent meanwhile")
	agent.seeChosen(3)
	agent.must(agent.Locator("#bulk button.approve").Click(), "approve what is chosen")
	agent.seeHeading("3 approved")
	agent.look("bulk-approved")
	agent.keys("z")
	agent.seeHeading("3 back in the queue")
	agent.keys("u")
	agent.must(agent.expect.Locator(agent.Locator("[data-choose]")).ToHaveCount(4), "see them in the queue")
	agent.seeChosen(0)
	agent.must(agent.Locator("[data-choose]").First().Click(), "choose the first")
	agent.must(agent.Locator("[data-choose]").Last().Click(playwright.LocatorClickOptions{Modifiers: []playwright.KeyboardModifier{*playwright.KeyboardModifierShift}}), "choose all up to the last")
	agent.seeChosen(4)
}

func TestBulk_WithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := startUndo(t, time.Minute)
	submitAs(t, s, 2)
	agent := openAsAgent(t, s, "agent", noScript)
	for _, box := range []int{0, 1} {
		agent.must(agent.Locator("[data-choose]").Nth(box).Check(), "choose a ticket")
	}
	agent.must(agent.Locator("#bulk button.approve").Click(), "approve what is chosen")
	agent.seeHeading("2 approved")
	agent.press("Undo all 2")
	agent.seeHeading("2 back in the queue")
}
