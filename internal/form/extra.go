package form

import (
	"encoding/json"
	"strconv"
	"time"

	"docket/internal/form/jsontext"
)

// InputFromAnswers is a ticket's answers as input, to fill the form in with them. A checkbox that was not ticked has none.
func (f *Form) InputFromAnswers(extra json.RawMessage) Input {
	input, stored := Input{}, jsontext.Members(extra)
	for _, field := range f.ordered {
		texts := field.storedTexts(stored[field.Name])
		if field.Rows != nil {
			field.addRowInputs(texts, input)
		} else if field.Type.spec().answered(texts) {
			input[field.Name] = field.inputTexts(texts)
		}
	}
	return input
}

// addRowInputs adds the rows of a group to what fills the form in.
func (f *Field) addRowInputs(rows []string, input Input) {
	for slot, row := range rows[:min(len(rows), f.Many)] {
		input.Add(f.Name, strconv.Itoa(slot))
		for name, texts := range f.Rows.Form.InputFromAnswers(json.RawMessage(row)) {
			input[RowName(f.Name, slot)+"."+name] = texts
		}
	}
}

// Answers are a ticket's answers to what the form asks, as they were stored.
func (f *Form) Answers(extra json.RawMessage) Answers {
	stored, answers := jsontext.Members(extra), Answers{}
	for _, field := range f.ordered {
		if texts := field.storedTexts(stored[field.Name]); texts != nil {
			answers = append(answers, Answer{field.Name, texts, field.Type})
		}
	}
	return answers
}

// inapplicableIn are the fields that are not asked with these answers, as far as that is known without the day of them.
func (f *Form) inapplicableIn(extra json.RawMessage) map[string]bool {
	v, inapplicable := f.ValuesOf(nil, time.Time{}), map[string]bool{}
	for name, value := range jsontext.Members(extra) {
		if i, ok := f.positions[name]; ok {
			v.setStored(i, f.ordered[i].storedTexts(value))
		}
	}
	v.removeInapplicable(func(name string) { inapplicable[name] = true })
	return inapplicable
}

// inputTexts are stored texts as a page asks for them.
func (f *Field) inputTexts(texts []string) []string {
	input := f.Type.spec().input
	if input == nil {
		return texts
	}
	typed := make([]string, len(texts))
	for i, text := range texts {
		typed[i] = input(f, text)
	}
	return typed
}

// storedTexts are the texts of a stored answer; none when there is none.
func (f *Field) storedTexts(value json.RawMessage) []string {
	if f.Rows != nil {
		texts, _ := jsontext.Objects(value) // what is no rows was not given to a group
		return texts
	}
	if f.Type.Several() {
		if texts, ok := jsontext.Strings(value); ok {
			return texts
		}
	}
	if kind := f.Type.spec().json; kind == jsonMoney {
		if texts, ok := kind.texts(value); ok {
			return texts
		}
	}
	if text := jsontext.Plain(value); text != "" {
		return []string{text}
	}
	return nil
}
