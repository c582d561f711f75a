package form

import (
	"slices"

	"docket/internal/mrz"
)

// lines reports whether an answer of type t may have more than one line.
func (t Type) lines() bool { return t == LongText || t == MRZ }

// zone checks that a text is a machine-readable zone. Wrong check digits are for agents to judge, unless the field
// refuses them.
func (f Field) zone(text string) (string, Problem) {
	read, err := mrz.Read(text)
	switch {
	case err != nil:
		return "", fault(CodeNotAnMRZ, "answer.no_mrz")
	case len(read.Wrong) > 0 && slices.Contains(f.Block, CodeCheckDigits):
		return "", fault(CodeCheckDigits, "answer.check_digits")
	}
	return text, Problem{}
}

// Doubtful reports whether a text is a machine-readable zone with a check digit that does not hold.
func (f Field) Doubtful(text string) bool {
	read, err := mrz.Read(text)
	return f.Type == MRZ && err == nil && len(read.Wrong) > 0
}
