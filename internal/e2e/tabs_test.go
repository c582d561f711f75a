package e2e

import (
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// hideable lets a test hide a page, as no browser without a screen does.
const hideable = `Object.defineProperty(document, "hidden", { get: () => window.isHidden === true });
	window.hide = (hidden) => { window.isHidden = hidden; document.dispatchEvent(new Event("visibilitychange")); }`

func TestQueue_SevenHiddenTabs(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 1, testdb.New(t))
	p := openAsAgent(t, s, "agent")
	p.must(p.Context().AddInitScript(playwright.Script{Content: playwright.String(hideable)}), "make pages hideable")
	tabs := make([]*page, 7)
	for i := range tabs {
		tab, err := p.Context().NewPage()
		p.must(err, "open another tab")
		tabs[i] = &page{Page: tab, t: t, watch: p.watch, expect: p.expect}
		tabs[i].visit(s.URL + "/review")
		tabs[i].seeHeading("Queue")
		_, err = tab.Evaluate("hide(true)")
		p.must(err, "hide a tab")
	}
	p.visit("/review")
	p.seeHeading("Queue")

	submitMany(t, s, 1)
	_, err := tabs[0].Evaluate("hide(false)")
	p.must(err, "show a tab again")
	tabs[0].must(tabs[0].expect.Locator(tabs[0].Locator("[data-row]")).ToHaveCount(1), "see the ticket that came while it was hidden")
}

func TestQueue_StorageDenied(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 1, testdb.New(t))
	p := openAsAgent(t, s, "agent")
	p.must(p.Context().AddInitScript(playwright.Script{Content: playwright.String(
		`Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied", "SecurityError"); } })`)}), "deny the storage")
	submitMany(t, s, 1)
	p.visit("/review")
	p.must(p.expect.Locator(p.Locator("[data-row]")).ToHaveCount(1), "see the ticket")
	p.keys("j", "o")
	p.must(p.expect.Locator(p.Locator("[data-decision]")).ToHaveCount(1), "open the ticket by its keys")
}
