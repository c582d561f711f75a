package formfile_test

import (
	"strings"
	"testing"

	"docket/internal/form/formfile"
)

func TestGroup_Mistakes(t *testing.T) {
	t.Parallel()
	const inside = "fields: [{name: b, label: B}]"
	for name, test := range map[string]struct{ keys, want string }{
		"no fields":            {"type: group", `4:5 a group needs "fields"`},
		"fields that are none": {"type: group\nfields: []", `7:13 "fields" is empty`},
		"fields of a text":     {"type: text\n" + inside, `7:5 "fields" makes no sense for a field of type text; it belongs to group`},
		"too many rows":        {"type: group\nmany: 51\n" + inside, `7:11 "many" must be a whole number from 1 to 50`},
		"more at least":        {"type: group\nmany: 2\nmin: 3\n" + inside, `8:10 "min" is more than "many", 2`},
		"too many fields":      {"type: group\nmany: 50\nfields: [" + strings.Repeat("{name: b1, label: B},", 5) + "]", `4:5 50 rows of 5 fields make 251 fields`},
		"a group in a group":   {"type: group\nfields: [{name: b, label: B, type: group, " + inside + "}]", `7:40 a group cannot stand inside a group`},
		"the same name":        {"type: group\nfields: [{name: b, label: B}, {name: b, label: C}]", `7:42 the name "b" is taken`},
		"unique of nothing":    {"type: group\nunique: [c]\n" + inside, `7:14 no field of a row is named "c"`},
		"searched":             {"type: group\nsearch: true\n" + inside, `7:5 "search" makes no sense for a group`},
		"a subject":            {"type: group\n" + inside + "\nlatest_per: a.b", `8:13 "latest_per" cannot be in the rows of a group`},
		"what is proposed":     {"type: group\n" + inside + "\ndecisions: {approve: {asks: [{name: x, label: X, proposes: a.b}]}}", `8:60 "a.b" has no answer that can be proposed`},
		"a condition of none":  {"type: group\nfields: [{name: b, label: B, when: c == 'x'}]", `7:40 no field is named "c"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := head + "fields:\n  - name: a\n    label: A\n    " + strings.ReplaceAll(test.keys, "\n", "\n    ") + "\n"
			src = strings.NewReplacer("    latest_per", "latest_per", "    decisions", "decisions").Replace(src)
			_, err := formfile.Parse([]byte(src))
			if err == nil {
				t.Fatalf("nothing is wrong with\n%s", src)
			}
			place, words, _ := strings.Cut(test.want, " ")
			line, column, _ := strings.Cut(place, ":")
			if want := "line " + line + ", column " + column + ": " + words; !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

func TestGroup_RuleMistakes(t *testing.T) {
	t.Parallel()
	_, err := formfile.Parse([]byte(head + `fields:
  - {name: items, label: Items, type: group, fields: [{name: amount, label: Amount, type: number}]}
rules:
  - {name: large, when: "items.exists(i, i.amuont > 5)", decide: approve}
`))
	if err == nil || !strings.Contains(err.Error(), `no row has a field named "amuont"`) {
		t.Errorf("got %v, want the name that no row has", err)
	}
}
