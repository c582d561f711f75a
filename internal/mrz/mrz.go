// Package mrz reads the machine-readable zone of a travel document, as ICAO Doc 9303 lays it out (TD1 and TD2 cards, TD3
// passports, visas), or as French identity cards had it until 2021, and lists the check digits that do not hold.
package mrz

import (
	"errors"
	"slices"
	"strings"
)

// Size is the layout of a document.
type Size string

// The sizes: TD1 is a card with three lines of 30, TD2 one with two lines of 36, TD3 a passport with two lines of 44. MRV-A and MRV-B are
// visas with two lines of 44 and 36. FRA is the French identity card as it was until 2021, with two lines of 36 in an order of its own.
const (
	TD1  Size = "TD1"
	TD2  Size = "TD2"
	TD3  Size = "TD3"
	MRVA Size = "MRV-A"
	MRVB Size = "MRV-B"
	FRA  Size = "FRA"

	// Other is a layout that is not known: lines of the right shape in which not one check digit is where it should be.
	Other Size = "other"
)

// Field is a part of a zone.
type Field string

// The fields with a check digit. Composite is the digit over all of them.
const (
	Number    Field = "number"
	Birth     Field = "birth"
	Expiry    Field = "expiry"
	Optional  Field = "optional"
	Composite Field = "composite"
)

// The fields without a check digit. Name is surname and given names in one.
const (
	Kind        Field = "kind"
	Country     Field = "country"
	Nationality Field = "nationality"
	Sex         Field = "sex"
	Name        Field = "name"
	Surname     Field = "surname"
	Given       Field = "given"
)

// MRZ is what a zone contains. Wrong lists the fields whose check digit does not hold, nil when all do: then what was read
// is almost surely what is printed, not that the document is genuine.
type MRZ struct {
	Size        Size
	Kind        string // P, ID, AC …
	Country     string // who issued it: ISO 3166-1 alpha-3, or one of ICAO's own codes
	Nationality string
	Number      string // without filler, however long
	Surname     string // in Latin letters; apostrophes are gone and hyphens are spaces
	Given       string
	Birth       string // YYMMDD, with filler for what is unknown: see BirthDate
	Expiry      string // YYMMDD: see ExpiryDate
	Sex         string // F, M, X, or empty
	Optional    string
	Wrong       []Field
}

// ErrLayout: these are not the lines of a layout that Read knows.
var ErrLayout = errors.New("mrz: not a layout that is known")

// Read takes a zone as it was typed or recognised: in small letters, with spaces, with other signs for filler, with one filler missing, or
// all in one line. Of a layout that it does not know it returns nothing but the Size Other; other texts are ErrLayout.
func Read(text string) (MRZ, error) {
	lines, err := splitLines(text)
	if err != nil {
		return MRZ{}, err
	}
	m := ReadLines(findSize(lines), lines)
	if m.layoutUnknown() {
		return MRZ{Size: Other}, nil
	}
	return m, nil
}

// layoutUnknown tells whether number, birth, expiry and the digit over all are all wrong, which no mistake of somebody who copies makes.
func (m MRZ) layoutUnknown() bool {
	for _, place := range Places(m.Size) {
		guarded := place.Digit != noDigit && place.Field != Optional || place.Field == Composite
		if guarded && !slices.Contains(m.Wrong, place.Field) {
			return false
		}
	}
	return true
}

// findSize tells the layout of lines that have the length of one.
func findSize(lines []string) Size {
	visa := lines[0][0] == 'V'
	switch {
	case len(lines) == 3:
		return TD1
	case len(lines[0]) == 44 && visa:
		return MRVA
	case len(lines[0]) == 44:
		return TD3
	case visa:
		return MRVB
	case isFrenchCard(lines):
		return FRA
	}
	return TD2
}

// isFrenchCard tells the French card from a TD2 card of France: it begins with the twelve digits of its number, where a TD2 card has the
// holder's nationality from the eleventh place on.
func isFrenchCard(lines []string) bool {
	return strings.HasPrefix(lines[0], "IDFRA") && strings.Trim(lines[1][10:13], "0123456789") == ""
}

// ReadLines reads lines that have the shape of a layout.
func ReadLines(size Size, lines []string) MRZ {
	m := MRZ{Size: size}
	for _, place := range Places(size) {
		m.readPlace(place, lines)
	}
	return m
}

func (m *MRZ) readPlace(place Place, lines []string) {
	line := lines[place.Line]
	text := line[place.From:place.To]
	switch place.Field {
	case Kind:
		m.Kind = trimFiller(text)
	case Country:
		m.Country = trimFiller(text)
	case Nationality:
		m.Nationality = trimFiller(text)
	case Sex:
		m.Sex = parseSex(text[0])
	case Name:
		m.Surname, m.Given = splitNames(text)
	case Surname:
		m.Surname = trimFiller(text)
	case Given:
		m.Given = trimFiller(text)
	case Birth:
		m.Birth = text
	case Expiry:
		m.Expiry = text
	case Number:
		m.readNumber(place, line)
		return
	case Optional:
		m.readOptional(place, line, text)
	case Composite:
		m.verifyDigit(Composite, CompositeText(m.Size, lines), text[0])
	}
	if place.Digit != noDigit {
		m.verifyDigit(place.Field, text, line[place.Digit])
	}
}

// readNumber reads a document number. On TD1 and TD2 it may be longer than its nine places: then a filler stands for its check digit, and the
// rest of it and the digit begin the optional data, up to the next filler.
func (m *MRZ) readNumber(place Place, line string) {
	number, digit := line[place.From:place.To], line[place.Digit]
	if rest, ok := LongNumber(m.Size, line); ok {
		number, digit = number+rest[:len(rest)-1], rest[len(rest)-1]
	}
	m.Number = trimFiller(number)
	m.verifyDigit(Number, number, digit)
}

// LongNumber returns what the optional data of a line has of a document number that is longer than its place: the rest of it with the check
// digit. It returns false when the number is not longer.
func LongNumber(size Size, line string) (rest string, ok bool) {
	switch {
	case size == TD1 && line[14] == '<':
		rest, _, _ = strings.Cut(line[15:], "<")
	case size == TD2 && line[9] == '<':
		rest, _, _ = strings.Cut(line[28:35], "<")
	}
	return rest, len(rest) > 1
}

// readOptional leaves out what belongs to a long number. A second field of optional data follows after a space.
func (m *MRZ) readOptional(place Place, line, text string) {
	if rest, ok := LongNumber(m.Size, line); ok && (m.Size == TD2 || place.Line == 0) {
		text = text[len(rest):]
	}
	m.Optional = strings.TrimSpace(m.Optional + " " + trimFiller(text))
}

// verifyDigit also takes a filler for the digit of a field that is empty.
func (m *MRZ) verifyDigit(field Field, over string, digit byte) {
	if digit == '<' && strings.Trim(over, "<") == "" {
		return
	}
	if CheckDigit(over) != digit {
		m.Wrong = append(m.Wrong, field)
	}
}

func splitNames(field string) (surname, given string) {
	surname, given, _ = strings.Cut(field, "<<")
	return trimFiller(surname), trimFiller(given)
}

// trimFiller makes words of a field: filler is what separates them.
func trimFiller(field string) string {
	return strings.Join(strings.FieldsFunc(field, func(r rune) bool { return r == '<' }), " ")
}

func parseSex(letter byte) string {
	if letter == '<' {
		return ""
	}
	return string(letter)
}
