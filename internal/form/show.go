package form

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"docket/internal/i18n"
	"docket/internal/strictjson"
)

// ShownSection is a section of the form with the answers that a ticket gave.
type ShownSection struct {
	Title string
	Rows  []Row
}

// Row is one answer as a person reads it; Text is empty when there is none.
type Row struct {
	Field Field
	Text  string
	File  string // the id of the picture or document that the answer is; empty: it is none
}

// Show puts a ticket's answers in the order of the form. What the form does not ask (any longer) comes last, in a
// section without a title, under its raw names. What was not asked with these answers is left out. Any JSON can be shown.
func (f *Form) Show(extra json.RawMessage) []ShownSection {
	values, off, words := decode(extra), f.unapplied(extra), i18n.Of(f.Language)
	var shown []ShownSection
	for _, section := range f.Sections {
		var rows []Row
		for _, field := range section.Fields {
			row := Row{field, field.words(values[field.Name], words), field.file(values[field.Name])}
			if row.Text != "" || !off[field.Name] {
				rows = append(rows, row)
			}
			delete(values, field.Name)
		}
		if len(rows) > 0 {
			shown = append(shown, ShownSection{section.Title, rows})
		}
	}
	var rest []Row
	for _, name := range slices.Sorted(maps.Keys(values)) {
		rest = append(rest, Row{Field: Field{Name: name, Label: name, Type: Text}, Text: plain(values[name])})
	}
	if rest != nil {
		shown = append(shown, ShownSection{Rows: rest})
	}
	return shown
}

// unapplied are the fields that are not asked with these answers, as far as that can be told without the day of them.
func (f *Form) unapplied(extra json.RawMessage) map[string]bool {
	s, off := f.sheet(time.Time{}), map[string]bool{}
	for name, value := range decode(extra) {
		if i, ok := f.place[name]; ok {
			s.texts[i] = plain(value)
		}
	}
	s.settle(func(i int) { off[f.flat[i].Name] = true })
	return off
}

// Refill is a ticket's answers as input, to fill the form in with them. A checkbox that was not ticked has none.
func (f *Form) Refill(extra json.RawMessage) Input {
	input, kept := Input{}, decode(extra)
	for field := range f.fields() {
		text := plain(kept[field.Name])
		if text != "" && (field.Type != Checkbox || text == ticked) {
			input.Set(field.Name, text)
		}
	}
	return input
}

// Answers are a ticket's answers to what the form asks, as they were kept.
func (f *Form) Answers(extra json.RawMessage) Answers {
	kept, answers := decode(extra), Answers{}
	for field := range f.fields() {
		if text := plain(kept[field.Name]); text != "" {
			answers = append(answers, Answer{field.Name, text, field.Type})
		}
	}
	return answers
}

// maxSummary is the greatest length of a Summary in characters.
const maxSummary = 120

// Summary is one short line that tells a ticket apart in a list; "" when none of its answers does.
func (f *Form) Summary(extra json.RawMessage) string {
	values, words := decode(extra), i18n.Of(f.Language)
	var parts []string
	for _, name := range f.List {
		field, _ := f.Field(name)
		if text := strings.Join(strings.Fields(field.words(values[name], words)), " "); text != "" {
			parts = append(parts, text)
		}
	}
	line := []rune(strings.Join(parts, " · "))
	if len(line) > maxSummary {
		line = append(line[:maxSummary-1], '…')
	}
	return string(line)
}

// decode is the keys and values of the answers. What is no object stands under one name of its own.
func decode(extra json.RawMessage) map[string]json.RawMessage {
	values := map[string]json.RawMessage{}
	members, err := strictjson.Object(extra)
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

// plain is a JSON value as text: a string without its quotes, nothing for null, anything else as it is written.
func plain(value json.RawMessage) string {
	if text, ok := simple(value); ok {
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

// words is a kept answer as a person reads it. An answer that is no longer possible is shown as it was kept.
func (f Field) words(value json.RawMessage, words *i18n.Words) string {
	text := plain(value)
	switch f.Type {
	case Choice:
		for _, option := range f.Options {
			if option.Value == text {
				return option.Label
			}
		}
	case Country:
		if option, ok := country(text, words.Tag()); ok {
			return option.Label + " (" + text + ")"
		}
	case Date:
		if day, ok := isoDate(text); ok {
			return words.LongDay(day)
		}
	case Checkbox:
		return yesNo(text, words)
	case Image, File:
		if f.file(value) != "" {
			return words.T(uploaded(f.Type))
		}
	}
	return text
}

func yesNo(text string, words *i18n.Words) string {
	switch text {
	case ticked:
		return words.T("answer.yes")
	case unticked:
		return words.T("answer.no")
	}
	return text
}
