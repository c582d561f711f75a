package form

import (
	"slices"
	"time"

	"docket/internal/i18n"
)

// Choice is one of the options of the form file.
const Choice Type = "choice"

// fewOptions is up to how many options a page shows at once, instead of in a list to open.
const fewOptions = 5

func choiceType() fieldType {
	return fieldType{
		name: Choice, keys: []string{"options", "options_from"}, check: checkChoice, missing: "answer.choose",
		options: func(f *Field, _ string) []Option { return f.Options }, show: showOption,
		schema:  choiceSchema,
		control: choiceControl,
	}
}

func checkChoice(f *Field, text string, _ time.Time) (string, Problem) {
	if f.OptionsFrom != "" {
		return f.checkListed(text)
	}
	if !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == text }) {
		return "", newProblem(CodeNotAnOption, "answer.no_option")
	}
	return text, Problem{}
}

// showOption is the label of a value; a value that is no option any more is shown as it was kept.
func showOption(f *Field, text string, words *i18n.Words) string {
	if f.OptionList != nil {
		return f.optionLabel(text, words.Tag())
	}
	for _, option := range f.Options {
		if option.Value == text {
			return option.Label
		}
	}
	return text
}

// choiceControl shows all options at once when they are few. A choice that may stay open is a list to open: a radio button,
// once chosen, cannot be taken back.
func choiceControl(f *Field) Control {
	if f.OptionsFrom != "" {
		return Control{Element: ElementSearch, InputType: "text", AutoDirection: true}
	}
	if f.Required && len(f.Options) <= fewOptions {
		return Control{Element: ElementRadios}
	}
	return Control{Element: ElementSelect}
}

func optionValues(options []Option) []string {
	values := make([]string, len(options))
	for i, option := range options {
		values[i] = option.Value
	}
	return values
}

func choiceSchema(f *Field, schema map[string]any) (note string) {
	if f.OptionsFrom != "" {
		schema["maxLength"] = 100
		return "One of the values of " + f.OptionsFrom + ", which change without a new version of the form."
	}
	schema["enum"] = optionValues(f.Options)
	return ""
}
