package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/playwright-community/playwright-go"
)

// watch collects the problems of a browser context: errors of scripts, failed requests, unexpected statuses. Its handlers run on the driver's goroutine.
type watch struct {
	mu       sync.Mutex
	problems []string
	refused  []refusal
	expected map[int]bool // by status: whether it was seen
}

// refusal is an answer of 400 or more.
type refusal struct {
	status  int
	problem string
	late    bool // what a page asked by itself came too late
}

func watchContext(visitor playwright.BrowserContext) *watch {
	w := &watch{expected: map[int]bool{}}
	visitor.OnConsole(w.console)
	visitor.OnWebError(w.thrown)
	visitor.OnRequestFailed(w.failed)
	visitor.OnResponse(w.answered)
	return w
}

func (w *watch) add(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.problems = append(w.problems, fmt.Sprintf(format, args...))
}

func (w *watch) console(m playwright.ConsoleMessage) {
	switch text := m.Text(); {
	case m.Type() != "error":
	case strings.HasPrefix(text, "Failed to load resource:"), strings.Contains(text, "Failed to fetch"): // failed and answered report these with more detail
	case strings.HasPrefix(text, "The Cross-Origin-Opener-Policy header has been ignored"): // as it is by plain http under a name
	case strings.HasPrefix(text, "Clear-Site-Data") && strings.HasSuffix(text, "Not supported for insecure origins."): // ignored without https
	case strings.HasPrefix(text, "EventSource's response has a MIME type"): // its session has ended or is not complete; the page finds out and leaves
	case strings.Contains(text, "Content Security Policy"):
		w.add("CSP violation: %s", text)
	default:
		w.add("console error: %s", text)
	}
}

func (w *watch) thrown(e playwright.WebError) {
	where := e.Location()
	w.add("script error: %s at %s:%d", strings.TrimPrefix(e.Error().Error(), "playwright: "), where.URL, where.Line+1)
}

func (w *watch) failed(r playwright.Request) {
	err := r.Failure()
	// The page canceled it itself, for example an event stream when it was left.
	if err != nil && strings.Contains(err.Error(), "net::ERR_ABORTED") {
		return
	}
	w.add("request failed: %s %s: %v", r.Method(), r.URL(), err)
}

func (w *watch) answered(r playwright.Response) {
	if r.Status() < 400 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	problem := fmt.Sprintf("%s %s answered %d", r.Request().Method(), r.URL(), r.Status())
	w.refused = append(w.refused, refusal{r.Status(), problem, isLate(r)})
}

// isLate reports whether a page asked by itself when its session had ended, or claimed its ticket when that was decided.
func isLate(r playwright.Response) bool {
	claimed := r.Status() == http.StatusConflict && strings.HasSuffix(r.URL(), "/claim")
	return (claimed || r.Status() == http.StatusUnauthorized) && r.Request().Headers()["docket-background"] != ""
}

// take returns the problems since the last call, less the expected and the late ones.
func (w *watch) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := w.problems
	for _, r := range w.refused {
		if _, ok := w.expected[r.status]; ok {
			w.expected[r.status] = true
		} else if !r.late {
			found = append(found, r.problem)
		}
	}
	for status, seen := range w.expected {
		if !seen {
			found = append(found, fmt.Sprintf("expected a %d, and none came", status))
			w.expected[status] = true
		}
	}
	w.problems, w.refused = nil, nil
	return found
}

func (w *watch) expect(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.expected[status] = false
}

// problems returns what went wrong since the last call: console and script errors, CSP violations, requests that
// failed, answers of 400 and more that expectStatus did not announce, announced ones that did not come.
func (p *page) problems() []string {
	// What the page sent before this answer has arrived before it; a page that cannot answer has its own problem.
	_, _ = p.Title()
	return p.watch.take()
}

// expectStatus says that at least one answer has this status, and that it is no problem.
func (p *page) expectStatus(status int) { p.watch.expect(status) }
