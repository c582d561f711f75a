package form_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

// schema is the JSON Schema of a form, ready to check with.
func schema(t *testing.T, f *form.Form) *jsonschema.Schema {
	t.Helper()
	text, err := json.Marshal(f.Schema())
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("https://docket.test/form.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("https://docket.test/form.json")
	if err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	return compiled
}

// agree fails unless the form and its schema both take the answers, or both refuse them.
func agree(t *testing.T, f *form.Form, raw string, taken bool) {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	_, byForm := checkJSON(f, json.RawMessage(raw))
	bySchema := schema(t, f).Validate(value)
	if (byForm == nil) != taken || (bySchema == nil) != taken {
		t.Errorf("%s: the form says %v, its schema %v; taken should be %t", raw, byForm, bySchema, taken)
	}
}

func TestSchema_AgreesWithCheckJSON(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ keys, good, bad string }{
		"time":                  {"type: time", `"8:30"`, `"24:00"`},
		"datetime":              {"type: datetime", `"2026-01-31T08:30:00+07:00"`, `"2026-01-31"`},
		"money":                 {"type: money\ncurrency: EUR\nmax: 5", `{"amount":500,"currency":"EUR"}`, `{"amount":501,"currency":"EUR"}`},
		"money from on":         {"type: money\ncurrency: EUR\nmin: 0.50", `{"amount":50,"currency":"EUR"}`, `{"amount":49,"currency":"EUR"}`},
		"money from nothing":    {"type: money\ncurrency: VND\nmin: 0", `{"amount":0,"currency":"VND"}`, `{"amount":-1,"currency":"VND"}`},
		"money of a choice":     {"type: money\ncurrency: [EUR, VND]", `{"amount":5,"currency":"VND"}`, `{"amount":5,"currency":"USD"}`},
		"money that is less":    {"type: money\ncurrency: EUR", `{"amount":5,"currency":"EUR"}`, `{"amount":5}`},
		"address":               {"type: address", `{"line1":"1 Main Street","city":"Hà Nội","country":"VNM"}`, `{"line1":"1 Main Street","city":"Hà Nội"}`},
		"address of some parts": {"type: address\nrequired_parts: [city]", `{"city":"Hà Nội"}`, `{"line1":"1 Main Street"}`},
		"address of no country": {"type: address\nrequired_parts: []", `{"country":"VNM"}`, `{"country":"XXX"}`},
		"address of unknowns":   {"type: address\nrequired_parts: []", `{"line2":"x"}`, `{"street":"x"}`},
		"files":                 {"type: file\nmany: 2", `["` + photo + `"]`, `"` + photo + `"`},
		"too many files":        {"type: file\nmany: 2", `["` + photo + `","` + photo2 + `"]`, `["` + photo + `","` + photo2 + `","` + photo3 + `"]`},
		"required files":        {"type: file\nmany: 2\nrequired: true", `["` + photo + `"]`, `[]`},
		"text":                  {"", `"x"`, `1`},
		"text at least":         {"min_length: 3", `"abc"`, `"ab"`},
		"text at most":          {"max_length: 3", `"äöü"`, `"abcd"`},
		"required text":         {"required: true", `"x"`, `""`},
		"pattern":               {`pattern: "[A-Z]{2}|x"`, `"AB"`, `"ABC"`},
		"pattern with classes":  {`pattern: "\\p{L}\\d"`, `"ü1"`, `"11"`},
		"email":                 {"type: email", `"a@example.com"`, `"a"`},
		"tel":                   {"type: tel", `"+49 30 123456"`, `"call me"`},
		"number":                {"type: number", `-7`, `"7"`},
		"whole number":          {"type: number", `7`, `7.5`},
		"decimals":              {"type: number\ndecimals: 2", `0.07`, `0.075`},
		"number at least":       {"type: number\ndecimals: 1\nmin: 0.5", `0.5`, `0.4`},
		"number at most":        {"type: number\nmax: 9", `9`, `10`},
		"date":                  {"type: date", `"2024-02-29"`, `"2023-02-29"`},
		"country":               {"type: country", `"VNM"`, `"XXX"`},
		"choice":                {"type: choice\noptions: [{value: a, label: A}]", `"a"`, `"b"`},
		"checkbox":              {"type: checkbox", `false`, `"false"`},
		"required checkbox":     {"type: checkbox\nrequired: true", `true`, `false`},
		"image":                 {"type: image", `"` + photo + `"`, `"front.jpg"`},
		"file":                  {"type: file", `"` + photo + `"`, `7`},
		"null":                  {"", `"x"`, `null`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := parse(t, oneField(test.keys))
			agree(t, f, `{"a":`+test.good+`}`, true)
			agree(t, f, `{"a":`+test.bad+`}`, false)
			agree(t, f, `{"a":`+test.good+`,"b":1}`, false)
			optional := !strings.Contains(test.keys, "required: true")
			agree(t, f, `{}`, optional)
			if _, err := checkJSON(f, json.RawMessage(`{"a":""}`)); test.good[0] == '"' && (err == nil) != optional {
				t.Errorf("an empty text: got %v, want it to count as no answer", err)
			}
		})
	}
}

func TestSchema_Conditions(t *testing.T) {
	t.Parallel()
	when := parse(t, twoFields("type: choice\noptions: [{value: x, label: X}, {value: y, label: Y}]", "required_when: a == 'x'"))
	ticked := parse(t, twoFields("type: checkbox", "required_when: a"))
	only := parse(t, twoFields("type: choice\noptions: [{value: x, label: X}, {value: y, label: Y}]", "when: a != 'x'"))
	both := parse(t, twoFields("type: country", "required: true\ntype: checkbox\nwhen: a in ['VNM', 'DEU']"))
	chain := parse(t, twoFields("type: checkbox", "type: checkbox\nwhen: a")+"  - {name: c, label: C, when: '!a', required_when: '!b'}\n")
	told := parse(t, twoFields("type: date", "required: true\nwhen: age(a) < 18\nwhen_help: Only below eighteen."))
	if about := fmt.Sprint(told.Schema()["properties"].(map[string]any)["b"]); !strings.Contains(about, "Only below eighteen.") {
		t.Errorf("a schema that cannot say when tells it in words: got %s", about)
	}
	unticked := parse(t, twoFields("type: checkbox", "type: checkbox\nrequired_when: '!a'"))
	for _, test := range []struct {
		form  *form.Form
		raw   string
		taken bool
	}{
		{when, `{"a":"x"}`, false},
		{when, `{"a":"x","b":"1"}`, true},
		{when, `{"a":"y"}`, true},
		{when, `{}`, true},
		{ticked, `{"a":true}`, false},
		{ticked, `{"a":true,"b":"1"}`, true},
		{ticked, `{"a":false}`, true},
		{ticked, `{}`, true},
		{only, `{"a":"x"}`, true},
		{only, `{"a":"x","b":"1"}`, false},
		{only, `{"a":"y","b":"1"}`, true},
		{only, `{"b":"1"}`, true},
		{both, `{"a":"VNM"}`, false},
		{both, `{"a":"VNM","b":true}`, true},
		{both, `{"a":"VNM","b":false}`, false},
		{both, `{"a":"FRA"}`, true},
		{both, `{"a":"FRA","b":true}`, false},
		{both, `{}`, true},
		{chain, `{"a":true,"b":true}`, true},
		{chain, `{"a":false}`, false},
		{chain, `{"c":"1"}`, true},
		{chain, `{"a":true,"c":"1"}`, false},
		{told, `{"a":"1990-01-01"}`, true},
		{told, `{"a":"2020-01-01","b":"1"}`, true},
		{unticked, `{"a":false}`, false},
		{unticked, `{"a":false,"b":false}`, false},
		{unticked, `{}`, false},
		{unticked, `{"b":true}`, true},
		{unticked, `{"a":true}`, true},
	} {
		agree(t, test.form, test.raw, test.taken)
	}
}

func TestSchema_WholeForms(t *testing.T) {
	t.Parallel()
	f, err := formfile.Load("testdata/refund.yaml")
	if err != nil {
		t.Fatal(err)
	}
	answers, err := f.Check(refund(), noon)
	if err != nil {
		t.Fatal(err)
	}
	agree(t, f, string(answers.JSON()), true)
	agree(t, f, `{}`, false)
	first, _ := json.Marshal(f.Schema())
	again, _ := json.Marshal(f.Schema())
	if !bytes.Equal(first, again) {
		t.Error("the same form has two schemas")
	}
	if names, want := fmt.Sprint(formfile.Default().Names()[:3]), "[document_type document_front document_back]"; names != want {
		t.Errorf("names begin with %s, want %s", names, want)
	}
}

func TestSchema_ChecksOfRows(t *testing.T) {
	t.Parallel()
	f := parse(t, owners+`checks:
  - {when: "owners.all(o, o.share < 10)", fields: [company, owners.share], text: Name one with ten percent.}
`)
	const want = "Refused when owners.all(o, o.share < 10): Name one with ten percent."
	properties := f.Schema()["properties"].(map[string]any)
	rows := properties["owners"].(map[string]any)["items"].(map[string]any)["properties"].(map[string]any)
	for name, field := range map[string]any{"company": properties["company"], "owners.share": rows["share"]} {
		if about := field.(map[string]any)["description"]; about != want {
			t.Errorf("%s is described as %q, want %q", name, about, want)
		}
	}
	agree(t, f, `{"company": "A", "owners": [{"full_name": "B", "share": 12}]}`, true)
}

func TestSchema_Descriptions(t *testing.T) {
	t.Parallel()
	of := func(keys string) map[string]any {
		return parse(t, oneField(keys)).Schema()["properties"].(map[string]any)["a"].(map[string]any)
	}
	if got := of(`pattern: "\\p{Latin}+"`); got["pattern"] != nil || !strings.Contains(got["description"].(string), `^(?:\p{Latin}+)$`) {
		t.Errorf("a pattern of Go alone: %v", got)
	}
	if got := of("type: date\nmin: today-1y\nmax: today"); !reflect.DeepEqual(got["description"], "Not before today-1y. Not after today.") {
		t.Errorf("a moving date: %v", got)
	}
}
