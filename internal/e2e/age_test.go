package e2e

import (
	"testing"

	"github.com/playwright-community/playwright-go"
)

// seeAge checks what an element of the page says.
func (p *page) seeAge(selector, text string) {
	p.t.Helper()
	p.must(p.expect.Locator(p.Locator(selector).First()).ToHaveText(text), "see %q at %s", text, selector)
}

func TestAge_StaysTrue(t *testing.T) {
	t.Parallel()
	s := startLooks(t) // a decision is made at once
	customer, _ := openAsCustomer(t, s, "customer")
	customer.submit()
	decided, _ := openAsCustomer(t, s, "decided")
	decided.submit()
	agent := openAsAgent(t, s, "agent")
	agent.keys("n")
	agent.seeText("Put back")
	agent.waitForKeys()
	agent.keys("a")
	agent.seeText("Approved: Nguyễn Văn A")                               // and the next one
	agent.must(agent.Route("**/review/events", func(r playwright.Route) { // no news: what the list asks for would take too long by that clock
		_ = r.Fulfill(playwright.RouteFulfillOptions{ContentType: new("text/event-stream"), Body: ": connected\n\n"})
	}), "keep news from the list")
	agent.must(agent.Clock().Install(), "rule the clock")
	agent.visit("/review")
	agent.seeAge("[data-row] .when [data-span]", "< 1 min")
	agent.must(agent.Clock().FastForward("05:30"), "let time pass")
	agent.seeAge("[data-row] .when [data-span]", "5 min")
	agent.visit("/review?status=approved")
	agent.seeAge("[data-row] .when [data-ago]", "just now") // by the clock of the server
	agent.must(agent.Clock().FastForward("05:30"), "let time pass")
	agent.seeAge("[data-row] .when [data-ago]", "5 min ago")
	agent.must(agent.expect.Locator(agent.Locator("[data-row] .when .ago span:last-child")).ToBeHidden(), "see no clock")
	agent.must(agent.Locator("[data-row] a").Focus(), "focus the row")
	agent.must(agent.expect.Locator(agent.Locator("[data-row] .when .ago span:last-child")).ToBeVisible(), "see the clock in the row with the focus")
	agent.must(agent.Clock().FastForward("47:00:00"), "let time pass")
	agent.seeAge("[data-row] .when [data-ago]", "47 h ago")
	agent.look("queue-ages")
}
