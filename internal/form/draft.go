package form

import (
	"unicode/utf8"

	"docket/internal/form/input"
	"docket/internal/i18n"
)

// Input is what was typed into a form, field by field, unchecked; several texts where a field takes several values.
type Input = input.Input

// MaxDraftBytes is how long all answers of a draft may be.
const MaxDraftBytes = 64 << 10

// CheckDraft checks how long the answers of a draft are: each text has at most twice as many characters as its field allows, and all
// have at most MaxDraftBytes. Otherwise the error is Invalid; where all together are too long, it names the longest.
func (f *Form) CheckDraft(given Input) error {
	wrong, all, longest := Invalid{}, 0, 0
	var last string
	for _, field := range f.inputs {
		size := 0
		for _, text := range given[field.Name] {
			size += len(text)
			if utf8.RuneCountInString(text) > 2*field.MaxLength {
				wrong[field.Name] = newProblem(CodeTooLong, "answer.too_long", "Count", field.MaxLength)
			}
		}
		if all += size; size > longest {
			longest, last = size, field.Name
		}
	}
	if all > MaxDraftBytes && len(wrong) == 0 {
		wrong[last] = newProblem(CodeTooLong, "answer.too_long_draft", "KiB", MaxDraftBytes>>10)
	}
	if len(wrong) > 0 {
		return wrong.in(i18n.Of(f.Language))
	}
	return nil
}
