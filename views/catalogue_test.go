package views_test

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"docket/internal/i18n"
)

// markupText is text between tags, and the values of attributes that people read or hear.
var (
	markupText    = regexp.MustCompile(`>([^<>]+)<`)
	readAttribute = regexp.MustCompile(`\s(?:title|alt|placeholder|aria-label)="([^"]+)"`)
	keyboardKey   = regexp.MustCompile(`<kbd>[^<]*</kbd>`)
	twoLetters    = regexp.MustCompile(`\pL\pL`)
	looksLikeText = regexp.MustCompile(`^\s*\p{Lu}\p{Ll}+(\s|[.,:!?]|$)|\pL\pL [\pL\pN].*[.!?]$`)
)

// TestTemplates_NoTextOfTheirOwn reads what templ made of the templates: whatever people read comes from internal/i18n, so
// the markup has no words of its own, and no string looks like a sentence or a label.
func TestTemplates_NoTextOfTheirOwn(t *testing.T) {
	t.Parallel()
	placeholders := placeholderNames(t)
	for _, pattern := range []string{"*.go", "../web/pages/*.go", "../web/listing/*.go"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(paths), err)
		}
		for _, path := range paths {
			if !strings.HasSuffix(path, "_test.go") {
				for _, text := range bareTexts(t, path, placeholders) {
					t.Errorf("%s: %q belongs into internal/i18n/locales", path, text)
				}
			}
		}
	}
}

// bareTexts are the strings of a Go file that people would read: in its markup, and outside of it whatever looks like a text
// and is neither an error of the program nor the name of a placeholder.
func bareTexts(t *testing.T, path string, placeholders map[string]bool) (found []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var markup strings.Builder
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.CallExpr:
			switch calledName(n) {
			case "WriteString": // templruntime.WriteString(buffer, line, markup)
				markup.WriteString(cmp.Or(literal(n.Args[len(n.Args)-1]), "·"))
				return false
			case "Error", "Warn", "Errorf", "New", "Set", "Add", "Get": // of logs, errors and headers
				return false
			}
		case *ast.BasicLit:
			if text := literal(n); looksLikeText.MatchString(text) && !placeholders[text] && !strings.ContainsAny(text, "<>=") {
				found = append(found, text)
			}
		}
		return true
	})
	html := keyboardKey.ReplaceAllString(markup.String(), "")
	for _, match := range append(markupText.FindAllStringSubmatch(html, -1), readAttribute.FindAllStringSubmatch(html, -1)...) {
		if text := strings.TrimSpace(match[1]); twoLetters.MatchString(text) {
			found = append(found, text)
		}
	}
	return found
}

// placeholderNames are the names of what the texts of the catalogue are filled in with.
func placeholderNames(t *testing.T) map[string]bool {
	t.Helper()
	catalogue, err := os.ReadFile("../" + i18n.File(i18n.Source))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, match := range regexp.MustCompile(`\{\{\.(\w+)\}\}`).FindAllStringSubmatch(string(catalogue), -1) {
		names[match[1]] = true
	}
	return names
}

func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

func literal(e ast.Expr) string {
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		text, _ := strconv.Unquote(lit.Value)
		return text
	}
	return ""
}
