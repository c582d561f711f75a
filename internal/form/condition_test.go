package form_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

// trip is a form in which one answer leads to the next.
const trip = head + `time_zone: Asia/Ho_Chi_Minh
fields:
  - {name: by, label: By, type: choice, options: [{value: car, label: Car}, {value: plane, label: Plane}]}
  - {name: far, label: Far, type: checkbox, when: by == 'plane'}
  - {name: visa, label: Visa, when: far, required: true, max_length: 5}
  - {name: plate, label: Plate, when: by == 'car'}
  - {name: born, label: Born, type: date}
  - {name: parent, label: Parent, when: age(born) < 18, when_help: Only below eighteen.}
  - {name: cost, label: Cost, type: number, decimals: 2}
  - {name: receipt, label: Receipt, type: image, required_when: cost > 100, when_help: From 100 on.}
  - {name: signed, label: Signed, required_when: receipt, when_help: With a receipt.}
`

func TestCheck_InapplicableFields(t *testing.T) {
	t.Parallel()
	f := parse(t, trip)
	tests := map[string]struct{ given, want string }{
		"nothing":                    {"", `{}`},
		"what applies":               {"by=car&plate=A1", `{"by":"car","plate":"A1"}`},
		"what does not":              {"by=plane&plate=A1", `{"by":"plane","far":false}`},
		"what is wrong but not ours": {"by=car&visa=far+too+long", `{"by":"car"}`},
		"one after the other":        {"by=plane&far=on&visa=V1", `{"by":"plane","far":true,"visa":"V1"}`},
		"what hangs on what is gone": {"by=car&far=on&visa=V1", `{"by":"car"}`},
		"required then":              {"by=plane&far=on", `invalid answers: visa: required`},
		"wrong then":                 {"by=plane&far=on&visa=123456", `invalid answers: visa: too_long`},
		"a child":                    {"born=2008-03-05&parent=P", `{"born":"2008-03-05","parent":"P"}`},
		"of age since today":         {"born=2008-03-04&parent=P", `{"born":"2008-03-04"}`},
		"no age at all":              {"parent=P", `{}`},
		"a number in between":        {"cost=100", `{"cost":100}`},
		"a number above":             {"cost=100.01", `invalid answers: receipt: required`},
		"a picture that is there":    {"receipt=" + photo, `invalid answers: signed: required`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given, _ := url.ParseQuery(test.given)
			answers, err := f.Check(form.Input(given), noon)
			got := string(answers.JSON())
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestCheckJSON_InapplicableFields(t *testing.T) {
	t.Parallel()
	f := parse(t, trip)
	for raw, want := range map[string]string{
		`{"by":"car","plate":"A1"}`:            "",
		`{"by":"plane","plate":"A1"}`:          "invalid answers: plate: not_applicable",
		`{"by":"car","far":false}`:             "invalid answers: far: not_applicable",
		`{"by":"car","visa":7}`:                "invalid answers: visa: not_applicable",
		`{"by":"car","visa":""}`:               "",
		`{"by":"plane","far":true}`:            "invalid answers: visa: required",
		`{"by":"car","far":true,"visa":"V1"}`:  "invalid answers: far: not_applicable, visa: not_applicable",
		`{"by":"plane","far":true,"visa":"V"}`: "",
	} {
		_, err := checkJSON(f, json.RawMessage(raw))
		if got := errors.Join(err); (got == nil) != (want == "") || got != nil && got.Error() != want {
			t.Errorf("%s: got %v, want %q", raw, err, want)
		}
	}
}

func TestApplies(t *testing.T) {
	t.Parallel()
	f := parse(t, trip)
	for _, test := range []struct {
		given form.Input
		want  string
	}{
		{nil, "map[far:false parent:false plate:false visa:false]"},
		{form.Input{"by": {"plane"}}, "map[far:true parent:false plate:false visa:false]"},
		{form.Input{"by": {"plane"}, "far": {"true"}}, "map[far:true parent:false plate:false visa:true]"},
		{form.Input{"by": {"bicycle"}, "far": {"true"}, "born": {"2020-01-01"}}, "map[far:false parent:true plate:false visa:false]"},
	} {
		if got := fmt.Sprint(f.Applies(test.given, noon)); got != test.want {
			t.Errorf("%v: got %s, want %s", test.given, got, test.want)
		}
	}
	for name, want := range map[string]bool{"by": true, "far": true, "born": true, "visa": false, "cost": false, "zzz": false} {
		if f.Decides(name) != want {
			t.Errorf("%s decides what is asked: got %t", name, !want)
		}
	}
}

func TestCheck_ConditionalSection(t *testing.T) {
	t.Parallel()
	f := parse(t, head+`sections:
  - fields: [{name: a, label: A, type: checkbox}]
  - title: B
    when: a
    fields:
      - {name: b, label: B, required: true}
      - {name: c, label: C, when: b == 'x', when_help: With x.}
`)
	for given, want := range map[string]string{
		"":             `{"a":false}`,
		"b=x&c=1":      `{"a":false}`,
		"a=on&b=x&c=1": `{"a":true,"b":"x","c":"1"}`,
		"a=on&b=y&c=1": `{"a":true,"b":"y"}`,
		"a=on&c=1":     `invalid answers: b: required`,
	} {
		values, _ := url.ParseQuery(given)
		answers, err := f.Check(form.Input(values), noon)
		if got := string(answers.JSON()); err == nil && got != want || err != nil && err.Error() != want {
			t.Errorf("%s: got %s, %v, want %s", given, got, err, want)
		}
	}
}

func TestCondition_Terms(t *testing.T) {
	t.Parallel()
	const fields = "fields:\n  - {name: a, label: A, type: choice, options: [{value: x, label: X}, {value: y, label: Y}]}\n" +
		"  - {name: b, label: B, type: checkbox}\n  - {name: c, label: C, type: country}\n"
	for when, want := range map[string]string{
		"a == 'x'":                         "[{a false [x]}]",
		"a != 'x'":                         "[{a true [x]}]",
		"b":                                "[{b false [true]}]",
		"!b":                               "[{b true [true]}]",
		"a in ['x', 'y']":                  "[{a false [x y]}]",
		"!(a in ['x', 'y'])":               "[{a true [x y]}]",
		"b && c == 'VNM' && !(a == 'y')":   "[{b false [true]} {c false [VNM]} {a true [y]}]",
		"b || c == 'VNM'":                  "[]",
		"!(b && c == 'VNM')":               "[]",
		"a != ''":                          "[]",
		"age(today) > 3 && b":              "[]",
		"['x', 'y'].exists(v, v == a)":     "[]",
		"a == c":                           "[]",
		"(b ? a : c) == 'x'":               "[]",
		"a.startsWith('x') && size(c) > 2": "[]",
	} {
		f := parse(t, head+fields+"  - {name: d, label: D, when_help: w, when: \""+when+"\"}\n")
		d, _ := f.Field("d")
		if got := fmt.Sprint(d.When.Terms); got != want {
			t.Errorf("%s: got %s, want %s", when, got, want)
		}
	}
}

func BenchmarkCheckJSON(b *testing.B) {
	f := formfile.Default()
	raw := json.RawMessage(`{"full_name":"Nguyễn Văn A","date_of_birth":"1990-01-31","nationality":"VNM","document_type":"passport",` +
		`"issuing_country":"VNM","document_number":"C1234567","expiry_date":"2031-05-06","document_front":"` + photo + `","selfie":"` + photo + `","consent":true}`)
	for b.Loop() {
		if _, err := checkJSON(f, raw); err != nil {
			b.Fatal(err)
		}
	}
}
