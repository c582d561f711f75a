package i18n_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"docket/internal/i18n"
)

const root = "../.."

// texts are the texts of one file of words: key → plural form → text; a text without plural has only "other".
func texts(t *testing.T, tag string) map[string]map[string]string {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(root, i18n.File(tag)))
	if err != nil {
		t.Fatal(err)
	}
	var read map[string]any
	if err := yaml.Unmarshal(src, &read); err != nil {
		t.Fatalf("%s: %v", tag, err)
	}
	all := map[string]map[string]string{}
	for key, value := range read {
		forms := map[string]string{}
		switch value := value.(type) {
		case string:
			forms["other"] = value
		case map[string]any:
			for form, text := range value {
				forms[form], _ = text.(string)
			}
		}
		if forms["other"] == "" {
			t.Errorf("%s: %s has no text", tag, key)
		}
		all[key] = forms
	}
	return all
}

func TestCatalogue_SameKeysAndPlaceholders(t *testing.T) {
	t.Parallel()
	want := texts(t, i18n.Source)
	for _, tag := range i18n.Tags() {
		got := texts(t, tag)
		for key := range want {
			if got[key] == nil {
				t.Errorf("%s misses %s", i18n.File(tag), key)
				continue
			}
			for form, text := range got[key] {
				if placeholders(text) != placeholders(want[key]["other"]) {
					t.Errorf("%s: %s (%s) has the placeholders %q, want %q", tag, key, form, placeholders(text), placeholders(want[key]["other"]))
				}
			}
		}
		for key := range got {
			if want[key] == nil {
				t.Errorf("%s has %s, which %s does not", i18n.File(tag), key, i18n.File(i18n.Source))
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{\{\.\w+\}\}`)

func placeholders(text string) string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return strings.Join(slices.Compact(found), " ")
}

// TestCatalogue_EveryTextIsUsed reads the program: a key stands in it whole, or begins with a string that ends in a dot, such as
// "status.", to which the program adds the rest.
func TestCatalogue_EveryTextIsUsed(t *testing.T) {
	t.Parallel()
	known, used := texts(t, i18n.Source), map[string]bool{}
	families := map[string]bool{}
	for key := range known {
		families[key[:strings.Index(key, ".")]] = true
	}
	for text := range literals(t) {
		family, rest, dotted := strings.Cut(text, ".")
		switch {
		case !dotted || !families[family]:
		case known[text] != nil:
			used[text] = true
		case rest == "" || strings.HasSuffix(text, "."):
			for key := range known {
				used[key] = used[key] || strings.HasPrefix(key, text)
			}
		case looksLikeKey.MatchString(text) && filepath.Ext(text) != ".yaml" && filepath.Ext(text) != ".json":
			t.Errorf("the program says %q, which no language has", text)
		}
	}
	for key := range known {
		if !used[key] {
			t.Errorf("%s is used nowhere; delete it from every language", key)
		}
	}
}

var looksLikeKey = regexp.MustCompile(`^[a-z_]+(\.[a-z_]+)+$`)

// literals is every string in the program, tests aside.
func literals(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	files := token.NewFileSet()
	for _, dir := range []string{"internal", "views", "web"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			switch path {
			case filepath.Join(root, "internal", "feed", "event.go"), filepath.Join(root, "internal", "form", "known.go"): // the types of events, and what forms name, look like keys
				return nil
			}
			file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
					words, _ := strconv.Unquote(text.Value)
					found[words] = true
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}
