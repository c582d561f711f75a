package e2e

import (
	"testing"
)

// seeAge checks what an element of the page says.
func (p *page) seeAge(selector, text string) {
	p.t.Helper()
	p.must(p.expect.Locator(p.Locator(selector).First()).ToHaveText(text), "see %q at %s", text, selector)
}

func TestAge_StaysTrue(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	customer, _ := openAsCustomer(t, s, "customer")
	customer.submit()
	agent := openAsAgent(t, s, "agent")
	agent.must(agent.Clock().Install(), "rule the clock")
	agent.visit("/review")
	agent.seeAge("[data-row] .when [data-span]", "< 1 min")
	agent.seeAge("[data-row] .sent [data-ago]", "just now")
	agent.must(agent.Clock().FastForward("05:30"), "let time pass")
	agent.seeAge("[data-row] .when [data-span]", "5 min")
	agent.seeAge("[data-row] .sent [data-ago]", "5 min ago")
	agent.must(agent.expect.Locator(agent.Locator("[data-row] .sent span:last-child")).ToBeHidden(), "see no clock")
	agent.must(agent.Locator("[data-row] a").Focus(), "focus the row")
	agent.must(agent.expect.Locator(agent.Locator("[data-row] .sent span:last-child")).ToBeVisible(), "see the clock in the row with the focus")
	agent.must(agent.Clock().FastForward("47:00:00"), "let time pass")
	agent.seeAge("[data-row] .when [data-span]", "47 h")
	agent.look("queue-ages")
}
