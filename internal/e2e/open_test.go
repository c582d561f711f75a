package e2e

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/testkit/testbrowser"
)

// wait is how many milliseconds an action or a search may take before the test fails. Two processors
// with four browsers and their servers are slow.
const wait = 30_000

// option is how a visitor's browser differs from a light desktop of 1440×900.
type option func(*playwright.BrowserNewContextOptions)

func phone(o *playwright.BrowserNewContextOptions) {
	o.Viewport = &playwright.Size{Width: 360, Height: 740}
	o.HasTouch, o.IsMobile = new(true), new(true)
}

func desktop(o *playwright.BrowserNewContextOptions) {
	o.Viewport = &playwright.Size{Width: 1440, Height: 900}
}

func dark(o *playwright.BrowserNewContextOptions)  { o.ColorScheme = playwright.ColorSchemeDark }
func still(o *playwright.BrowserNewContextOptions) { o.ReducedMotion = playwright.ReducedMotionReduce }

func noScript(o *playwright.BrowserNewContextOptions) {
	o.JavaScriptEnabled = new(false)
}

// open shows address to a new visitor, with cookies of their own. When the test ends the page must have had
// no problem; see problems. What a failed test saw is kept in .artifacts/failed, with a trace when E2E_TRACE is set.
func open(t *testing.T, address string, options ...option) *page {
	t.Helper()
	visitor := newContext(t, options)
	watch := watchContext(visitor)
	tab, err := visitor.NewPage()
	if err != nil {
		t.Fatalf("open a page: %v", err)
	}
	p := &page{Page: tab, t: t, watch: watch, expect: playwright.NewPlaywrightAssertions(wait)}
	t.Cleanup(p.closeContext)
	p.visit(address)
	return p
}

func newContext(t *testing.T, options []option) playwright.BrowserContext {
	t.Helper()
	b, err := browser()
	if errors.Is(err, testbrowser.ErrMissing) && os.Getenv("E2E_ALLOW_SKIP") == "1" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	how := playwright.BrowserNewContextOptions{Locale: new("en-GB"), TimezoneId: new("UTC")}
	for _, set := range append([]option{desktop}, options...) {
		set(&how)
	}
	visitor, err := b.NewContext(how)
	if err != nil {
		t.Fatalf("open a browser context: %v", err)
	}
	visitor.SetDefaultNavigationTimeout(wait)
	if os.Getenv("E2E_TRACE") != "" { // a trace takes a sixth of the time of the tests
		if err := visitor.Tracing().Start(playwright.TracingStartOptions{Snapshots: new(true)}); err != nil {
			t.Fatalf("start the trace: %v", err)
		}
	}
	return visitor
}

// closeContext reports the problems, keeps evidence if there were any, and closes the browser context.
func (p *page) closeContext() {
	problems := p.problems()
	for _, problem := range problems {
		p.t.Errorf("the page had a problem: %s", problem)
	}
	if p.t.Failed() {
		p.keepEvidence(problems)
	}
	if err := p.Context().Close(); err != nil {
		p.t.Errorf("close the browser context: %v", err)
	}
}

// keepEvidence saves what it can; its own errors are only logged.
func (p *page) keepEvidence(problems []string) {
	dir, err := artifacts("failed", strings.NewReplacer("/", "_", " ", "_").Replace(p.t.Name()))
	if err == nil {
		dir, err = os.MkdirTemp(dir, "page-")
	}
	if err != nil {
		p.t.Logf("no evidence kept: %v", err)
		return
	}
	_, noPicture := p.Screenshot(playwright.PageScreenshotOptions{Path: new(filepath.Join(dir, "page.png")), FullPage: new(true)})
	html, noHTML := p.Content()
	roles, noRoles := p.AriaSnapshot()
	var noTrace error
	if os.Getenv("E2E_TRACE") != "" {
		noTrace = p.Context().Tracing().Stop(filepath.Join(dir, "trace.zip"))
	}
	p.t.Logf("%s is in %s", p.URL(), dir)
	for name, text := range map[string]string{
		"page.html": html, "roles.yaml": roles, "problems.txt": p.URL() + "\n" + strings.Join(problems, "\n") + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			p.t.Logf("%s is not kept: %v", name, err)
		}
	}
	for _, err := range []error{noPicture, noHTML, noRoles, noTrace} {
		if err != nil {
			p.t.Logf("some evidence is not kept: %v", err)
		}
	}
}

// artifacts makes and returns a folder in the repository's .artifacts, which git ignores.
func artifacts(names ...string) (string, error) {
	root, err := testbrowser.RepoRoot()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(append([]string{root, ".artifacts"}, names...)...)
	return dir, os.MkdirAll(dir, 0o755)
}
