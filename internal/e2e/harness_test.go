package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// serve answers every path with one small page, under the strictest policy docket could have.
func serve(t *testing.T, body string) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">`+
			`<title>Harness</title><main>%s</main></html>`, body)
	})
	mux.HandleFunc("GET /app.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `console.error("the console is unhappy"); document.querySelector("h1").textContent = "Scripted"; nothing();`)
	})
	mux.HandleFunc("POST /", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusUnprocessableEntity)
		fmt.Fprintf(w, `<!doctype html><html lang="en"><title>No</title><h1>Please look again</h1><p>%s %s %s</p>`,
			r.FormValue("email"), r.FormValue("country"), r.FormValue("terms"))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

const example = `<h1>Apply</h1><form method="post">
	<label for="email">Email</label> <input id="email" name="email" value="none yet" aria-describedby="help"> <p id="help">We write once.</p>
	<label for="again">Email again</label> <input id="again">
	<label for="country">Country</label> <select id="country" name="country"><option>France</option><option value="vn">Việt Nam</option></select>
	<label><input type="checkbox" name="terms" value="agreed"> I agree</label>
	<button>Send</button></form> <p hidden>secret</p> <a href="/elsewhere">Elsewhere</a>`

func wantProblems(t *testing.T, p *page, want ...string) {
	t.Helper()
	got := p.problems()
	if len(got) != len(want) {
		t.Fatalf("problems: got %d %q, want %d like %q", len(got), got, len(want), want)
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("problem %d: got %q, want one with %q", i, got[i], want[i])
		}
	}
}

func TestWatch_ScriptAndConsoleErrors(t *testing.T) {
	t.Parallel()
	p := open(t, serve(t, `<h1>Plain</h1><script src="/app.js"></script>`))
	p.seeHeading("Scripted")
	wantProblems(t, p, "console error: the console is unhappy", "script error: nothing is not defined at http")
}

func TestWatch_PolicyViolations(t *testing.T) {
	t.Parallel()
	p := open(t, serve(t, `<h1>Plain</h1><script>document.title = "changed"</script>`))
	p.seeHeading("Plain")
	wantProblems(t, p, "CSP violation: ")
}

func TestWatch_UnexpectedStatus(t *testing.T) {
	t.Parallel()
	p := open(t, serve(t, example+`<img src="http://elsewhere.invalid/" alt="">`))
	wantProblems(t, p, "CSP violation: ", "request failed: GET http://elsewhere.invalid/: csp")
	p = open(t, serve(t, example))
	p.press("Send")
	p.seeHeading("Please look again")
	wantProblems(t, p, "answered 422")
	wantProblems(t, p)

	p.expectStatus(http.StatusUnprocessableEntity)
	p.expectStatus(http.StatusConflict)
	p.visit("/")
	p.press("Send")
	p.seeHeading("Please look again")
	wantProblems(t, p, "expected a 409, and none came")
}

func TestPage_FillAndRead(t *testing.T) {
	t.Parallel()
	p := open(t, serve(t, example))
	p.expectStatus(http.StatusUnprocessableEntity)
	p.seeMessage("Email", "We write once")
	p.seeValue("Email", "none yet")
	p.seeNoText("secret")
	p.follow("Elsewhere")
	p.at("/else.*")
	p.fill("Email", "an@example.org")
	p.choose("Country", "Việt Nam")
	p.tick("I agree")
	p.shot("harness")
	p.press("Send")
	p.seeText("an@example.org vn agreed")
}

func TestPage_KeyboardWithoutScript(t *testing.T) {
	t.Parallel()
	p := open(t, serve(t, example+`<script src="/app.js"></script>`), noScript)
	p.expectStatus(http.StatusUnprocessableEntity)
	p.seeHeading("Apply")
	p.tabTo("Email")
	p.keys("A", "n")
	p.tabTo("Send")
	p.keys("Enter")
	p.seeText("An France")
}

func TestPage_DarkPhone(t *testing.T) {
	t.Parallel()
	p := open(t, serve(t, example), phone, dark, still)
	p.fits()
	axe(t, p)
	if prefers := p.media(); *prefers.ColorScheme != "dark" || *prefers.ReducedMotion != "reduce" {
		t.Errorf("after axe: got %s and %s, want dark and reduce", *prefers.ColorScheme, *prefers.ReducedMotion)
	}
	got, err := p.Evaluate(`[innerWidth, innerHeight, "ontouchstart" in window].join()`)
	if want := "360,740,true"; err != nil || got != want {
		t.Errorf("phone: got %v, %v, want %v", got, err, want)
	}
}

func TestAxe_MissingLabel(t *testing.T) {
	t.Parallel()
	p := open(t, serve(t, `<h1>Plain</h1><input>`))
	got := runAxe(p, playwright.ColorSchemeDark, allRules)
	if len(got) != 1 || got[0].ID != "label" {
		t.Errorf("axe: got %v, want one violation of the rule label", got)
	}
}

func TestAxe_LeavesColoursAlone(t *testing.T) {
	t.Parallel()
	p := open(t, serve(t, example))
	axe(t, p)
	if prefers := p.media(); *prefers.ColorScheme != "light" || *prefers.ReducedMotion != "no-preference" {
		t.Errorf("after axe: got %s and %s, want light and no-preference", *prefers.ColorScheme, *prefers.ReducedMotion)
	}
}
