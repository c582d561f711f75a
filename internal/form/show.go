package form

import (
	"encoding/json"
	"maps"
	"slices"
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
			row := field.row(stored[field.Name], words)
			if row.Text != "" || !inapplicable[field.Name] {
				rows = append(rows, row)
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

func (f *Field) row(value json.RawMessage, words *i18n.Words) Row {
	texts := f.storedTexts(value)
	return Row{*f, f.Type.spec().words(f, texts, words), f.fileID(texts)}
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
