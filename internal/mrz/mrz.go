// Package mrz reads the machine-readable zone of a travel document, as ICAO Doc 9303 lays it out (TD1 and TD2 cards, TD3
// passports), and lists the check digits that do not hold.
package mrz

import (
	"errors"
	"strings"
)

// Size is the layout of a document.
type Size string

// The sizes: TD1 is a card with three lines of 30, TD2 one with two lines of 36, TD3 a passport with two lines of 44.
const (
	TD1 Size = "TD1"
	TD2 Size = "TD2"
	TD3 Size = "TD3"
)

// Field is a field that has a check digit.
type Field string

// The fields with a check digit. Composite is the digit over all of them.
const (
	Number    Field = "number"
	Birth     Field = "birth"
	Expiry    Field = "expiry"
	Optional  Field = "optional"
	Composite Field = "composite"
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

// ErrLayout: these are not the lines of a card or passport as ICAO lays them out. Visas have another layout.
var ErrLayout = errors.New("mrz: neither TD1, TD2 nor TD3")

// Read takes a zone as it was typed or recognised: in small letters, with spaces or « for filler, or all in one line.
func Read(text string) (MRZ, error) {
	lines, err := splitLines(text)
	if err != nil {
		return MRZ{}, err
	}
	switch len(lines[0]) {
	case 30:
		return readTD1(lines[0], lines[1], lines[2]), nil
	case 36:
		return readTD2(lines[0], lines[1]), nil
	}
	return readTD3(lines[0], lines[1]), nil
}

func readTD3(first, second string) MRZ {
	m := MRZ{Size: TD3, Kind: trimFiller(first[:2]), Country: trimFiller(first[2:5]), Nationality: trimFiller(second[10:13]), Optional: trimFiller(second[28:42])}
	m.Surname, m.Given = splitNames(first[5:])
	m.Number = trimFiller(second[:9])
	m.Birth, m.Sex, m.Expiry = second[13:19], parseSex(second[20]), second[21:27]
	m.verifyDigit(Number, second[:9], second[9])
	m.verifyDigit(Birth, second[13:19], second[19])
	m.verifyDigit(Expiry, second[21:27], second[27])
	m.verifyDigit(Optional, second[28:42], second[42])
	m.verifyDigit(Composite, second[:10]+second[13:20]+second[21:43], second[43])
	return m
}

func readTD2(first, second string) MRZ {
	m := MRZ{Size: TD2, Kind: trimFiller(first[:2]), Country: trimFiller(first[2:5]), Nationality: trimFiller(second[10:13])}
	m.Surname, m.Given = splitNames(first[5:])
	m.Birth, m.Sex, m.Expiry = second[13:19], parseSex(second[20]), second[21:27]
	m.readNumber(second[:9], second[9], second[28:35])
	m.verifyDigit(Birth, second[13:19], second[19])
	m.verifyDigit(Expiry, second[21:27], second[27])
	m.verifyDigit(Composite, second[:10]+second[13:20]+second[21:35], second[35])
	return m
}

func readTD1(first, second, third string) MRZ {
	m := MRZ{Size: TD1, Kind: trimFiller(first[:2]), Country: trimFiller(first[2:5]), Nationality: trimFiller(second[15:18])}
	m.Surname, m.Given = splitNames(third)
	m.Birth, m.Sex, m.Expiry = second[:6], parseSex(second[7]), second[8:14]
	m.readNumber(first[5:14], first[14], first[15:30])
	m.Optional = strings.TrimSpace(m.Optional + " " + trimFiller(second[18:29]))
	m.verifyDigit(Birth, second[:6], second[6])
	m.verifyDigit(Expiry, second[8:14], second[14])
	m.verifyDigit(Composite, first[5:30]+second[:7]+second[8:15]+second[18:29], second[29])
	return m
}

// readNumber reads a document number, which may be longer than its nine places: then a filler stands for its check digit, and the rest of it
// and the digit begin the optional data, up to the next filler.
func (m *MRZ) readNumber(places string, digit byte, optional string) {
	rest, after, _ := strings.Cut(optional, "<")
	if digit != '<' || len(rest) < 2 {
		m.Number, m.Optional = trimFiller(places), trimFiller(optional)
		m.verifyDigit(Number, places, digit)
		return
	}
	long := places + rest[:len(rest)-1]
	m.Number, m.Optional = trimFiller(long), trimFiller(after)
	m.verifyDigit(Number, long, rest[len(rest)-1])
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
