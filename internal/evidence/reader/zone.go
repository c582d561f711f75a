package reader

import (
	"context"
	"image"
	"slices"
	"strings"
	"time"

	"docket/internal/evidence"
	"docket/internal/mrz"
	"docket/internal/mrz/ocr"
)

// leastConfidence is from where on what has no check digit is sure.
const leastConfidence = 0.7

// readZone reads the machine-readable zone of a document. The zone's type is empty when there is none.
func readZone(ctx context.Context, img image.Image, today time.Time) (values []evidence.Value, size mrz.Size) {
	zone, err := ocr.ReadPicture(ctx, img)
	if err != nil {
		return nil, ""
	}
	texts := zoneTexts(zone.MRZ, today)
	for _, name := range evidence.Names(evidence.MRZ) {
		if texts[name] == "" {
			continue
		}
		value := evidence.Value{Reader: evidence.MRZ, Name: name, Text: texts[name], Sure: true}
		var place image.Rectangle
		for _, field := range zone.Fields {
			if slices.Contains(zoneFields(name), field.Name) {
				value.Sure = value.Sure && sureOf(field)
				value.Mended = value.Mended || field.Mended
				place = place.Union(field.Place.Bounds())
			}
		}
		value.Place = placeIn(img.Bounds(), place)
		values = append(values, value)
	}
	return values, zone.MRZ.Size
}

// sureOf reports whether a field is what is printed, but for a letter that was mended.
func sureOf(field ocr.Field) bool {
	switch field.State {
	case ocr.Checked, ocr.Mended:
		return true
	case ocr.Unchecked:
		return field.Confidence >= leastConfidence
	}
	return false
}

// zoneFields are the fields of a zone in which what has a name stands.
func zoneFields(name string) []mrz.Field {
	switch name {
	case evidence.Number:
		return []mrz.Field{mrz.Number}
	case evidence.Name:
		return []mrz.Field{mrz.Surname, mrz.Given}
	case evidence.Surname:
		return []mrz.Field{mrz.Surname}
	case evidence.Given:
		return []mrz.Field{mrz.Given}
	case evidence.BirthDate:
		return []mrz.Field{mrz.Birth}
	case evidence.ExpiryDate:
		return []mrz.Field{mrz.Expiry}
	case evidence.Sex:
		return []mrz.Field{mrz.Sex}
	case evidence.Nationality:
		return []mrz.Field{mrz.Nationality}
	case evidence.Issuer:
		return []mrz.Field{mrz.Country}
	case evidence.DocumentType:
		return []mrz.Field{mrz.Kind}
	}
	return []mrz.Field{mrz.Optional}
}

// zoneTexts are what a zone says, by name.
func zoneTexts(m mrz.MRZ, today time.Time) map[string]string {
	texts := map[string]string{
		evidence.Number: numberIn(m), evidence.PersonalNumber: m.Optional, evidence.Surname: m.Surname, evidence.Given: m.Given, evidence.Name: nameIn(m),
		evidence.BirthDate:  dateIn(m.Birth, func(date string) (time.Time, bool) { return mrz.MRZ{Birth: date}.BirthDate(today) }),
		evidence.ExpiryDate: dateIn(m.Expiry, func(date string) (time.Time, bool) { return mrz.MRZ{Expiry: date}.ExpiryDate(today) }),
		evidence.Sex:        map[string]string{"F": "female", "M": "male", "X": "x"}[m.Sex],
		evidence.Issuer:     stateOf(m.Country), evidence.Nationality: stateOf(m.Nationality),
	}
	if strings.HasPrefix(m.Kind, "P") {
		texts[evidence.DocumentType] = "passport"
	}
	return texts
}

// numberIn is the number of a document. That of a Vietnamese citizen card has twelve digits, of which the zone repeats all in the
// optional data.
func numberIn(m mrz.MRZ) string {
	whole, _, _ := strings.Cut(m.Optional, " ")
	if m.Country == "VNM" && m.Size == mrz.TD1 && len(whole) == 12 && strings.HasSuffix(whole, m.Number) {
		return whole
	}
	return m.Number
}

// surnameFirst are the states whose documents, and people, put the surname first.
var surnameFirst = []string{"VNM", "CHN", "HKG", "MAC", "TWN", "KOR", "PRK", "JPN", "HUN", "KHM"}

// nameIn is a name in the order in which it is said.
func nameIn(m mrz.MRZ) string {
	if slices.Contains(surnameFirst, m.Country) {
		return strings.TrimSpace(m.Surname + " " + m.Given)
	}
	return strings.TrimSpace(m.Given + " " + m.Surname)
}

// dateIn is a day of a zone, or as much of its beginning as is known; "" when there is no such day.
func dateIn(date string, find func(string) (time.Time, bool)) string {
	known, layout := strings.TrimRight(date, "<"), time.DateOnly
	switch len(known) {
	case len("YYMM"):
		known, layout = known+"01", "2006-01"
	case len("YY"):
		known, layout = known+"0101", "2006"
	}
	day, ok := find(known)
	if !ok {
		return ""
	}
	return day.Format(layout)
}

// stateOf is a state of a zone as ISO 3166-1 has it, where that has another code.
func stateOf(code string) string {
	switch code {
	case "D":
		return "DEU"
	case "GBD", "GBN", "GBO", "GBP", "GBS":
		return "GBR"
	case "RKS", "KS":
		return "XKX"
	}
	return code
}
