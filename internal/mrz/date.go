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
