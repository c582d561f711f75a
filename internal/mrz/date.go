package mrz

import (
	"strconv"
	"time"
)

// validity is how many years from today a document may still be valid: more than any state gives.
const validity = 50

// BirthDate tells the century of Birth: nobody is born after today. It says no when a part is unknown or there is no such
// day.
func (m MRZ) BirthDate(today time.Time) (time.Time, bool) {
	born, ok := date(m.Birth, today.Year())
	if ok && born.After(today) {
		return date(m.Birth, today.Year()-100)
	}
	return born, ok
}

// ExpiryDate tells the century of Expiry, and says no like BirthDate.
func (m MRZ) ExpiryDate(today time.Time) (time.Time, bool) {
	return date(m.Expiry, today.Year()+validity)
}

// date reads YYMMDD in the hundred years that end with latest.
func date(text string, latest int) (time.Time, bool) {
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
