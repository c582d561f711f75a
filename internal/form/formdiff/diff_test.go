package formdiff_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formdiff"
	"docket/internal/form/formfile"
	"docket/internal/i18n"
)

const base = `
name: x
title: X
open_tickets_per_user: many
fields:
  - {name: k, label: K, type: country, likely: [VNM]}
  - {name: l, label: L, type: country, proposes: k}
  - {name: a, label: A, min_length: 2, max_length: 9}
  - {name: n, label: N, type: number, min: 1, max: 9}
  - {name: c, label: C, type: choice, options: [{value: one, label: One}, {value: two, label: Two}]}
  - {name: d, label: D, type: date, max: today}
  - {name: g, label: G, type: group, many: 3, row_label: Row, unique: [p], fields: [{name: p, label: P}, {name: q, label: Q, max_length: 5}]}
checks:
  - {when: n > 5.0, fields: [n], text: Less.}
reasons:
  - {code: r, label: R, class: retry, fields: [a], text: Again.}
rules:
  - {name: small, when: n < 2.0, decide: approve}
queues:
  - {name: rest}
steps:
  - {name: lead, title: Lead, team: leads}
`

func TestCompare_Edits(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		from, to string
		want     []string // "audience code name", with ! before what is breaking
	}{
		"nothing":               {"name: x", "name: x # the same", nil},
		"a title":               {"title: X", "title: Y", []string{"customers text title"}},
		"a label":               {"label: A", "label: Z", []string{"customers text a"}},
		"a new field":           {"fields:\n", "fields:\n  - {name: b, label: B}\n", []string{"customers field_added b", "programs field_added b"}},
		"a new required one":    {"fields:\n", "fields:\n  - {name: b, label: B, required: true}\n", []string{"customers field_added_required b", "!programs field_needed b"}},
		"asked for one":         {"fields:\n", "fields:\n  - {name: b, label: B, required: true, when: c == 'one'}\n", []string{"customers field_added b", "programs field_added b"}},
		"a field removed":       {"  - {name: d, label: D, type: date, max: today}\n", "", []string{"customers field_removed d", "desk answers_unknown d", "!programs field_refused d"}},
		"required":              {"label: A,", "label: A, required: true,", []string{"customers field_required a", "!programs field_needed a"}},
		"required for one":      {"label: A,", "label: A, required_when: c == 'one',", []string{"customers required_when a", "!programs required_when a"}},
		"asked for one only":    {"label: A,", "label: A, when: c == 'one',", []string{"customers when a", "!programs when a"}},
		"another type":          {"name: d, label: D, type: date, max: today", "name: d, label: D, type: tel", []string{"customers type d", "desk type d", "!programs type d"}},
		"an option removed":     {", {value: two, label: Two}", "", []string{"customers option_removed c", "desk option_unknown c", "!programs option_removed c"}},
		"a new option":          {"{value: one, label: One}", "{value: one, label: One}, {value: six, label: Six}", []string{"customers option_added c", "programs option_added c"}},
		"a longer answer":       {"max_length: 9", "max_length: 10", []string{"customers wider a", "programs wider a"}},
		"a shorter answer":      {"max_length: 9", "max_length: 8", []string{"customers narrower a", "!programs narrower a"}},
		"a pattern":             {"max_length: 9", "max_length: 9, pattern: '[a-z]+'", []string{"customers narrower a", "!programs narrower a"}},
		"a higher minimum":      {"min: 1, max: 9", "min: 2, max: 9", []string{"customers narrower n", "!programs narrower n"}},
		"a lower maximum":       {"min: 1, max: 9", "min: 1, max: 8", []string{"customers narrower n", "!programs narrower n"}},
		"a lower minimum":       {"min: 1, max: 9", "min: 0, max: 9", []string{"customers wider n", "programs wider n"}},
		"no bounds":             {", min: 1, max: 9", "", []string{"customers wider n", "programs wider n"}},
		"an earlier day":        {"max: today", "max: today-1y", []string{"customers narrower d", "!programs narrower d"}},
		"other likely ones":     {"likely: [VNM]", "likely: [VNM, LAO]", []string{"customers likely k"}},
		"nothing proposed":      {", proposes: k", "", []string{"customers proposes l"}},
		"more rows":             {"many: 3", "many: 4", []string{"customers answer g", "!programs answer g"}},
		"another row label":     {"row_label: Row", "row_label: Line", []string{"customers text g"}},
		"unique no more":        {"unique: [p], ", "", []string{"customers wider g", "programs wider g"}},
		"unique, too":           {"unique: [p]", "unique: [p, q]", []string{"customers narrower g", "!programs narrower g"}},
		"a label in a row":      {"label: Q", "label: K", []string{"customers text g.q"}},
		"a new field in a row":  {"fields: [{", "fields: [{name: r, label: R}, {", []string{"customers field_added g.r", "programs field_added g.r"}},
		"a required one in it":  {"fields: [{", "fields: [{name: r, label: R, required: true}, {", []string{"customers field_added_required g.r", "!programs field_needed g.r"}},
		"one less in a row":     {", {name: q, label: Q, max_length: 5}", "", []string{"customers field_removed g.q", "desk answers_unknown g.q", "!programs field_refused g.q"}},
		"required in a row":     {"label: Q", "label: Q, required: true", []string{"customers field_required g.q", "!programs field_needed g.q"}},
		"asked in some rows":    {"label: Q", "label: Q, when: p == 'x', when_help: W.", []string{"customers when g.q", "!programs when g.q"}},
		"shorter in a row":      {"max_length: 5", "max_length: 4", []string{"customers narrower g.q", "!programs narrower g.q"}},
		"another type in a row": {"label: Q, max_length: 5", "label: Q, type: date", []string{"customers type g.q", "desk type g.q", "!programs type g.q"}},
		"no group":              {"type: group, many: 3, row_label: Row, unique: [p], fields: [{name: p, label: P}, {name: q, label: Q, max_length: 5}]", "type: date", []string{"customers type g", "desk type g", "!programs type g"}},
		"another check":         {"n > 5.0", "n > 6.0", []string{"customers check_added n > 6.0", "!programs check_added n > 6.0", "customers check_removed n > 5.0", "programs check_removed n > 5.0"}},
		"a new reason":          {"reasons:\n", "reasons:\n  - {code: s, label: S, class: retry, text: No.}\n", []string{"desk reason_added s", "programs reason_added s"}},
		"another reason":        {"code: r", "code: s", []string{"desk reason_removed r", "!programs reason_removed r", "desk reason_added s", "programs reason_added s"}},
		"a final reason":        {"class: retry", "class: final", []string{"desk reason_class r", "programs reason_class r"}},
		"its fields":            {"fields: [a], text: Again.", "text: Again.", []string{"desk reason_fields r"}},
		"its words":             {"Again.", "Once more.", []string{"customers reason_text r"}},
		"another rule":          {"n < 2.0", "n < 3.0", []string{"desk rule_changed small"}},
		"a shadow":              {"decide: approve", "decide: approve, shadow: true", []string{"desk rule_changed small"}},
		"another queue":         {"name: rest", "name: all", []string{"desk queue_added all", "desk queue_removed rest"}},
		"a new step":            {"team: leads}", "team: leads}\n  - {name: last, key: ledger}", []string{"desk step_added last", "!programs step_asks last"}},
		"no step":               {"steps:\n  - {name: lead, title: Lead, team: leads}\n", "", []string{"desk step_removed lead"}},
		"whom a step asks":      {"team: leads}", "team: leads, who: answers.a}", []string{"desk step_changed lead", "!programs step_asks lead"}},
		"when a step asks":      {"team: leads}", "team: leads, when: n > 3.0}", []string{"desk step_changed lead", "!programs step_asks lead"}},
		"the title of a step":   {"title: Lead", "title: Head", []string{"customers text lead"}},
		"one open ticket":       {"open_tickets_per_user: many", "open_tickets_per_user: one", []string{"customers open_tickets ", "!programs open_tickets "}},
		"an approval that ends": {"title: X", "title: X\napproval: {valid_for: 1y}", []string{"desk setting approval"}},
		"another end":           {"title: X", "title: X\napproval: {until: answers.d}", []string{"desk setting approval"}},
		"what is granted":       {"title: X", "title: X\ndecisions: {approve: {asks: [n]}}", []string{"desk setting decisions", "!programs setting decisions"}},
		"a subject":             {"title: X", "title: X\nlatest_per: c", []string{"desk setting latest_per"}},
		"a theme":               {"title: X", "title: X\ntheme: {accent: '#0a6'}", []string{"customers setting theme"}},
		"an e-mail":             {"title: X", "title: X\nmail: {approved: {text: Done.}}", []string{"customers text mail"}},
		"a known answer":        {"label: A,", "label: A, from: account.email,", []string{"customers from a"}},
		"an answer to begin":    {"label: A,", "label: A, default: abc,", []string{"customers default a"}},
		"a setting":             {"title: X", "title: X\nretain: {approved: 1y}", []string{"desk setting retain"}},
		"a language":            {"title: X", "title: X\nlanguages: [vi]", []string{"customers language_added vi", "customers language_removed en", "!programs language_removed en"}},
		"the name":              {"name: x", "name: y", []string{"programs name x"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			edited := strings.Replace(base, test.from, test.to, 1)
			if edited == base {
				t.Fatalf("the form has no %q", test.from)
			}
			got := describe(formdiff.Compare(parse(t, base), parse(t, edited)))
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// describe are changes as the cases write them. Each has words in every language.
func describe(changes []formdiff.Change) []string {
	var all []string
	for _, c := range changes {
		text := fmt.Sprintf("%s %s %s", c.For, c.Code, c.Name)
		if c.Breaking {
			text = "!" + text
		}
		for _, tag := range i18n.Tags() {
			if c.Words(i18n.Of(tag)) == "formdiff."+c.Code {
				text += " has no words in " + tag
			}
		}
		all = append(all, text)
	}
	return all
}

func parse(t *testing.T, src string) *form.Form {
	t.Helper()
	f, err := formfile.Parse([]byte(src))
	if err != nil {
		t.Fatalf("%v in\n%s", err, src)
	}
	return f
}
