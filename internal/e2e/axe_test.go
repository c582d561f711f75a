package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/testkit/testbrowser"
)

// axeSource is axe-core; Evaluate runs it under any CSP.
var axeSource = sync.OnceValues(func() (string, error) {
	root, err := testbrowser.RepoRoot()
	if err != nil {
		return "", err
	}
	source, err := os.ReadFile(filepath.Join(root, "node_modules", "axe-core", "axe.min.js"))
	return string(source), err
})

// violation is one rule of WCAG 2.2 AA that a page breaks, as axe reports it.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

func (v violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", v.ID, v.Help)
	for _, node := range v.Nodes {
		fmt.Fprintf(&b, "\n  %s\n    %s", node.HTML, strings.ReplaceAll(node.Summary, "\n", "\n    "))
	}
	return b.String()
}

// Arguments of axe.run: all rules of WCAG 2.2 AA, and the one whose result depends on the colour scheme.
const (
	allRules     = `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]`
	contrastRule = `["color-contrast"]`
)

// axe fails the test for every rule of WCAG 2.2 AA that the page breaks, in light and in dark colours.
func axe(t *testing.T, p *page) {
	t.Helper()
	before := p.media()
	for _, run := range []struct {
		scheme *playwright.ColorScheme
		rules  string
	}{{playwright.ColorSchemeLight, allRules}, {playwright.ColorSchemeDark, contrastRule}} {
		for _, v := range runAxe(p, run.scheme, run.rules) {
			t.Errorf("%s, %s: %v", p.URL(), *run.scheme, v)
		}
	}
	p.must(p.EmulateMedia(before), "change the colour scheme back")
}

// runAxe returns the violations, and leaves the page still and in that colour scheme. It finishes transitions first: half-way between
// two colours, a text has too little contrast.
func runAxe(p *page, scheme *playwright.ColorScheme, rules string) []violation {
	p.t.Helper()
	source, err := axeSource()
	p.must(err, "read axe")
	p.must(p.EmulateMedia(playwright.PageEmulateMediaOptions{
		ColorScheme: scheme, ReducedMotion: playwright.ReducedMotionReduce,
	}), "change the colour scheme")
	loaded, err := p.Evaluate(`"axe" in window`)
	if err == nil && loaded != true {
		_, err = p.Evaluate("() => {" + source + "}") // as a function it is read once; as an expression, twice
	}
	p.must(err, "load axe")
	answer, err := p.Evaluate(`async () => {
		for (const a of document.getAnimations()) if (a instanceof CSSTransition) a.finish()
		return JSON.stringify((await axe.run(document, {runOnly: ` + rules + `, resultTypes: ["violations"]})).violations)
	}`)
	p.must(err, "run axe")
	var found []violation
	p.must(json.Unmarshal([]byte(fmt.Sprint(answer)), &found), "read what axe found")
	return found
}
