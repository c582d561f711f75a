package arch

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// plan says for every package which others of ours it may import. A package that is not here may not exist: add it,
// with a reason, or put the code where it belongs.
var plan = map[string][]string{
	"internal/ticket":      {},
	"internal/live":        {},
	"internal/strict":      {},
	"internal/picture":     {},
	"internal/mrz":         {},
	"static":               {},
	"internal/lang":        {},
	"internal/form":        {"internal/ticket", "internal/lang", "internal/strict", "internal/mrz"},
	"internal/cache":       {"internal/ticket"},
	"internal/postgres":    {"internal/ticket"},
	"internal/metrics":     {"internal/ticket"},
	"db":                   {},
	"db/migrations":        {},
	"internal/store":       {"internal/ticket", "internal/form", "db", "internal/postgres"},
	"internal/account":     {"internal/ticket", "internal/form", "db", "internal/postgres"},
	"internal/files":       {"internal/ticket", "internal/form", "db", "internal/postgres", "internal/picture"},
	"internal/forms":       {"internal/form", "db", "internal/postgres"},
	"views":                {"internal/ticket", "internal/form", "internal/lang", "internal/mrz", "static"},
	"web":                  {"internal/ticket", "internal/form", "internal/forms", "internal/lang", "internal/account", "internal/files", "internal/picture", "internal/live", "internal/metrics", "internal/strict", "views", "static"},
	"internal/instance":    {"internal/ticket", "internal/form", "internal/forms", "internal/account", "internal/live", "internal/metrics", "internal/postgres", "internal/store", "internal/files", "internal/cache", "web"},
	"internal/pgdev":       {},
	"internal/command":     {"internal/account", "internal/files", "internal/form", "internal/instance", "internal/pgdev", "internal/picture", "internal/postgres", "internal/progress", "internal/store", "internal/ticket", "db/migrations", "web"},
	".":                    {"internal/command"},
	"internal/testdb":      {"internal/pgdev", "db/migrations"},
	"internal/testdb/with": {"internal/testdb", "internal/pgdev"},
	"internal/testsite":    {"internal/account", "internal/files", "internal/form", "internal/instance", "internal/testdb"},
	"internal/e2e":         {},
	"internal/faults":      {},
	"internal/progress":    {},
	"internal/proof":       {"internal/ticket"},
	"internal/bench":       {"internal/proof", "internal/cache", "internal/account", "internal/form", "internal/pgdev", "internal/postgres", "internal/progress", "internal/store", "internal/testdb", "internal/testsite", "internal/ticket", "db", "db/migrations"},
	"internal/testpicture": {},
	"internal/arch":        {},
}

// barred says which packages of others stay out of which of ours.
var barred = map[string][]string{
	"internal/ticket":  {"net/http", "github.com/jackc/pgx"},
	"internal/live":    {"net/http", "github.com/jackc/pgx"},
	"internal/lang":    {"net/http", "github.com/jackc/pgx"},
	"internal/form":    {"net/http", "github.com/jackc/pgx"},
	"internal/strict":  {"net/http", "github.com/jackc/pgx"},
	"internal/picture": {"net/http", "os", "github.com/jackc/pgx"},
	"internal/cache":   {"net/http", "github.com/jackc/pgx"},
	"views":            {"github.com/jackc/pgx"},
	"web":              {"github.com/jackc/pgx", "database/sql", "github.com/patrickmn/go-cache"},
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) (all []pkg) {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "docket/...")
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func ours(path string) (string, bool) {
	if path == "docket" {
		return ".", true
	}
	return strings.CutPrefix(path, "docket/")
}

func TestEveryPackageImportsOnlyWhatThePlanAllows(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		name, _ := ours(p.ImportPath)
		allowed, known := plan[name]
		if !known {
			t.Errorf("%s is not on the plan", name)
		}
		for _, imported := range p.Imports {
			if other, ok := ours(imported); ok && !slices.Contains(allowed, other) {
				t.Errorf("%s imports %s, which the plan does not allow", name, other)
			}
			for _, out := range barred[name] {
				if imported == out || strings.HasPrefix(imported, out+"/") {
					t.Errorf("%s imports %s, which must stay out of it", name, imported)
				}
			}
		}
	}
}
