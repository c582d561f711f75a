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

// Of the rows of a group rules see a list, with one for each row.
func TestEvaluate_ReadingsOfRows(t *testing.T) {
	t.Parallel()
	const rowsRule = head + `reads: {owners.number: owners.passport.mrz.number}
fields:
  - {name: owners, label: Owners, type: group, many: 20, fields: [{name: number, label: Number}, {name: passport, label: Passport, type: image, faces: document}]}
rules:
  - {name: rule, when: "WHEN", decide: approve}
`
	read := func(number string, faces ...evidence.Place) evidence.Reading {
		return evidence.Reading{Values: []evidence.Value{{Reader: evidence.MRZ, Name: evidence.Number, Text: number, Sure: true}, {Reader: evidence.MRZ, Name: evidence.BirthDate, Text: "1974-08-12", Sure: true}}, Faces: faces}
	}
	facts := form.Facts{
		Now: noon, Answers: form.Answers{{Name: "owners", Texts: []string{`{"number":"L1"}`, `{"number":"L2"}`, `{"number":"L3"}`}, Type: form.Group}},
		Readings: map[string]evidence.Reading{"owners.0.passport": read("L1", evidence.Place{X: 0.1}), "owners.1.passport": read("L9", evidence.Place{X: 0.1})},
	}
	for when, want := range map[string][2]form.Outcome{ // with three rows, of which one is not read, and with two
		"match.owners.number.all(m, m == 'match')":                                             {form.Nothing, form.Nothing},
		"match.owners.number.exists(m, m == 'differs')":                                        {form.Approve, form.Approve},
		"match.owners.number.exists(m, m == 'unread')":                                         {form.Approve, form.Nothing},
		"size(match.owners.number) == 2":                                                       {form.Nothing, form.Approve},
		"read.owners.passport.number.exists(n, n.startsWith('L9'))":                            {form.Approve, form.Approve},
		"faces.owners.passport.all(n, n > 0)":                                                  {form.Nothing, form.Approve},
		"read.owners.passport.birth_date.all(d, d < today)":                                    {form.Nothing, form.Approve},
		"size(owners) == size(match.owners.number) && faces.owners.passport.exists(n, n == 1)": {form.Approve, form.Approve},
	} {
		f := parse(t, strings.Replace(rowsRule, "WHEN", when, 1))
		for i, rows := range []int{3, 2} {
			some := facts
			some.Answers = form.Answers{{Name: "owners", Texts: facts.Answers[0].Texts[:rows], Type: form.Group}}
			if got := f.Evaluate(t.Context(), some)[0]; got.Outcome != want[i] {
				t.Errorf("%s, %d rows: got %s, %v, want %s", when, rows, got.Outcome, got.Err, want[i])
			}
		}
		if !f.NeedsReadings() {
			t.Errorf("%s: it needs no readings", when)
		}
	}
}

func TestEvaluate_CitizenNumber(t *testing.T) {
	t.Parallel()
	f := parse(t, head+`fields:
  - {name: number, label: Number, citizen_number: {country: VNM, birth_date: born}}
  - {name: born, label: Born, type: date}
rules:
  - {name: rule, when: "match.number.citizen_number == 'differs'", decide: approve}
`)
	for born, want := range map[string]form.Outcome{"1990-01-31": form.Nothing, "1991-01-31": form.Approve} {
		facts := form.Facts{Now: noon, Answers: form.Answers{{Name: "number", Texts: []string{"079190000001"}, Type: form.Text}, {Name: "born", Texts: []string{born}, Type: form.Date}}}
		if got := f.Evaluate(t.Context(), facts)[0]; got.Outcome != want {
			t.Errorf("%s: got %s, %v, want %s", born, got.Outcome, got.Err, want)
		}
	}
}
