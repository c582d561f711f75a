package form

import (
	"slices"

	"docket/internal/i18n"
)

// pick checks an answer that is chosen, not written.
func (f Field) pick(text string) (string, Problem) {
	switch f.Type {
	case Checkbox:
		return tick(text)
	case Country:
		if _, ok := country(text, i18n.Source); !ok {
			return "", fault(CodeNotAnOption, "answer.no_country")
		}
	default:
		if !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == text }) {
			return "", fault(CodeNotAnOption, "answer.no_option")
		}
	}
	return text, Problem{}
}

// tick reads a checkbox as browsers and people send it.
func tick(text string) (string, Problem) {
	switch text {
	case "on", ticked, "1", "yes":
		return ticked, Problem{}
	case "", unticked, "off", "0", "no":
		return unticked, Problem{}
	}
	return "", fault(CodeNotAnOption, "answer.no_tick")
}
