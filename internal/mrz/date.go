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
	return partialDate(m.Birth, func(text string) (time.Time, bool) { return MRZ{Birth: text}.BirthDate(today) })
}

// PartialExpiry is the date of expiry like PartialBirth.
func (m MRZ) PartialExpiry(today time.Time) string {
	return partialDate(m.Expiry, func(text string) (time.Time, bool) { return MRZ{Expiry: text}.ExpiryDate(today) })
}

// partialDate is what is known of YYMMDD, of which find finds the century.
func partialDate(text string, find func(text string) (time.Time, bool)) string {
	if len(text) != len("YYMMDD") {
		return ""
	}
	layout := time.DateOnly
	if day := text[4:]; UnknownPart(day) {
		layout, text = "2006-01", text[:4]+"01"
		if month := text[2:4]; UnknownPart(month) {
			layout, text = "2006", text[:2]+"0101"
		}
	}
	at, ok := find(text)
	if !ok {
		return ""
	}
	return at.Format(layout)
}

// UnknownPart reports whether the month or the day of a date is written as not known.
func UnknownPart(text string) bool { return text == "<<" || text == "00" }

// ExpiryDate finds the century of Expiry, and returns false like BirthDate.
func (m MRZ) ExpiryDate(today time.Time) (time.Time, bool) {
	return parseDate(m.Expiry, today.Year()+maxValidity)
}

// parseDate reads YYMMDD in the hundred years that end with latest.
func parseDate(text string, latest int) (time.Time, bool) {
	if len(text) != len("YYMMDD") {
		return time.Time{}, false
	}
	short, err := strconv.ParseUint(text[:2], 10, 8) // which takes no sign
	if err != nil {
		return time.Time{}, false
	}
	year := latest - (latest-int(short))%100
	day, err := time.Parse("20060102", strconv.Itoa(year)+text[2:])
	return day, err == nil
}
