package formfile_test

import (
	"strings"
	"testing"

	"docket/internal/form/formfile"
)

// TestParse_OverlappingNames has names of fields that mean something else in expressions: one plain message at the name says so.
func TestParse_OverlappingNames(t *testing.T) {
	t.Parallel()
	const amounts, photo = "type: money, currency: [VND, EUR]", "type: image, "
	for name, test := range map[string]struct{ fields, want string }{
		"today as a text":         {"{name: today, label: A}", `6:12 "today" is a name that docket needs for itself; choose another`},
		"today as a date":         {"{name: today, label: A, type: date}", `6:12 "today" is a name that docket needs for itself; choose another`},
		"today in a group":        {"{name: g, label: G, type: group, fields: [{name: today, label: A}, {name: b, label: B, when: age(born) > 18, when_help: W}]}", `6:54 "today" is a name that docket needs for itself; choose another`},
		"an address as answers":   {"{name: answers, label: A, type: address}\n  - {name: city, label: C, type: number}", `6:12 expressions would see a part of "answers" as "answers.city", which means something else there; choose another name`},
		"of the same type":        {"{name: answers, label: A, type: address}\n  - {name: city, label: C}", `6:12 expressions would see a part of "answers" as "answers.city"`},
		"an amount as answers":    {"{name: answers, label: A, " + amounts + "}\n  - {name: value, label: V}", `6:12 expressions would see a part of "answers" as "answers.value"`},
		"a month as answers":      {"{name: answers, label: A, type: date, partial: true}\n  - {name: first, label: F}", `6:12 expressions would see a part of "answers" as "answers.first"`},
		"an address as faces":     {"{name: faces, label: A, type: address}\n  - {name: city, label: C, " + photo + "faces: selfie}", `6:12 expressions would see a part of "faces" as "faces.city"`},
		"an amount as match":      {"{name: match, label: A, " + amounts + "}\n  - {name: value, label: V, type: text}\n  - {name: c, label: C, " + "type: image}\nreads: {value: c.mrz.number}", `6:12 expressions would see a part of "match" as "match.value"`},
		"in a row of the answers": {"{name: answers, label: A, type: address}\n  - {name: g, label: G, type: group, fields: [{name: city, label: C, type: number}, {name: b, label: B, when: city > 1.0, when_help: W}]}", `6:12 expressions would see a part of "answers" as "answers.city"`},
		"inside of a group":       {"{name: g, label: G, type: group, fields: [{name: answers, label: A, type: address}, {name: city, label: C, type: number}, {name: b, label: B, when: answers.city == '', when_help: W}]}", `6:54 expressions would see a part of "answers" as "answers.city"`},
		"an address as grant":     {"{name: grant, label: A, type: address}\ndecisions: {approve: {asks: [{name: city, label: C, type: date}]}}\napproval: {until: born}", `6:12 expressions would see a part of "grant" as "grant.city"`},
		"parts that differ":       {"{name: answers, label: A, " + amounts + "}\n  - {name: value, label: V, type: address}\n  - {name: faces, label: F, type: address}", ""},
	} {
		t.Run(strings.ReplaceAll(name, " ", ""), func(t *testing.T) {
			t.Parallel()
			src := head + "fields:\n  - {name: p, label: P}\n  - {name: born, label: B, type: date}\n  - " + test.fields +
				"\nchecks: [{when: age(born) > 18, fields: [p], text: T}]\nrules: [{name: r, when: p == 'a', decide: approve}]\n"
			_, err := formfile.Parse([]byte(src))
			checkOnlyMistake(t, err, test.want)
		})
	}
}

// TestParse_OverlapWithoutExpressions has such names where no expression can see them: forms that are in use go on.
func TestParse_OverlapWithoutExpressions(t *testing.T) {
	t.Parallel()
	const fields = "fields:\n  - {name: answers, label: A, type: address}\n  - {name: city, label: C}\n"
	parse(t, head+fields)
	const faces = "fields:\n  - {name: faces, label: A, type: address}\n  - {name: city, label: C, type: image, faces: selfie}\n  - {name: born, label: B, type: date}\n"
	parse(t, head+faces+"checks: [{when: age(born) > 18, fields: [born], text: T}]\n") // checks see no faces
}

// TestParse_WordsOfExpressions has fields whose names are words of CEL: they are looked at as a part of the answers.
func TestParse_WordsOfExpressions(t *testing.T) {
	t.Parallel()
	for _, name := range strings.Fields("as break const continue else for function if import let loop package namespace return var void while") {
		src := head + "fields:\n  - {name: p, label: P}\n  - {name: " + name + ", label: A}\nchecks: [{when: WORD == 'a', fields: [p], text: T}]\n"
		_, err := formfile.Parse([]byte(strings.Replace(src, "WORD", name, 1)))
		checkOnlyMistake(t, err, `6:17 "`+name+`" is a word that expressions keep for themselves; write answers.`+name)
		_, err = formfile.Parse([]byte(strings.Replace(src, "WORD", "answers."+name, 1)))
		checkOnlyMistake(t, err, "")
	}
	for _, name := range strings.Fields("int string bool double timestamp duration list map type age days sum size contains matches exists has iban history signals duplicates read match faces answers") {
		parse(t, head+"fields:\n  - {name: p, label: P}\n  - {name: "+name+", label: A}\nchecks: [{when: "+name+" == 'a', fields: [p], text: T}]\n")
	}
}

func checkOnlyMistake(t *testing.T, err error, want string) {
	t.Helper()
	got := ""
	if err != nil {
		got = strings.NewReplacer("line ", "", ", column ", ":", ": ", " ").Replace(err.Error())
	}
	if want == "" && got != "" || !strings.HasPrefix(got, want) || strings.Contains(got, "\n") {
		t.Errorf("got %q, want %q alone", got, want)
	}
}
