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
	files, err := filepath.Glob("*.sql.go")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	prepared := 0
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
			statement, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			prepared++
			if _, err := conn.Prepare(t.Context(), "", statement); err != nil {
				t.Errorf("%s: %.60s: %v", name, statement, err)
			}
			return true
		})
	}
	if prepared < 300 {
		t.Errorf("%d statements were read, want all", prepared)
	}
}
