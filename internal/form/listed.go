package form

import (
	"maps"
	"slices"
	"strings"

	"docket/internal/form/optionlist"
	"docket/internal/i18n"
)

// suggestions is how many options a message names that may have been meant.
const suggestions = 5

// OptionLists are the files of options that the form names, also in the rows of its groups, each once.
func (f *Form) OptionLists() (lists []*optionlist.List) {
	seen := map[string]bool{}
	for _, field := range f.inputs {
		if field.OptionList != nil && !seen[field.OptionsFrom] {
			seen[field.OptionsFrom] = true
			lists = append(lists, field.OptionList)
		}
	}
	return lists
}

// UseOptionLists gives an earlier form the options of today's, so that their labels can be shown.
func (f *Form) UseOptionLists(today *Form) {
	lists := map[string]*optionlist.List{}
	for _, list := range today.OptionLists() {
		lists[list.Name()] = list
	}
	for _, language := range f.Languages {
		in := f.In(language)
		fields := slices.AppendSeq(slices.Clone(in.inputs), maps.Values(in.inRows))
		for _, field := range in.ordered {
			if field.Rows != nil {
				fields = append(fields, field.Rows.Form.inputs...)
			}
		}
		for _, field := range fields {
			if field.OptionsFrom != "" {
				field.OptionList = lists[field.OptionsFrom]
			}
		}
	}
}

// SearchOptions finds options of a field whose options stand in a file: at most so many that have all words of what was typed. None
// where the field has no such file.
func (f *Form) SearchOptions(field Field, typed string, limit int) (found []Option) {
	if field.OptionList == nil {
		return nil
	}
	for _, option := range field.OptionList.Search(typed, f.Language, limit) {
		found = append(found, Option(option))
	}
	return found
}

// checkListed checks that a text is the value of an option in a file. The problem names options that may have been meant. Where the
// file is not known, any text may be one.
func (f *Field) checkListed(text string) (string, Problem) {
	if f.OptionList == nil {
		return f.checkText(text)
	}
	if _, ok := f.OptionList.Find(text, i18n.Source); ok {
		return text, Problem{}
	}
	var near []string
	for _, option := range f.OptionList.Search(text, i18n.Source, suggestions) {
		near = append(near, option.Value)
	}
	if near == nil {
		return "", newProblem(CodeNotAnOption, "answer.no_listed")
	}
	return "", newProblem(CodeNotAnOption, "answer.no_listed_near", "Values", strings.Join(near, ", "))
}

// optionLabel is what people read for the value of an option in a file; the value when it is none any more.
func (f *Field) optionLabel(value, language string) string {
	if option, ok := f.OptionList.Find(value, language); ok {
		return option.Label
	}
	return value
}
