package finding

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/internal/citizencard"
	"docket/internal/evidence"
	"docket/internal/form"
	"docket/internal/plaintext"
)

// Citizen is what the number of a citizen card says of the person who has it, and how that compares with the answers.
type Citizen struct {
	Field form.Field // whose answer the number is
	Parts []Part     // none: no number of such a card begins like this, which Differs
	Match evidence.Match
}

// Part is one thing that the number says.
type Part struct {
	Name  string     // evidence.BirthDate, evidence.Sex or evidence.BirthPlace
	Text  string     // a year, "female" or "male", the name of a province
	Field form.Field // that asks for it; the zero Field: none does
	Said  string     // the answer as it is stored; "" when there is none
	Match evidence.Match
}

// Citizens is what each answer says that is the number of a citizen card, in the order of the form; in the rows of a group under names such as
// "owners.0.number". Numbers of other cards, and old ones, are left out.
func Citizens(f *form.Form, given form.Input, now time.Time) (found []Citizen) {
	v := f.ValuesOfInput(given, now)
	for field := range f.Fields() {
		if field.Rows == nil {
			found = appendCitizen(found, f, field, v, given, "", now)
			continue
		}
		for slot, row := range v.Rows(field.Name) {
			for inside := range field.Rows.Form.Fields() {
				found = appendCitizen(found, f, inside, row, given, form.RowName(field.Name, slot)+".", now)
			}
		}
	}
	return found
}

// appendCitizen appends what the answer to a field says, which stands in a row whose fields have a prefix.
func appendCitizen(found []Citizen, f *form.Form, field form.Field, v *form.Values, given form.Input, prefix string, now time.Time) []Citizen {
	if field.Citizen == nil || field.Citizen.When != nil && !field.Citizen.When.Holds(v) {
		return found
	}
	answer, _ := v.Value(field.Name)
	text, _ := answer.(string)
	number := justNumber(text)
	if !citizencard.IsNumber(number) {
		return found
	}
	one := Citizen{Match: evidence.Differs}
	one.Field, _ = f.Field(prefix + field.Name)
	holder, known := citizencard.ReadNumber(number)
	if !known || holder.Born > now.Year() {
		return append(found, one)
	}
	said := func(name string) (form.Field, string) {
		beside, known := f.Field(prefix + name)
		if name == "" || !known {
			return form.Field{}, ""
		}
		return beside, storedText(beside, given.Values(beside.Name), now)
	}
	born, birthDate := said(field.Citizen.BirthDate)
	sexField, sex := said(field.Citizen.Sex)
	placeField, place := said(field.Citizen.BirthPlace)
	one.Parts = []Part{
		{evidence.Sex, holder.Sex, sexField, sex, compareSex(sex, holder)},
		{evidence.BirthDate, strconv.Itoa(holder.Born), born, birthDate, compareBirth(birthDate, holder)},
		{evidence.BirthPlace, holder.Province[0], placeField, place, comparePlace(place, holder)},
	}
	one.Match = matchOf(one.Parts)
	return append(found, one)
}

// justNumber is a number without the spaces and signs between its groups.
func justNumber(text string) string {
	return strings.NewReplacer(" ", "", ".", "", "-", "").Replace(plaintext.PlainSigns(text))
}

// matchOf is how what a number says compares as a whole.
func matchOf(parts []Part) evidence.Match {
	for _, match := range []evidence.Match{evidence.Differs, evidence.Agrees} {
		if slices.ContainsFunc(parts, func(p Part) bool { return p.Match == match }) {
			return match
		}
	}
	return evidence.Unread
}

func compareBirth(said string, holder citizencard.Holder) evidence.Match {
	if year, _, _ := strings.Cut(said, "-"); year == "" {
		return evidence.Unread
	} else if year == strconv.Itoa(holder.Born) {
		return evidence.Agrees
	}
	return evidence.Differs
}

func compareSex(said string, holder citizencard.Holder) evidence.Match {
	said = strings.ToLower(said)
	other := map[string]string{"female": "male", "male": "female"}[holder.Sex]
	switch {
	case slices.Contains(wordsFor(holder.Sex), said):
		return evidence.Agrees
	case slices.Contains(wordsFor(other), said):
		return evidence.Differs
	}
	return evidence.Unread
}

func comparePlace(said string, holder citizencard.Holder) evidence.Match {
	switch same, known := holder.ComparePlace(said); {
	case same:
		return evidence.Agrees
	case known:
		return evidence.Differs
	}
	return evidence.Unread
}
