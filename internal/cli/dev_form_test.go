package cli_test

import (
	"bufio"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestDev_FormIsReadAgain saves a form with a mistake, and then one without, while docket dev serves it.
func TestDev_FormIsReadAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "form.yaml")
	save := func(title, more string) {
		t.Helper()
		if err := os.WriteFile(path, []byte("name: x\ntitle: "+title+"\nfields: [{name: a, label: A}]\n"+more), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	save("First title", "")
	d := startDev(t, filepath.Join(dir, "data"), "--form", path)
	saved := followFormFile(t, d.url)
	if _, page := get(t, d.url+"/login"); !strings.Contains(page, "First title") || !strings.Contains(page, "/static/dev.") {
		t.Errorf("the page before: %s", page)
	}
	save("Second title", "zzz: 1\n")
	saved()
	if _, page := get(t, d.url+"/login"); !strings.Contains(page, "First title") || !strings.Contains(page, "form.yaml has mistakes") || !strings.Contains(page, "line 4, column 1: unknown key") {
		t.Errorf("the page with a mistake: %s", page)
	}
	save("Third title", "")
	saved()
	if _, page := get(t, d.url+"/login"); !strings.Contains(page, "Third title") || strings.Contains(page, "has mistakes") {
		t.Errorf("the page after: %s", page)
	}
	if code := d.end(t, syscall.SIGTERM); code != 0 {
		t.Errorf("it ends with %d", code)
	}
}

// followFormFile follows the events of the form file; each call waits for the next state.
func followFormFile(t *testing.T, base string) func() {
	t.Helper()
	answer, err := http.Get(base + "/dev/form/events")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	lines, last := bufio.NewScanner(answer.Body), ""
	next := func() {
		t.Helper()
		for lines.Scan() {
			if state, ok := strings.CutPrefix(lines.Text(), "data: "); ok && state != last {
				last = state
				return
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
	}
	next() // the state at the start
	return next
}
