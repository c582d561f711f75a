package ticket_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"docket/internal/ticket"
)

// constants are the values of every constant of a type in this package, sorted.
func constants(t *testing.T, typeName string) (values []string) {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if name, ok := spec.Type.(*ast.Ident); ok && name.Name == typeName && len(spec.Values) == 1 {
				if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
					value, _ := strconv.Unquote(literal.Value) // the parser has accepted it
					values = append(values, value)
				}
			}
			return true
		})
	}
	slices.Sort(values)
	return values
}

func sortedTexts[T ~string](list []T) (texts []string) {
	for _, value := range list {
		texts = append(texts, string(value))
	}
	slices.Sort(texts)
	return texts
}

func TestLists_HaveEveryConstant(t *testing.T) {
	t.Parallel()
	for typeName, list := range map[string][]string{
		"Status":       sortedTexts(ticket.Statuses),
		"EventKind":    sortedTexts(ticket.EventKinds),
		"Outcome":      sortedTexts(ticket.Outcomes),
		"FinalOutcome": sortedTexts(ticket.FinalOutcomes),
		"Class":        sortedTexts(ticket.Classes),
		"NoteKind":     sortedTexts(ticket.NoteKinds),
	} {
		if want := constants(t, typeName); !slices.Equal(list, want) {
			t.Errorf("the list of type %s has %q, want its constants %q", typeName, list, want)
		}
	}
}
