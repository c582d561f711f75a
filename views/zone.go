package views

import (
	"strings"
	"time"

	"docket/internal/mrz"
)

// guarded is what agents call the fields that a check digit guards.
func guarded(field mrz.Field) string {
	switch field {
	case mrz.Number:
		return "the document number"
	case mrz.Birth:
		return "the date of birth"
	case mrz.Expiry:
		return "the date of expiry"
	case mrz.Optional:
		return "the optional data"
	}
	return "the whole zone"
}

// zoneSays is what a machine-readable zone says, as agents compare it with the answers.
func zoneSays(read mrz.MRZ, today time.Time) string {
	parts := []string{strings.TrimSpace(read.Given + " " + read.Surname), read.Number}
	if born, ok := read.BirthDate(today); ok {
		parts = append(parts, "born "+born.Format("2 January 2006"))
	}
	if expires, ok := read.ExpiryDate(today); ok {
		parts = append(parts, "expires "+expires.Format("2 January 2006"))
	}
	return strings.Join(parts, " · ")
}
