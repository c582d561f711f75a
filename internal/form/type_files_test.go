package form_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"docket/internal/form"
)

const (
	photo2 = "0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a11"
	photo3 = "0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a12"
)

func TestFiles_CheckAndShow(t *testing.T) {
	t.Parallel()
	f := parse(t, oneField("type: file\naccept: [pdf, image]\nmany: 2\nrequired: true"))
	for given, want := range map[string]string{
		photo:                               `{"a":["` + photo + `"]}`,
		photo + " " + photo2:                `{"a":["` + photo + `","` + photo2 + `"]}`,
		photo + " " + photo:                 "invalid answers: a: given_twice",
		"":                                  "invalid answers: a: required",
		"x":                                 "invalid answers: a: not_a_file",
		photo + " " + photo2 + " " + photo3: "invalid answers: a: too_many",
	} {
		input := form.Input{}
		for _, text := range strings.Fields(given) {
			input.Add("a", text)
		}
		answers, err := f.Check(input, noon)
		got := string(answers.JSON())
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", given, got, want)
		}
	}
	for extra, want := range map[string]string{
		`{"a":["` + photo + `","` + photo2 + `"]}`: "A 1: File " + photo + "; A 2: File " + photo2 + "; ",
		`{"a":["` + photo + `"]}`:                  "A: File " + photo + "; ",
		`{"a":"` + photo + `"}`:                    "A: File " + photo + "; ", // of a form that took one
		`{}`:                                       "A:  ; ",
	} {
		got := ""
		for _, row := range f.Show(json.RawMessage(extra))[0].Rows {
			got += fmt.Sprintf("%s: %s %s; ", row.Field.Label, row.Text, row.File)
		}
		if got != want {
			t.Errorf("%s is shown as %q, want %q", extra, got, want)
		}
	}
	if field, _ := f.Field("a"); field.Control().Accept != "image/jpeg,image/png,application/pdf" {
		t.Errorf("a page offers %q", field.Control().Accept)
	}
}

func TestFiles_InConditions(t *testing.T) {
	t.Parallel()
	f := parse(t, twoFields("type: file\nmany: 3", "when: size(a) > 1\nwhen_help: Of several.\nrequired: true"))
	if _, err := f.Check(form.Input{"a": {photo}}, noon); err != nil {
		t.Errorf("with one file: %v", err)
	}
	if _, err := f.Check(form.Input{"a": {photo, photo2}}, noon); err == nil {
		t.Error("with two files nothing is missing, want b")
	}
}
