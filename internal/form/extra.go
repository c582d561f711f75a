package form

import (
	"bytes"
	"encoding/json"
	"time"

	"docket/internal/strictjson"
)

// InputFromAnswers is a ticket's answers as input, to fill the form in with them. A checkbox that was not ticked has none.
func (f *Form) InputFromAnswers(extra json.RawMessage) Input {
	input, stored := Input{}, decodeExtra(extra)
	for _, field := range f.ordered {
		if texts := field.storedTexts(stored[field.Name]); field.Type.spec().answered(texts) {
			input[field.Name] = field.inputTexts(texts)
		}
	}
	return input
}

// Answers are a ticket's answers to what the form asks, as they were stored.
func (f *Form) Answers(extra json.RawMessage) Answers {
	stored, answers := decodeExtra(extra), Answers{}
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
	for name, value := range decodeExtra(extra) {
		if i, ok := f.positions[name]; ok {
			v.answers[i] = f.ordered[i].storedTexts(value)
		}
	}
	v.removeInapplicable(func(i int) { inapplicable[f.ordered[i].Name] = true })
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
	if f.Type.Several() {
		if texts, ok := textsIn(value); ok {
			return texts
		}
	}
	if kind := f.Type.spec().json; kind == jsonMoney {
		if texts, ok := kind.texts(value); ok {
			return texts
		}
	}
	if text := plainText(value); text != "" {
		return []string{text}
	}
	return nil
}

// decodeExtra is the keys and values of the answers. What is no object stands under one name of its own.
func decodeExtra(extra json.RawMessage) map[string]json.RawMessage {
	members, err := strictjson.Object(extra)
	values := make(map[string]json.RawMessage, len(members))
	if err != nil { // it came in another way than by the form
		if err := json.Unmarshal(extra, &values); err != nil && len(extra) > 0 {
			return map[string]json.RawMessage{"extra": extra}
		}
	}
	for _, m := range members {
		values[m.Name] = m.Value
	}
	return values
}

// plainText is a JSON value as text: a string without its quotes, nothing for null, anything else as it is written.
func plainText(value json.RawMessage) string {
	if text, ok := simpleString(value); ok {
		return text
	}
	var text string
	if err := json.Unmarshal(value, &text); err == nil {
		return text
	}
	var b bytes.Buffer
	if json.Compact(&b, value) != nil {
		return string(value)
	}
	return b.String()
}
