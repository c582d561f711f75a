package e2e

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// page is one tab of a visitor. Its own methods, in lower case, find things by label, role and visible text, and wait for
// them; what does not appear fails the test. Names match whole, texts in part.
type page struct {
	playwright.Page
	t      *testing.T
	watch  *watch
	expect playwright.PlaywrightAssertions
}

func (p *page) must(err error, what string, args ...any) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%s at %s: %v", fmt.Sprintf(what, args...), p.URL(), err)
	}
}

// visit goes to an address, or to a path on the server where the page is.
func (p *page) visit(address string) {
	p.t.Helper()
	here, err := url.Parse(p.URL())
	p.must(err, "read the address")
	there, err := here.Parse(address)
	p.must(err, "read the address %q", address)
	_, err = p.Goto(there.String())
	for range 3 {
		if !wasInterrupted(err) {
			break
		}
		_, err = p.Goto(there.String())
	}
	p.must(err, "visit %s", there)
}

// wasInterrupted reports whether the page has gone elsewhere at that moment by itself, as it does when its session ends: then somebody
// goes again.
func wasInterrupted(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "interrupted by another navigation") || strings.Contains(err.Error(), "net::ERR_ABORTED"))
}

// at waits until the path matches a regular expression; the query does not count.
func (p *page) at(path string) {
	p.t.Helper()
	p.must(p.expect.Page(p.Page).ToHaveURL(regexp.MustCompile(`^https?://[^/]+`+path+`([?#].*)?$`)), "be at %s", path)
}

// seeQuery waits until the address has a part of its query. What a page says does not tell that it has come where the page before
// said the same.
func (p *page) seeQuery(part string) {
	p.t.Helper()
	p.must(p.expect.Page(p.Page).ToHaveURL(regexp.MustCompile(`[?&]`+regexp.QuoteMeta(part)+`(&|#|$)`)), "be at ?%s", part)
}

func (p *page) field(label string) playwright.Locator {
	return p.GetByLabel(label, playwright.PageGetByLabelOptions{Exact: new(true)})
}

func (p *page) byRole(role playwright.AriaRole, name string) playwright.Locator {
	return p.GetByRole(role, playwright.PageGetByRoleOptions{Name: name, Exact: new(true)})
}

// The driver's default of 30 seconds for actions cannot be changed in this version: SetDefaultTimeout has no effect.
// So every action sets it.
func timeout() *float64 { return new(float64(wait)) }

// waitForScripts waits until the scripts of a page run that has just been come to: before, they miss what is pressed or typed.
func (p *page) waitForScripts() {
	p.t.Helper()
	p.must(p.WaitForLoadState(playwright.PageWaitForLoadStateOptions{State: playwright.LoadStateDomcontentloaded}), "wait for the scripts of %s", p.URL())
}

// fill types a value into a field.
func (p *page) fill(label, value string) {
	p.t.Helper()
	p.waitForScripts()
	p.must(p.field(label).Fill(value, playwright.LocatorFillOptions{Timeout: timeout()}), "fill %q", label)
}

// choose picks an option of a list by its words.
func (p *page) choose(label, choice string) {
	p.t.Helper()
	p.waitForScripts()
	if line := p.field(label).And(p.GetByRole(*playwright.AriaRoleCombobox)).And(p.Locator("input")); p.count(line) > 0 {
		p.must(line.Fill(choice, playwright.LocatorFillOptions{Timeout: timeout()}), "search %q in %q", choice, label)
		p.keys("Enter")
		p.must(p.expect.Locator(line).ToHaveValue(choice), "choose %q in %q", choice, label)
		return
	}
	_, err := p.field(label).SelectOption(playwright.SelectOptionValues{Labels: &[]string{choice}},
		playwright.LocatorSelectOptionOptions{Timeout: timeout()})
	p.must(err, "choose %q in %q", choice, label)
}

// count is how many elements there are now, once the script of the page has run.
func (p *page) count(of playwright.Locator) int {
	p.t.Helper()
	n, err := of.Count()
	p.must(err, "count elements")
	return n
}

// tick ticks a checkbox or picks a radio button.
func (p *page) tick(label string) {
	p.t.Helper()
	p.waitForScripts()
	p.must(p.field(label).Check(playwright.LocatorCheckOptions{Timeout: timeout()}), "tick %q", label)
}

// press presses a button.
func (p *page) press(button string) {
	p.t.Helper()
	p.waitForScripts()
	p.must(p.byRole(*playwright.AriaRoleButton, button).Click(playwright.LocatorClickOptions{Timeout: timeout()}), "press %q", button)
}

// follow follows a link.
func (p *page) follow(link string) {
	p.t.Helper()
	p.waitForScripts()
	p.must(p.byRole(*playwright.AriaRoleLink, link).Click(playwright.LocatorClickOptions{Timeout: timeout()}), "follow %q", link)
}

// keys presses keys, one after the other: "Enter", "Space", "Shift+Tab", "a".
func (p *page) keys(keys ...string) {
	p.t.Helper()
	p.waitForScripts()
	for _, key := range keys {
		p.must(p.Keyboard().Press(key), "press the key %s", key)
	}
}

// tabTo presses Tab until the field, button or link of that name has the focus.
func (p *page) tabTo(name string) {
	p.t.Helper()
	focused := p.field(name).Or(p.byRole(*playwright.AriaRoleButton, name)).Or(p.byRole(*playwright.AriaRoleLink, name)).
		And(p.Locator(":focus"))
	for range 100 {
		p.keys("Tab")
		n, err := focused.Count()
		p.must(err, "look for the focus")
		if n > 0 {
			return
		}
	}
	p.t.Fatalf("Tab does not lead to %q at %s", name, p.URL())
}

func (p *page) visibleText(text string) playwright.Locator {
	return p.GetByText(text).Filter(playwright.LocatorFilterOptions{Visible: new(true)})
}

// seeText waits until the page shows a text.
func (p *page) seeText(text string) {
	p.t.Helper()
	p.must(p.expect.Locator(p.visibleText(text).First()).ToBeVisible(), "see %q", text)
}

// seeNoText waits until the page does not show a text. Wait for what comes instead first: a page that is
// still on its way shows nothing.
func (p *page) seeNoText(text string) {
	p.t.Helper()
	p.must(p.expect.Locator(p.visibleText(text)).ToHaveCount(0), "see no %q", text)
}

// seeHeading waits until the page shows a heading.
func (p *page) seeHeading(name string) {
	p.t.Helper()
	p.must(p.expect.Locator(p.byRole(*playwright.AriaRoleHeading, name)).ToBeVisible(), "see the heading %q", name)
}

// seeValue waits until a field holds a value.
func (p *page) seeValue(label, value string) {
	p.t.Helper()
	p.must(p.expect.Locator(p.field(label)).ToHaveValue(value), "see a value in %q", label)
}

// seeMessage waits until a screen reader would read a text together with a field: its help, or its mistake.
func (p *page) seeMessage(label, text string) {
	p.t.Helper()
	message := regexp.MustCompile(regexp.QuoteMeta(text))
	p.must(p.expect.Locator(p.field(label)).ToHaveAccessibleDescription(message), "see a message at %q", label)
}

// fits checks that nothing makes the page wider than the screen.
func (p *page) fits() {
	p.t.Helper()
	p.waitForScripts()
	over, err := p.Evaluate(`document.documentElement.scrollWidth - document.documentElement.clientWidth`)
	p.must(err, "measure the page")
	if over != 0 {
		p.t.Errorf("%s is wider than the screen: got %v pixels too many, want 0", p.URL(), over)
	}
}

// shot keeps a picture of the whole page as .artifacts/shots/NAME-WIDTH-SCHEME.png, when E2E_SHOTS is set.
func (p *page) shot(name string) {
	p.t.Helper()
	if os.Getenv("E2E_SHOTS") == "" {
		return
	}
	dir, err := artifacts("shots")
	p.must(err, "make the folder of the pictures")
	file := filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, p.ViewportSize().Width, *p.media().ColorScheme))
	_, err = p.Screenshot(playwright.PageScreenshotOptions{
		Path: &file, FullPage: new(true), Caret: playwright.ScreenshotCaretInitial, // hiding it would need an inline style
	})
	p.must(err, "take the picture %s", file)
}

// media returns what the visitor's browser prefers now.
func (p *page) media() playwright.PageEmulateMediaOptions {
	p.t.Helper()
	answer, err := p.Evaluate(`["(prefers-color-scheme: dark)", "(prefers-reduced-motion: reduce)"].map(query => matchMedia(query).matches).join()`)
	p.must(err, "ask what the browser prefers")
	inDark, atRest, _ := strings.Cut(fmt.Sprint(answer), ",")
	prefers := playwright.PageEmulateMediaOptions{
		ColorScheme: playwright.ColorSchemeLight, ReducedMotion: playwright.ReducedMotionNoPreference,
	}
	if inDark == "true" {
		prefers.ColorScheme = playwright.ColorSchemeDark
	}
	if atRest == "true" {
		prefers.ReducedMotion = playwright.ReducedMotionReduce
	}
	return prefers
}
