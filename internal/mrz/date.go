package mrz

import (
	"strconv"
	"time"
)

// maxValidity is how many years from today a document may still be valid: more than any state gives.
const maxValidity = 50

// BirthDate finds the century of Birth, which is not after today. It returns false when a part is unknown or there is no
// such day.
func (m MRZ) BirthDate(today time.Time) (time.Time, bool) {
	born, ok := parseDate(m.Birth, today.Year())
	if ok && born.After(today) {
		return parseDate(m.Birth, today.Year()-100)
	}
	return born, ok
}

// PartialBirth is the date of birth as far as it is known: 1985-03-12, 1985-03 or 1985. It returns nothing when not even the year is known, or
// there is no such date. Unknown is filler, or 00 as some states print it.
func (m MRZ) PartialBirth(today time.Time) string {
	if born, ok := m.BirthDate(today); ok {
		return born.Format(time.DateOnly)
	}
	if len(m.Birth) != len("YYMMDD") {
		return ""
	}
	month, day := m.Birth[2:4], m.Birth[4:]
	layout, text := "2006-01", m.Birth[:4]+"01"
	switch {
	case !unknownPart(day):
		return ""
	case unknownPart(month):
		layout, text = "2006", m.Birth[:2]+"0101"
	}
	born, ok := MRZ{Birth: text}.BirthDate(today)
	if !ok {
		return ""
	}
	return born.Format(layout)
}

func unknownPart(text string) bool { return text == "<<" || text == "00" }

// ExpiryDate finds the century of Expiry, and returns false like BirthDate.
func (m MRZ) ExpiryDate(today time.Time) (time.Time, bool) {
	return parseDate(m.Expiry, today.Year()+maxValidity)
}

// parseDate reads YYMMDD in the hundred years that end with latest.
func parseDate(text string, latest int) (time.Time, bool) {
	if len(text) != len("YYMMDD") {
		return time.Time{}, false
	}
	short, err := strconv.Atoi(text[:2])
	if err != nil {
		return time.Time{}, false
	}
	year := latest - (latest-short)%100
	day, err := time.Parse("20060102", strconv.Itoa(year)+text[2:])
	return day, err == nil
}
