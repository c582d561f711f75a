package client_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
)

// fenced is a piece of a page between fences: its kind and its text.
var fenced = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// TestDocs_API runs what docs/api.md prints, from top to bottom, in one shell, with the form that a newcomer has. JSON that stands behind commands has the members of their last
// answer, and text behind a program is what it prints.
func TestDocs_API(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	builtin, err := formfile.Parse(formfile.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	s, dir := testsite.Start(t, builtin, 1, testdb.New(t)), t.TempDir()
	write(t, filepath.Join(dir, ".docket", "env"), fmt.Sprintf("BASE_URL=%s\nAPI_KEY=%s\n", s.URL, s.Key(t, "docs", account.Scopes...)))
	write(t, filepath.Join(dir, "front.jpg"), string(testpicture.JPEG(testpicture.Front(testpicture.Anna, 1200), 85)))
	write(t, filepath.Join(dir, "selfie.jpg"), string(testpicture.JPEG(testpicture.Selfie(testpicture.Anna, 1200), 85)))
	blocks := fenced.FindAllStringSubmatch(string(page), -1)
	script := "set -euo pipefail\n"
	for i, block := range blocks {
		switch block[1] {
		case "sh":
			script += fmt.Sprintf("{\n%s} >out.%d\n", block[2], i)
		case "go":
			buildProgram(t, filepath.Join(dir, fmt.Sprint("program.", i)), block[2])
			script += fmt.Sprintf("./program.%d >out.%[1]d\n", i)
		}
	}
	shell := exec.CommandContext(t.Context(), "bash", "-c", script)
	shell.Dir = dir
	if out, err := shell.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for i, block := range blocks {
		if block[1] != "json" && block[1] != "text" {
			continue
		}
		printed, err := os.ReadFile(filepath.Join(dir, fmt.Sprint("out.", i-1)))
		if err != nil {
			t.Fatal(err)
		}
		if block[1] == "text" && string(printed) != block[2] {
			t.Errorf("the program prints\n%swant\n%s", printed, block[2])
		} else if block[1] == "json" {
			compareMembers(t, lastJSON(t, string(printed)), lastJSON(t, block[2]), "")
		}
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// buildProgram builds a program as one of this module.
func buildProgram(t *testing.T, binary, source string) {
	t.Helper()
	write(t, binary+".go", source)
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, binary+".go").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// lastJSON is the last of several values that stand one behind the other.
func lastJSON(t *testing.T, text string) (value any) {
	t.Helper()
	for decoder := json.NewDecoder(strings.NewReader(text)); decoder.More(); {
		if err := decoder.Decode(&value); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
	}
	return value
}

// compareMembers compares the members of objects, and of those in them. The answers of a form may be more than are shown.
func compareMembers(t *testing.T, got, shown any, at string) {
	t.Helper()
	if strings.HasSuffix(at, ".extra") {
		return
	}
	switch shown := shown.(type) {
	case map[string]any:
		got, _ := got.(map[string]any)
		if a, b := slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(shown)); !slices.Equal(a, b) {
			t.Errorf("the answer has %v at %q, the page shows %v", a, at, b)
		}
		for name := range shown {
			compareMembers(t, got[name], shown[name], at+"."+name)
		}
	case []any:
		got, _ := got.([]any)
		for i := range shown {
			if i >= len(got) {
				t.Errorf("the answer has %d items at %q, the page shows %d", len(got), at, len(shown))
				return
			}
			compareMembers(t, got[i], shown[i], at+"[]")
		}
	}
}
