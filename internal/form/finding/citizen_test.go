package finding_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"docket/internal/evidence"
	"docket/internal/form"
	"docket/internal/form/finding"
	"docket/internal/form/formfile"
)

const citizenForm = `
name: x
title: X
fields:
  - {name: kind, label: Kind, type: choice, options: [{value: card, label: Card}, {value: licence, label: Licence}]}
  - {name: number, label: Number, citizen_number: {country: VNM, when: kind == 'card', birth_date: born, sex: sex, birth_place: place}}
  - {name: born, label: Born, type: date, partial: true}
  - {name: sex, label: Sex, type: choice, options: [{value: f, label: F}, {value: male, label: M}, {value: x, label: X}]}
  - {name: place, label: Place}
  - name: owners
    label: Owners
    type: group
    many: 5
    fields: [{name: number, label: Number, citizen_number: {country: VNM, birth_date: born}}, {name: born, label: Born, type: date}]
`

func TestCitizens_Matches(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(citizenForm))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, time.November, 26, 12, 0, 0, 0, time.UTC)
	for given, want := range map[string]string{ // sex, birth date, place and all
		"card 079190000001 1990-05-01 f Hà-Nội":         "match match differs differs",
		"card 079190000001 1990-05-01 f TP.Hồ-Chí-Minh": "match match match match",
		"card 079190000001 1990 x Berlin":               "unread match unread match",
		"card 079190000001 1991-05-01 f -":              "match differs unread differs",
		"card 079190000001 - male -":                    "differs unread unread differs",
		"card 079190000001 - - -":                       "unread unread unread unread",
		"card 079.190.000-001 1990-05-01 - -":           "unread match unread match",
		"card ０79190000001 1990-05-01 - -":              "unread match unread match",
		"card 000190000001 1990-05-01 f -":              "differs", // no province
		"card 079890000001 1990-05-01 f -":              "differs", // born in 2390
		"card 123456789 1991-05-01 f -":                 "",        // an old number
		"card C1234567 1991-05-01 f -":                  "",
		"licence 079190000001 1991-05-01 male -":        "",
	} {
		values, input := strings.Fields(given), form.Input{}
		for i, name := range []string{"kind", "number", "born", "sex", "place"} {
			if text := strings.ReplaceAll(values[i], "-", map[bool]string{true: " ", false: "-"}[name == "place"]); strings.TrimSpace(text) != "" && text != "-" {
				input[name] = []string{text}
			}
		}
		got := ""
		for _, one := range finding.Citizens(f, input, now) {
			for _, part := range one.Parts {
				got += string(part.Match) + " "
			}
			got += string(one.Match)
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", given, got, want)
		}
	}
}

func TestCitizens_Rows(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(citizenForm))
	if err != nil {
		t.Fatal(err)
	}
	given := form.Input{"owners": {"3", "1"}, "owners.3.number": {"079190000001"}, "owners.3.born": {"1990-01-01"}, "owners.1.number": {"079190000001"}, "owners.1.born": {"1991-01-01"}}
	want := map[string]evidence.Match{"owners.3.number.citizen_number": evidence.Agrees, "owners.1.number.citizen_number": evidence.Differs}
	if got := finding.AllMatches(f, given, nil, time.Now()); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCitizenNumber_Mistakes(t *testing.T) {
	t.Parallel()
	const source = `name: x
title: X
fields:
  - {name: number, label: Number, citizen_number: %s}
  - {name: born, label: Born, type: date}
  - {name: owners, label: Owners, type: group, fields: [{name: a, label: A}]}
`
	for text, want := range map[string]string{
		"{birth_date: born}":                            `line 4, column 51: "citizen_number" needs "country"`,
		"{country: VN, birth_date: born}":               `line 4, column 61: unknown country "VN"`,
		"{country: VNM, birth_date: number}":            `line 4, column 78: "number" is of type text; it must be date`,
		"{country: VNM, birth_date: bron}":              `line 4, column 78: no field beside it is named "bron"`,
		"{country: VNM, sex: a}":                        `line 4, column 71: no field beside it is named "a"`,
		"{country: VNM, sex: born}":                     `line 4, column 71: "born" is of type date`,
		"{country: VNM, when: kind == 'card'}":          `line 4, column 72: no field is named "kind"`,
		"{country: VNM, birth_date: born, place: here}": `line 4, column 84: unknown key "place"`,
		"VNM": `line 4, column 51: "citizen_number" must be "key: value" lines`,
	} {
		if _, err := formfile.Parse(fmt.Appendf(nil, source, text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
	if _, err := formfile.Parse(fmt.Appendf(nil, source, "{country: VNM, birth_date: born, when: size(owners) > 2}")); err != nil {
		t.Errorf("a condition needs no words: %v", err)
	}
}
