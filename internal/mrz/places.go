package mrz

// Characters is what may stand at a place of a zone.
type Characters string

// The sets of characters. Filler may stand everywhere but in a digit over the whole zone.
const (
	Letters    Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
	Digits     Characters = "0123456789<"
	OnlyDigits Characters = "0123456789"
	Any        Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
	Sexes      Characters = "FMX<"
)

// Place is where a field stands: in a line, from one column to before another, both counted from 0.
type Place struct {
	Field    Field
	Line     int
	From, To int
	Holds    Characters
	Digit    int // the column of its check digit, in the same line, or -1
}

const noDigit = -1

// Places are the fields of a layout, in the order in which they are printed. Country, Nationality and Name have no check digit of their own. The
// place of Composite is the digit itself.
func Places(size Size) []Place {
	switch size {
	case TD1:
		return []Place{
			{Kind, 0, 0, 2, Letters, noDigit},
			{Country, 0, 2, 5, Letters, noDigit},
			{Number, 0, 5, 14, Any, 14},
			{Optional, 0, 15, 30, Any, noDigit},
			{Birth, 1, 0, 6, Digits, 6},
			{Sex, 1, 7, 8, Sexes, noDigit},
			{Expiry, 1, 8, 14, Digits, 14},
			{Nationality, 1, 15, 18, Letters, noDigit},
			{Optional, 1, 18, 29, Any, noDigit},
			{Composite, 1, 29, 30, OnlyDigits, noDigit},
			{Name, 2, 0, 30, Letters, noDigit},
		}
	case FRA:
		return []Place{
			{Kind, 0, 0, 2, Letters, noDigit},
			{Country, 0, 2, 5, Letters, noDigit},
			{Surname, 0, 5, 30, Letters, noDigit},
			{Optional, 0, 30, 36, Any, noDigit},
			{Number, 1, 0, 12, Any, 12},
			{Given, 1, 13, 27, Letters, noDigit},
			{Birth, 1, 27, 33, Digits, 33},
			{Sex, 1, 34, 35, Sexes, noDigit},
			{Composite, 1, 35, 36, OnlyDigits, noDigit},
		}
	case TD2, MRVB:
		return twoLines(size, 36)
	case TD3, MRVA:
		return twoLines(size, 44)
	}
	return nil
}

// twoLines is the order of passports, visas and the larger cards.
func twoLines(size Size, width int) []Place {
	places := []Place{
		{Kind, 0, 0, 2, Letters, noDigit},
		{Country, 0, 2, 5, Letters, noDigit},
		{Name, 0, 5, width, Letters, noDigit},
		{Number, 1, 0, 9, Any, 9},
		{Nationality, 1, 10, 13, Letters, noDigit},
		{Birth, 1, 13, 19, Digits, 19},
		{Sex, 1, 20, 21, Sexes, noDigit},
		{Expiry, 1, 21, 27, Digits, 27},
	}
	switch size {
	case TD3:
		return append(places, Place{Optional, 1, 28, 42, Any, 42}, Place{Composite, 1, 43, 44, OnlyDigits, noDigit})
	case TD2:
		return append(places, Place{Optional, 1, 28, 35, Any, noDigit}, Place{Composite, 1, 35, 36, OnlyDigits, noDigit})
	}
	return append(places, Place{Optional, 1, 28, width, Any, noDigit})
}

// Shape returns how many lines a layout has, and how many characters a line.
func (s Size) Shape() (lines, width int) {
	switch s {
	case TD1:
		return 3, 30
	case TD2, MRVB, FRA:
		return 2, 36
	case TD3, MRVA:
		return 2, 44
	}
	return 0, 0
}

// Visa tells whether it is a layout of visas.
func (s Size) Visa() bool { return s == MRVA || s == MRVB }

// Span is a part of a line: from one column to before another.
type Span struct{ Line, From, To int }

// CompositeSpans are what the digit over the whole zone is made of, in order: nothing for visas, which have no such digit.
func CompositeSpans(size Size) []Span {
	switch size {
	case TD1:
		return []Span{{0, 5, 30}, {1, 0, 7}, {1, 8, 15}, {1, 18, 29}}
	case TD2:
		return []Span{{1, 0, 10}, {1, 13, 20}, {1, 21, 35}}
	case TD3:
		return []Span{{1, 0, 10}, {1, 13, 20}, {1, 21, 43}}
	case FRA:
		return []Span{{0, 0, 36}, {1, 0, 35}}
	}
	return nil
}

// CompositeText is the text of the spans.
func CompositeText(size Size, lines []string) string {
	text := ""
	for _, span := range CompositeSpans(size) {
		text += lines[span.Line][span.From:span.To]
	}
	return text
}
