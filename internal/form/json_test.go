package form_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

// checkJSON checks an object, member by member.
func checkJSON(f *form.Form, raw json.RawMessage) (form.Answers, error) {
	members := json.NewDecoder(bytes.NewReader(raw))
	if _, err := members.Token(); err != nil {
		return nil, err
	}
	return f.CheckJSON(func(yield func(string, json.RawMessage) bool) {
		for members.More() {
			var value json.RawMessage
			name, err := members.Token()
			if err := cmp.Or(err, members.Decode(&value)); err != nil {
				panic(err)
			}
			if !yield(name.(string), value) {
				return
			}
		}
	}, noon)
}

func TestCheckJSON_SameAsCheck(t *testing.T) {
	t.Parallel()
	f, err := formfile.Load("testdata/refund.yaml")
	if err != nil {
		t.Fatal(err)
	}
	fromPage, err := f.Check(refund(), noon)
	if err != nil {
		t.Fatal(err)
	}
	fromAPI, err := checkJSON(f, fromPage.JSON())
	if err != nil || string(fromAPI.JSON()) != string(fromPage.JSON()) {
		t.Errorf("got %s, %v, want %s", fromAPI.JSON(), err, fromPage.JSON())
	}
}

func TestCheckJSON_IsStrict(t *testing.T) {
	t.Parallel()
	number, box := "type: number\ndecimals: 2", "type: checkbox"
	tests := map[string]struct{ keys, raw, name, code, message string }{
		"a text":               {"", `{"a": " x "}`, "", "", ""},
		"a number":             {number, `{"a": 0.10}`, "", "", ""},
		"a tick":               {box, `{"a": true}`, "", "", ""},
		"nothing":              {"", `{}`, "", "", ""},
		"an unknown field":     {"", `{"a": "x", "b": 1}`, "b", form.CodeUnknownField, "This form has no such field"},
		"another case":         {"", `{"A": "x"}`, "A", form.CodeUnknownField, "This form has no such field"},
		"a key twice":          {"", `{"a": "x", "a": "y"}`, "a", form.CodeGivenTwice, "Was sent more than once"},
		"a key twice, in part": {"", `{"a": "x", "\u0061": "y"}`, "a", form.CodeGivenTwice, "Was sent more than once"},
		"a number for a text":  {"", `{"a": 1}`, "a", form.CodeWrongType, "Must be a string"},
		"null for a text":      {"", `{"a": null}`, "a", form.CodeWrongType, "Must be a string"},
		"a list for a text":    {"", `{"a": ["x"]}`, "a", form.CodeWrongType, "Must be a string"},
		"a text for a number":  {number, `{"a": "1"}`, "a", form.CodeWrongType, "Must be a number"},
		"null for a number":    {number, `{"a": null}`, "a", form.CodeWrongType, "Must be a number"},
		"an exponent":          {number, `{"a": 1e2}`, "a", form.CodeNotANumber, "Must be a number of plain digits"},
		"a large exponent":     {number, `{"a": 1e99999}`, "a", form.CodeNotANumber, "Must be a number of plain digits"},
		"a long number":        {number, `{"a": 12345678901234567890}`, "a", form.CodeTooLarge, "Must have at most 15 digits"},
		"a text for a box":     {box, `{"a": "true"}`, "a", form.CodeWrongType, "Must be true or false"},
		"a number for a box":   {box, `{"a": 1}`, "a", form.CodeWrongType, "Must be true or false"},
		"NUL":                  {"", `{"a": "x\u0000"}`, "a", form.CodeBadCharacters, "Contains a control character"},
		"half a surrogate":     {"", `{"a": "x\ud800"}`, "a", form.CodeBadCharacters, "Contains a character that was damaged"},
		"a required wrong one": {"required: true", `{"a": 1}`, "a", form.CodeWrongType, "Must be a string"},
		"a required none":      {"required: true", `{}`, "a", form.CodeRequired, "Fill in “A”"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := checkJSON(parse(t, oneField(test.keys)), json.RawMessage(test.raw))
			refused(t, err, test.name, test.code, test.message)
		})
	}
}

func TestAnswers_OrderOfTheForm(t *testing.T) {
	t.Parallel()
	f := parse(t, twoFields("", ""))
	answers, err := f.Check(form.Input{"b": {"2"}, "a": {"1"}}, noon)
	got, _ := json.Marshal(answers)
	if err != nil || string(got) != `{"a":"1","b":"2"}` {
		t.Errorf("got %s, %v", got, err)
	}
}
