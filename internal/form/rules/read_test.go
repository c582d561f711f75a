package rules_test

import (
	"strings"
	"testing"

	"docket/internal/evidence"
	"docket/internal/form"
)

const readRule = head + `reads: {number: photo.mrz.number, born: photo.qr.birth_date}
fields:
  - {name: number, label: Number}
  - {name: born, label: Born, type: date}
  - {name: photo, label: Photo, type: image, faces: selfie}
rules:
  - {name: rule, when: "WHEN", decide: approve}
`

func TestEvaluate_Readings(t *testing.T) {
	t.Parallel()
	read := evidence.Reading{
		Values: []evidence.Value{
			{Reader: evidence.MRZ, Name: evidence.Number, Text: "L898902C3", Sure: true},
			{Reader: evidence.QR, Name: evidence.BirthDate, Text: "1974-08-12", Sure: true},
		},
		Faces: []evidence.Place{{X: 0.1}},
	}
	for when, want := range map[string][2]form.Outcome{ // with what was read, and without
		"match.number == 'match'":                              {form.Approve, form.Nothing},
		"match.number == 'unread'":                             {form.Nothing, form.Approve},
		"match.number != 'differs' && match.born == 'differs'": {form.Approve, form.Nothing},
		"read.photo.number == 'L898902C3'":                     {form.Approve, form.Nothing},
		"read.photo.number == ''":                              {form.Nothing, form.Approve},
		"age(read.photo.birth_date) > 50":                      {form.Approve, form.Nothing},
		"faces.photo == 1":                                     {form.Approve, form.Nothing},
		"faces.photo < 1":                                      {form.Nothing, form.Nothing},
	} {
		f := parse(t, strings.Replace(readRule, "WHEN", when, 1))
		facts := form.Facts{Now: noon, Answers: form.Answers{{Name: "number", Texts: []string{"l898902c3"}, Type: form.Text}, {Name: "born", Texts: []string{"1990-01-31"}, Type: form.Date}}}
		for i, readings := range []map[string]evidence.Reading{{"photo": read}, nil} {
			facts.Readings = readings
			if got := f.Evaluate(t.Context(), facts)[0]; got.Outcome != want[i] {
				t.Errorf("%s, read %v: got %s, %v, want %s", when, i == 0, got.Outcome, got.Err, want[i])
			}
		}
		if !f.NeedsReadings() {
			t.Errorf("%s: it needs no readings", when)
		}
	}
}
