package form

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"docket/internal/i18n"
)

// ShownSection is a section of the form with the answers that a ticket gave.
type ShownSection struct {
	Title string
	Other bool // what the form does not ask (any longer)
	Rows  []Row
}

// Row is one answer as a person reads it; Text is empty when there is none.
type Row struct {
	Field Field
	Text  string
	File  string // the id of the picture or document that the answer is; empty: it is none
}

// Show puts a ticket's answers in the order of the form. What the form does not ask (any longer) comes last, under its raw
// names. What was not asked with these answers is left out. Any JSON can be shown.
func (f *Form) Show(extra json.RawMessage) []ShownSection {
	stored, inapplicable, words := decodeExtra(extra), f.inapplicableIn(extra), i18n.Of(f.Language)
	var shown []ShownSection
	for _, section := range f.Sections {
		var rows []Row
		for _, field := range section.Fields {
			shown := field.rows(stored[field.Name], words)
			if shown[0].Text != "" || !inapplicable[field.Name] {
				rows = append(rows, shown...)
			}
			delete(stored, field.Name)
		}
		if len(rows) > 0 {
			shown = append(shown, ShownSection{Title: section.Title, Rows: rows})
		}
	}
	if len(stored) > 0 {
		shown = append(shown, ShownSection{Other: true, Rows: otherRows(stored)})
	}
	return shown
}

// rows are a stored answer as a person reads it: one, or one for each of several files.
func (f *Field) rows(value json.RawMessage, words *i18n.Words) []Row {
	t, texts := f.Type.spec(), f.storedTexts(value)
	ids := f.fileIDs(texts)
	if len(ids) == 0 || len(ids) < len(texts) {
		return []Row{{*f, t.words(f, texts, words), ""}}
	}
	rows := make([]Row, len(ids))
	for i, id := range ids {
		rows[i] = Row{*f, t.words(f, texts[i:i+1], words), id}
		if len(ids) > 1 {
			rows[i].Field.Label += " " + strconv.Itoa(i+1)
		}
	}
	return rows
}

// ShowInput is what was typed into a field as a person reads it, whether it is valid or not.
func (f *Form) ShowInput(name string, texts []string) string {
	field, _ := f.Field(name)
	return field.Type.spec().words(&field, texts, i18n.Of(f.Language))
}

// otherRows are answers under their raw names.
func otherRows(stored map[string]json.RawMessage) []Row {
	var rows []Row
	for _, name := range slices.Sorted(maps.Keys(stored)) {
		rows = append(rows, Row{Field: Field{Name: name, Label: name, Type: Text}, Text: plainText(stored[name])})
	}
	return rows
}

// maxSummary is the greatest length of a Summary in characters.
const maxSummary = 120

// Summary is one short line that tells a ticket apart in a list; "" when none of its answers does.
func (f *Form) Summary(extra json.RawMessage) string {
	stored, words := decodeExtra(extra), i18n.Of(f.Language)
	var parts []string
	for _, name := range f.List {
		i, ok := f.positions[name]
		if !ok {
			continue
		}
		field := f.ordered[i]
		text := field.Type.spec().words(field, field.storedTexts(stored[name]), words)
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			parts = append(parts, text)
		}
	}
	line := []rune(strings.Join(parts, " · "))
	if len(line) > maxSummary {
		line = append(line[:maxSummary-1], '…')
	}
	return string(line)
}
