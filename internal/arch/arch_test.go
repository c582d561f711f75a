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
	// The domain.
	"internal/ticket": {},

	// Small packages that know nothing of tickets.
	"internal/broadcast":   {},
	"internal/strictjson":  {},
	"internal/photo":       {"internal/grey"},
	"internal/grey":        {},
	"internal/qr":          {"internal/grey"},
	"internal/citizencard": {"internal/form/day", "internal/plaintext"},
	"internal/face":        {"internal/grey"},
	"internal/face/turn":   {}, // a program: makes the table of internal/face
	"internal/evidence":    {"internal/mrz", "internal/plaintext"},
	"internal/mrz":         {},
	"internal/mrz/letters": {"internal/grey"},
	"internal/mrz/ocr":     {"internal/grey", "internal/mrz", "internal/mrz/letters"},
	"internal/i18n":        {},
	"internal/country":     {"internal/i18n", "internal/plaintext"},
	"internal/plaintext":   {},
	"internal/spelling":    {},
	"internal/progress":    {},
	"internal/sla":         {},
	"internal/sessionkey":  {},
	"internal/bearertoken": {},
	"internal/sleep":       {},

	// The form: its model, its file, its rules.
	"internal/form/theme":              {},
	"internal/form/linktext":           {},
	"internal/form/mailtext":           {},
	"internal/form/optionlist":         {"internal/plaintext"},
	"internal/form/jsontext":           {"internal/strictjson"},
	"internal/form":                    {"internal/form/dateparts", "internal/citizencard", "internal/form/day", "internal/evidence", "internal/form/jsontext", "internal/form/optionlist", "internal/sla", "internal/ticket", "internal/i18n", "internal/mrz", "internal/country", "internal/plaintext", "internal/form/checkdigit", "internal/form/address", "internal/form/money", "internal/form/decimal", "internal/form/phone", "internal/form/linktext", "internal/form/mailtext", "internal/form/theme", "internal/form/input"},
	"internal/form/money":              {},
	"internal/form/formstep":           {"internal/form"},
	"internal/form/dateparts":          {"internal/plaintext"},
	"internal/form/decimal":            {},
	"internal/form/phone":              {},
	"internal/form/address":            {},
	"internal/form/input":              {"internal/form/jsontext"},
	"internal/form/day":                {},
	"internal/form/checkdigit":         {},
	"internal/form/finding":            {"internal/citizencard", "internal/evidence", "internal/form", "internal/plaintext"},
	"internal/form/formkeys":           {"internal/evidence", "internal/form/address", "internal/form/mailtext", "internal/form", "internal/ticket"},
	"internal/form/formkeys/reference": {"internal/form/formkeys"},
	"internal/form/retake":             {"internal/form", "internal/i18n"},
	"internal/form/formfile":           {"internal/citizencard", "internal/country", "internal/form/day", "internal/form/formstep", "internal/evidence", "internal/form/address", "internal/form/money", "internal/form/optionlist", "internal/sla", "internal/form", "internal/form/formkeys", "internal/form/rules", "internal/i18n", "internal/plaintext", "internal/spelling", "internal/ticket", "internal/form/linktext", "internal/form/mailtext", "internal/form/theme"},
	"internal/search":                  {"internal/plaintext", "internal/form", "internal/form/phone", "internal/ticket", "internal/sessionkey"},
	"internal/devform":                 {"internal/form", "internal/form/formfile", "internal/sleep"},
	"internal/form/starter":            {"internal/form/formfile"},
	"internal/form/formdiff":           {"internal/form", "internal/form/theme", "internal/i18n"},
	"internal/form/rules":              {"internal/form/day", "internal/form/finding", "internal/evidence", "internal/form", "internal/form/checkdigit", "internal/i18n", "internal/spelling", "internal/ticket"},

	// What keeps tickets, and what belongs to them.
	"db":                       {},
	"db/migrations":            {},
	"internal/postgres":        {"internal/ticket"},
	"internal/mac":             {"db", "internal/postgres", "internal/sessionkey"},
	"internal/batch":           {"internal/ticket", "db", "internal/postgres"},
	"internal/store":           {"internal/archive", "internal/ticket", "db", "internal/batch", "internal/postgres", "internal/sleep"},
	"internal/cache":           {"internal/ticket"},
	"internal/claim":           {"internal/ticket", "db", "internal/postgres", "internal/sleep"},
	"internal/feed":            {"internal/ticket", "db", "internal/postgres", "internal/sleep"},
	"internal/webhook":         {"internal/feed", "db", "internal/postgres", "internal/sessionkey", "internal/sleep"},
	"internal/savedview":       {"internal/ticket", "db", "internal/postgres"},
	"internal/workload":        {"internal/sla", "internal/ticket", "db", "internal/postgres"},
	"internal/opinion":         {"internal/ticket", "db", "internal/postgres"},
	"internal/secondlook":      {"internal/ticket", "db", "internal/postgres", "internal/sleep"},
	"internal/reopening":       {"internal/ticket", "db", "internal/postgres"},
	"internal/transfer":        {"internal/archive", "internal/files", "internal/store", "internal/strictjson", "db", "internal/postgres"},
	"internal/archive":         {"internal/ticket", "internal/form", "db", "internal/postgres", "internal/sleep"},
	"internal/erasure":         {"internal/ticket", "internal/form", "internal/mac", "db", "internal/postgres", "internal/sleep"},
	"internal/numbers":         {},
	"internal/rollup":          {"internal/ticket", "internal/numbers", "db", "internal/postgres"},
	"internal/report":          {"internal/evidence", "internal/ticket", "internal/form", "internal/photo", "db", "internal/postgres"},
	"internal/account":         {"internal/ticket", "internal/mac", "db", "internal/batch", "internal/postgres", "internal/bearertoken", "internal/sessionkey", "internal/sleep"},
	"internal/toolserver":      {"client"},
	"internal/openid":          {"internal/sessionkey", "internal/sleep"},
	"internal/audit":           {"internal/ticket", "db", "internal/postgres", "internal/sessionkey", "internal/sleep"},
	"internal/files":           {"internal/evidence/reader", "internal/evidence", "internal/ticket", "internal/form", "db", "internal/postgres", "internal/photo", "internal/sleep"},
	"internal/evidence/reader": {"internal/grey", "internal/country", "internal/evidence", "internal/citizencard", "internal/face", "internal/qr", "internal/mrz", "internal/mrz/ocr", "internal/plaintext"},
	"internal/formarchive":     {"internal/ticket", "internal/form", "internal/form/formfile", "db", "internal/postgres"},
	"internal/mail":            {"internal/account", "internal/form", "internal/form/mailtext", "internal/form/retake", "internal/ticket", "internal/i18n", "db", "internal/postgres"},
	"internal/metrics":         {"internal/sla", "internal/ticket"},

	"internal/submissionlink": {"internal/form", "internal/mac", "db", "internal/postgres", "internal/bearertoken", "internal/sessionkey", "internal/sleep"},

	// What people and other systems see. Nothing here knows the store, the cache or pgx.
	"static":         {},
	"views":          {"internal/form/dateparts", "internal/form/formstep", "internal/form/finding", "internal/form/retake", "internal/evidence", "internal/country", "internal/form/address", "internal/form/formdiff", "internal/ticket", "internal/sla", "internal/numbers", "internal/form", "internal/form/optionlist", "internal/i18n", "internal/mrz", "internal/photo", "static", "internal/form/linktext", "internal/form/mailtext", "internal/form/theme"},
	"web":            {"internal/archive", "internal/devform", "internal/openid", "internal/submissionlink", "internal/feed", "internal/savedview", "internal/workload", "internal/audit", "internal/erasure", "internal/claim", "internal/opinion", "internal/secondlook", "internal/reopening", "internal/report", "internal/rollup", "internal/ticket", "internal/form", "internal/formarchive", "internal/account", "internal/files", "internal/broadcast", "internal/mail", "internal/metrics", "internal/search", "static", "views", "web/problem", "web/request", "web/listing", "web/intake", "web/attachment", "web/pages", "web/api", "internal/webhook"},
	"web/problem":    {"internal/submissionlink", "internal/ticket", "internal/i18n", "internal/account", "internal/files", "internal/strictjson", "internal/webhook"},
	"web/request":    {"internal/plaintext", "internal/submissionlink", "internal/audit", "internal/ticket", "internal/account", "web/problem"},
	"web/listing":    {"internal/audit", "internal/ticket", "internal/form", "internal/i18n", "internal/photo", "views", "web/problem", "web/request"},
	"web/intake":     {"internal/account", "internal/i18n", "internal/form/formstep", "internal/form/finding", "internal/evidence", "internal/opinion", "internal/ticket", "internal/form", "internal/search", "internal/formarchive", "internal/files", "internal/metrics", "web/problem", "web/request"},
	"web/attachment": {"internal/files", "web/request"},
	"web/pages":      {"internal/archive", "internal/form/formstep", "internal/form/finding", "internal/evidence", "internal/devform", "internal/form/formdiff", "internal/form/mailtext", "internal/savedview", "internal/workload", "internal/audit", "internal/erasure", "internal/claim", "internal/opinion", "internal/secondlook", "internal/reopening", "internal/report", "internal/rollup", "internal/ticket", "internal/form", "internal/formarchive", "internal/i18n", "internal/account", "internal/files", "internal/photo", "internal/broadcast", "internal/mail", "internal/search", "views", "web/problem", "web/request", "web/listing", "web/intake", "web/attachment", "internal/openid", "internal/submissionlink", "internal/webhook", "internal/feed", "internal/bearertoken"},
	"web/api":        {"internal/form/finding", "internal/evidence", "internal/feed", "internal/broadcast", "internal/opinion", "internal/audit", "internal/ticket", "internal/form", "internal/i18n", "internal/account", "internal/files", "internal/photo", "internal/strictjson", "static", "views", "web/problem", "web/request", "web/listing", "web/intake", "web/attachment", "internal/submissionlink", "internal/webhook", "internal/form/linktext"},

	// For programs of others, who copy it: the standard library alone.
	"client": {},

	// One instance, and the command line.
	".":              {"internal/cli"},
	"internal/cli":   {"internal/archive", "internal/devform", "internal/toolserver", "internal/openid", "internal/audit", "internal/erasure", "internal/account", "internal/demo", "internal/files", "internal/form", "internal/form/formfile", "internal/form/formdiff", "internal/form/formkeys", "internal/form/starter", "internal/form/rules", "internal/i18n", "internal/app", "internal/mac", "internal/mail", "internal/pgdev", "internal/postgres", "internal/progress", "internal/report", "internal/ticket", "db/migrations", "web", "internal/transfer", "internal/webhook", "internal/feed", "internal/sleep"},
	"internal/app":   {"internal/archive", "internal/devform", "internal/i18n", "internal/form/formdiff", "internal/openid", "internal/submissionlink", "internal/feed", "internal/savedview", "internal/workload", "internal/photo", "internal/audit", "internal/erasure", "internal/ticket", "internal/form", "internal/formarchive", "internal/account", "internal/claim", "internal/opinion", "internal/secondlook", "internal/reopening", "internal/broadcast", "internal/mac", "internal/mail", "internal/metrics", "internal/postgres", "internal/report", "internal/search", "internal/rollup", "internal/store", "internal/files", "internal/cache", "web", "internal/webhook", "internal/sleep"},
	"internal/demo":  {"internal/mrz/specimen", "internal/testkit/testpicture"},
	"internal/pgdev": {},

	// Tests and tools.
	"internal/testkit/testdb":       {"internal/pgdev", "db/migrations"},
	"internal/testkit/testdb/with":  {"internal/testkit/testdb", "internal/pgdev"},
	"internal/testkit/testsite":     {"db", "internal/account", "internal/files", "internal/form", "internal/form/formfile", "internal/app", "internal/archive", "internal/testkit/testdb"},
	"internal/testkit/testprovider": {"internal/openid"},
	"internal/e2e":                  {},
	"internal/chaos":                {},
	"internal/consistency":          {"internal/ticket"},
	"internal/bench":                {"internal/account", "internal/claim", "internal/consistency", "internal/form", "internal/form/formfile", "internal/mrz/specimen", "internal/pgdev", "internal/postgres", "internal/progress", "internal/report", "internal/rollup", "internal/search", "internal/sla", "internal/store", "internal/testkit/testpicture", "internal/testkit/testsite", "internal/ticket", "internal/workload", "db", "db/migrations"},
	"internal/mrz/specimen":         {"internal/grey", "internal/mrz", "internal/mrz/letters"},
	"internal/mrz/rates":            {"internal/mrz", "internal/mrz/ocr", "internal/mrz/specimen"},
	"internal/mrz/train":            {"internal/mrz/letters", "internal/mrz/specimen"},
	"internal/testkit/testmail":     {},
	"internal/testkit/testpicture":  {},
	"internal/testkit/testbrowser":  {},
	"internal/screenshots":          {"internal/archive", "internal/form/formfile", "internal/mrz/specimen", "internal/postgres", "internal/testkit/testbrowser", "internal/testkit/testpicture"},
	"internal/arch":                 {},
	"deploy":                        {},
}

// barred says which packages of others stay out of which of ours.
var barred = map[string][]string{
	"internal/ticket":     noNetwork,
	"internal/broadcast":  noNetwork,
	"internal/i18n":       noNetwork,
	"internal/form":       noNetwork,
	"internal/strictjson": noNetwork,
	"internal/photo":      append([]string{"os"}, noNetwork...),
	"internal/cache":      noNetwork,
	"views":               noDatabase,
	"web":                 noDatabase,
	"web/problem":         noDatabase,
	"web/request":         noDatabase,
	"web/listing":         noDatabase,
	"web/intake":          noDatabase,
	"web/attachment":      noDatabase,
	"web/pages":           noDatabase,
	"web/api":             noDatabase,
}

var (
	noNetwork  = []string{"net/http", "github.com/jackc/pgx"}
	noDatabase = []string{"github.com/jackc/pgx", "database/sql", "github.com/patrickmn/go-cache"}
)

const pools = "github.com/jackc/pgx/v5/pgxpool"

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

func TestImports_FollowThePlan(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		name, _ := ours(p.ImportPath)
		allowed, known := plan[name]
		if !known {
			t.Errorf("%s is not on the plan", name)
		}
		for _, imported := range p.Imports {
			if host, _, _ := strings.Cut(imported, "/"); name == "client" && strings.Contains(host, ".") {
				t.Errorf("%s imports %s: it uses the standard library alone", name, imported)
			}
			if other, ok := ours(imported); ok && !slices.Contains(allowed, other) {
				t.Errorf("%s imports %s, which the plan does not allow", name, other)
			}
			for _, out := range barred[name] {
				if imported == out || strings.HasPrefix(imported, out+"/") {
					t.Errorf("%s imports %s, which must stay out of it", name, imported)
				}
			}
		}
		if name != "internal/postgres" && slices.Contains(p.Imports, pools) {
			t.Errorf("%s imports %s; a postgres.Pool repeats what is known not to have been done", name, pools)
		}
		for _, other := range allowed {
			if !slices.Contains(p.Imports, "docket/"+other) {
				t.Errorf("the plan lets %s import %s, which it does not; delete it there", name, other)
			}
		}
	}
}
