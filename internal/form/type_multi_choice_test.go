package form_test

import (
	"encoding/json"
	"testing"

	"docket/internal/form"
)

const extras = "type: multi_choice\noptions: [{value: a1, label: One}, {value: a2, label: Two}, {value: a3, label: Three}]"

func TestMultiChoice(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		keys  string
		given []string
		want  string // JSON, or the code of a problem
	}{
		"none":            {"", nil, `{}`},
		"empty":           {"", []string{""}, `{}`},
		"one":             {"", []string{"a2"}, `{"a":["a2"]}`},
		"in form order":   {"", []string{"a3", "a1"}, `{"a":["a1","a3"]}`},
		"unknown":         {"", []string{"a1", "a9"}, form.CodeNotAnOption},
		"twice":           {"", []string{"a1", "a1"}, form.CodeGivenTwice},
		"required":        {"required: true", nil, form.CodeRequired},
		"too few":         {"min: 2", []string{"a1"}, form.CodeTooFew},
		"enough":          {"min: 2\nmax: 2", []string{"a1", "a2"}, `{"a":["a1","a2"]}`},
		"optional, none":  {"min: 2", nil, `{}`},
		"too many":        {"max: 2", []string{"a1", "a2", "a3"}, form.CodeTooMany},
		"a control in it": {"", []string{"a1\x00"}, form.CodeBadCharacters},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answers, err := parse(t, oneField(extras+"\n"+test.keys)).Check(form.Input{"a": test.given}, noon)
			if test.want[0] != '{' {
				refused(t, err, "a", test.want, "")
				return
			}
			if got := string(answers.JSON()); err != nil || got != test.want {
				t.Errorf("got %s, %v, want %s", got, err, test.want)
			}
		})
	}
}

func TestMultiChoice_JSON(t *testing.T) {
	t.Parallel()
	f := parse(t, oneField(extras+"\nmin: 1\nmax: 2"))
	agree(t, f, `{"a":["a1","a2"]}`, true)
	agree(t, f, `{"a":["a1","a2","a3"]}`, false)
	agree(t, f, `{"a":["a1","a1"]}`, false)
	agree(t, f, `{"a":["a9"]}`, false)
	agree(t, f, `{"a":"a1"}`, false)
	agree(t, f, `{"a":[null]}`, false)
	agree(t, f, `{"a":null}`, false)
	agree(t, f, `{}`, true)
	_, err := checkJSON(f, json.RawMessage(`{"a":"a1"}`))
	refused(t, err, "a", form.CodeWrongType, "Must be an array of strings")
	if got, want := lines(f.Show(json.RawMessage(`{"a":["a1","a3","gone"]}`))), "[] A=One, Three, gone"; got != want {
		t.Errorf("shown: got %s, want %s", got, want)
	}
	if got := f.InputFromAnswers(json.RawMessage(`{"a":["a1","a3"]}`)).Values("a"); len(got) != 2 || got[1] != "a3" {
		t.Errorf("refilled: got %v", got)
	}
	answers := f.Answers(json.RawMessage(`{"a":["a1","a3"]}`))
	if got := string(answers.JSON()); got != `{"a":["a1","a3"]}` {
		t.Errorf("kept: got %s", got)
	}
}

func TestMultiChoice_Conditions(t *testing.T) {
	t.Parallel()
	f := parse(t, twoFields(extras, "when: \"'a2' in a\"\nrequired: true"))
	agree(t, f, `{"a":["a1","a2"]}`, false)
	agree(t, f, `{"a":["a1","a2"],"b":"x"}`, true)
	agree(t, f, `{"a":["a1"],"b":"x"}`, false)
	agree(t, f, `{"a":["a1"]}`, true)
	agree(t, f, `{}`, true)
	not := parse(t, twoFields(extras, "required_when: \"!('a2' in a)\""))
	agree(t, not, `{"a":["a1"]}`, false)
	agree(t, not, `{"a":["a2"]}`, true)
	for _, when := range []string{"size(a) > 1", "a.exists(x, x.startsWith('a2'))", "'a2' in a && size(a) < 3"} {
		f := parse(t, twoFields(extras, "when: \""+when+"\"\nwhen_help: w"))
		got := f.Applies(form.Input{"a": {"a1", "a2"}}, noon)
		if !got["b"] || f.Applies(form.Input{"a": {"a1"}}, noon)["b"] {
			t.Errorf("%s: got %v with two options", when, got)
		}
	}
}
