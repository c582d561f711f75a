package form

import (
	"fmt"
	"slices"
	"strconv"

	"docket/internal/form/decimal"
)

// MultiChoice is some of the options of the form file. The answers are kept in the order of the options.
const MultiChoice Type = "multi_choice"

// The problems of how many options are chosen.
const (
	CodeTooFew  = "too_few"
	CodeTooMany = "too_many"
)

func multiChoiceType() fieldType {
	t := choiceType()
	t.name, t.keys, t.several = MultiChoice, []string{"options", "min", "max"}, true
	t.bound, t.crossed = readCountBound, decimal.Crossed
	t.codes, t.checkAll = []string{CodeTooFew, CodeTooMany}, checkChoices
	t.json, t.schema, t.kind = jsonStrings, multiChoiceSchema, KindTexts
	t.control = func(*Field) Control { return Control{Element: ElementCheckboxes} }
	return t
}

// readCountBound reads how many options are chosen at least or at most.
func readCountBound(_ *Field, text string) (bound, mistake string) {
	count, err := strconv.Atoi(text)
	if err != nil || count < 1 {
		return "", fmt.Sprintf("must be a number of options such as 2, not %q", text)
	}
	return strconv.Itoa(count), ""
}

// checkChoices checks how many options are chosen, and puts them into the order of the form.
func checkChoices(f *Field, texts []string) ([]string, Problem) {
	least, _ := strconv.Atoi(f.Min) // Empty is zero.
	most, err := strconv.Atoi(f.Max)
	switch {
	case len(texts) < least:
		return nil, newProblem(CodeTooFew, "answer.too_few", "Count", least)
	case err == nil && len(texts) > most:
		return nil, newProblem(CodeTooMany, "answer.too_many", "Count", most)
	}
	ordered := make([]string, 0, len(texts))
	for _, option := range f.Options {
		if slices.Contains(texts, option.Value) {
			ordered = append(ordered, option.Value)
		}
	}
	return ordered, Problem{}
}

func multiChoiceSchema(f *Field, schema map[string]any) (note string) {
	schema["type"], schema["uniqueItems"] = "array", true
	schema["items"] = map[string]any{"type": "string", "enum": optionValues(f.Options)}
	least, _ := strconv.Atoi(f.Min)
	if f.Required || least > 0 {
		schema["minItems"] = max(least, 1)
	}
	if most, err := strconv.Atoi(f.Max); err == nil {
		schema["maxItems"] = most
	}
	return ""
}
