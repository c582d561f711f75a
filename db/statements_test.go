package db_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/testkit/testdb"
)

// TestStatements_Prepare has PostgreSQL read every statement: sqlc lets columns pass that a sub-select does not have.
func TestStatements_Prepare(t *testing.T) {
	t.Parallel()
	conn, err := pgx.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, s := range readStatements(t) {
		if _, err := conn.Prepare(t.Context(), "", s.text); err != nil {
			t.Errorf("%s: %s: %v", s.file, s.name, err)
		}
	}
}

type statement struct{ file, name, text string }

// readStatements reads the statements of the generated code.
func readStatements(t *testing.T) (all []statement) {
	t.Helper()
	files, err := filepath.Glob("*.sql.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(files, "batch.go") {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING || !strings.HasPrefix(literal.Value, "`-- name: ") {
				return true
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, statement{file: name, name: strings.Fields(text)[2], text: text})
			return true
		})
	}
	if len(all) < 300 {
		t.Errorf("%d statements were read, want all", len(all))
	}
	return all
}
