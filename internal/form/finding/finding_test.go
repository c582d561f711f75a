package finding_test

import (
	"maps"
	"testing"
	"time"

	"docket/internal/evidence"
	"docket/internal/form"
	"docket/internal/form/finding"
	"docket/internal/form/formfile"
)

const source = `
name: x
title: X
reads:
  number: [front.mrz.number, front.qr.number]
  born: front.mrz.birth_date
  sex: front.mrz.sex
  country: front.mrz.nationality
fields:
  - {name: number, label: Number, max_length: 9}
  - {name: born, label: Born, type: date}
  - {name: sex, label: Sex, type: choice, options: [{value: f, label: F}, {value: m, label: M}]}
  - {name: country, label: Country, type: country}
  - {name: front, label: Front, type: image}
`

func value(reader, name, text string, sure bool) evidence.Value {
	return evidence.Value{Reader: reader, Name: name, Text: text, Sure: sure}
}

func TestOf_Answers(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	readings := map[string]evidence.Reading{"front": {Values: []evidence.Value{
		value(evidence.MRZ, evidence.Number, "L8989O2C3", false), value(evidence.MRZ, evidence.BirthDate, "1974-08", true),
		value(evidence.MRZ, evidence.Sex, "female", true), value(evidence.MRZ, evidence.Nationality, "UTO", true),
		value(evidence.QR, evidence.Number, "L898902C3", true),
	}}}
	given := form.Input{"number": {" l898902c3 "}, "born": {"1974-08-12"}, "sex": {"m"}, "country": {"SWE"}}
	want := map[string]struct {
		answer string
		match  evidence.Match
	}{
		"number": {"L898902C3", evidence.Agrees}, "born": {"", evidence.Near}, "sex": {"f", evidence.Differs}, "country": {"", evidence.Unread},
	}
	found := finding.Of(f, given, readings, time.Now())
	if len(found) != len(want) {
		t.Fatalf("got %v", found)
	}
	for _, one := range found {
		if w := want[one.Field.Name]; one.Answer != w.answer || one.Match != w.match {
			t.Errorf("%s: got %q, %s, want %q, %s", one.Field.Name, one.Answer, one.Match, w.answer, w.match)
		}
	}
	for _, one := range finding.Of(f, nil, readings, time.Now()) {
		if proposes := one.Proposes(); proposes != (one.Field.Name == "number" || one.Field.Name == "sex") {
			t.Errorf("%s, read as %+v: proposes %v", one.Field.Name, one.Value, proposes)
		}
	}
	unsure := map[string]evidence.Reading{"front": {Values: readings["front"].Values[:1]}}
	if one := finding.Of(f, nil, unsure, time.Now())[0]; one.Answer != "L8989O2C3" || one.Proposes() {
		t.Errorf("what is not sure is proposed: %+v", one)
	}
	for field, match := range finding.Matches(finding.Of(f, nil, readings, time.Now())) {
		if match != evidence.Unread {
			t.Errorf("%s is not answered: got %s", field, match)
		}
	}
}

// A row is compared with its own picture alone, and a row that is not there with none.
func TestOf_Rows(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(`
name: x
title: X
reads: {owners.number: owners.passport.mrz.number}
fields: [{name: owners, label: Owners, type: group, many: 9, fields: [{name: number, label: Number}, {name: passport, label: Passport, type: image}]}]
`))
	if err != nil {
		t.Fatal(err)
	}
	readings := map[string]evidence.Reading{
		"owners.1.passport": {Values: []evidence.Value{value(evidence.MRZ, evidence.Number, "L1", true)}},
		"owners.4.passport": {Values: []evidence.Value{value(evidence.MRZ, evidence.Number, "L4", true)}},
		"owners.5.passport": {Values: []evidence.Value{value(evidence.MRZ, evidence.Number, "L5", true)}},
	}
	given := form.Input{"owners": {"4", "1", "2"}, "owners.1.number": {"L1"}, "owners.4.number": {"L1"}, "owners.2.number": {"L1"}}
	got := finding.Matches(finding.Of(f, given, readings, time.Now()))
	want := map[string]evidence.Match{"owners.1.number": evidence.Agrees, "owners.4.number": evidence.Differs, "owners.2.number": evidence.Unread}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	answers := form.Answers{{Name: "owners", Type: form.Group, Texts: []string{`{"number":"L7"}`, `{"number":"L1"}`}}}
	got = finding.Matches(finding.Of(f, finding.Input(f, answers), readings, time.Now()))
	if want = map[string]evidence.Match{"owners.0.number": evidence.Unread, "owners.1.number": evidence.Agrees}; !maps.Equal(got, want) {
		t.Errorf("checked answers: got %v, want %v", got, want)
	}
}
