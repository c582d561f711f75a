package form

import (
	"slices"
	"time"

	"docket/internal/mrz"
)

// MRZ is the machine-readable zone of a passport or card.
const MRZ Type = "mrz"

// The problems of machine-readable zones.
const (
	CodeNotAnMRZ    = "not_an_mrz"
	CodeCheckDigits = "check_digits"
)

func mrzType() fieldType {
	return fieldType{
		name: MRZ, keys: []string{"block"}, blockable: []string{CodeCheckDigits}, maxLength: 120, multiline: true,
		check: checkMRZ, codes: []string{CodeNotAnMRZ, CodeCheckDigits}, warning: warnMRZ,
		schema: func(f *Field, schema map[string]any) string {
			schema["maxLength"] = f.MaxLength
			return "The two or three lines of the machine-readable zone, as ICAO Doc 9303 lays them out."
		},
		control: func(*Field) Control {
			return Control{Element: ElementTextarea, Rows: 3, NoSpellcheck: true, HasMaxLength: true, ShowsWarning: true}
		},
	}
}

// checkMRZ checks that a text is a machine-readable zone, and not that of a visa. Wrong check digits, and layouts whose digits are not
// known, are for agents to decide about, unless the field refuses them.
func checkMRZ(f *Field, text string, _ time.Time) (string, Problem) {
	read, err := mrz.Read(text)
	switch {
	case err != nil || read.Size.Visa() || read.Size == mrz.Other && slices.Contains(f.Block, CodeCheckDigits):
		return "", newProblem(CodeNotAnMRZ, "answer.no_mrz")
	case len(read.Wrong) > 0 && slices.Contains(f.Block, CodeCheckDigits):
		return "", newProblem(CodeCheckDigits, "answer.check_digits")
	}
	return text, Problem{}
}

// warnMRZ names what to say of a machine-readable zone with a wrong check digit, or of a layout that is not known.
func warnMRZ(text string) string {
	read, err := mrz.Read(text)
	switch {
	case err != nil:
		return ""
	case read.Size == mrz.Other:
		return "answer.mrz_layout_hint"
	case len(read.Wrong) > 0:
		return "answer.check_digits_hint"
	}
	return ""
}
