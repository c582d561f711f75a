package arch

import (
	"go/ast"
	"slices"
	"testing"
)

// TestTransactions_OnlyByTransact keeps the server from transactions that are not repeated when it is known that they were not
// committed.
func TestTransactions_OnlyByTransact(t *testing.T) {
	t.Parallel()
	begin := []string{"Begin", "BeginTx", "BeginFunc", "BeginTxFunc"}
	others := []string{"internal/postgres", "internal/bench", "internal/pgdev", "db/migrations"}
	for path, in := range tree(t) {
		if slices.Contains(others, path) {
			continue
		}
		for _, file := range in.files {
			for call := range ast.Preorder(file) {
				if name := calledWithContext(call); slices.Contains(begin, name) {
					t.Errorf("%s calls %s; postgres.Transact repeats what is known not to have been committed", path, name)
				}
			}
		}
	}
}

// calledWithContext is the name of a method or function that is called with ctx first; empty for anything else.
func calledWithContext(n ast.Node) string {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return ""
	}
	called, ok := call.Fun.(*ast.SelectorExpr)
	first, named := call.Args[0].(*ast.Ident)
	if !ok || !named || first.Name != "ctx" {
		return ""
	}
	return called.Sel.Name
}
