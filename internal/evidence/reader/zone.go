package reader

import (
	"context"
	"image"
	"slices"
	"strings"
	"time"

	"docket/internal/country"
	"docket/internal/evidence"
	"docket/internal/mrz"
	"docket/internal/mrz/ocr"
)

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
				value.Sure = value.Sure && field.Sure()
				value.Mended = value.Mended || field.Mended
				place = place.Union(field.Place.Bounds())
			}
		}
		value.Place = placeIn(img.Bounds(), place)
		value.Place.Turn = turnOf(zone.Place)
		values = append(values, value)
	}
	return values, zone.MRZ.Size
}

// turnOf is by how many degrees, clockwise, a picture is turned so that a line of text in it is upright. Its corners begin with the upper
// left one of the text.
func turnOf(line ocr.Quad) int {
	along := line[1].Sub(line[0])
	switch {
	case abs(along.X) >= abs(along.Y) && along.X >= 0:
		return 0
	case abs(along.X) >= abs(along.Y):
		return 180
	case along.Y > 0:
		return 270
	}
	return 90
}

func abs(n int) int { return max(n, -n) }

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
		evidence.BirthDate: m.PartialBirth(today), evidence.ExpiryDate: m.PartialExpiry(today),
		evidence.Sex:    map[string]string{"F": "female", "M": "male", "X": "x"}[m.Sex],
		evidence.Issuer: country.Canonical(m.Country), evidence.Nationality: country.Canonical(m.Nationality),
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
