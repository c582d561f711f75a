package form

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/internal/form/jsontext"
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

	Table [][]Row // of a group: what is answered in each row, with the fields as Form.Field names them; nil: it is none
}

// Show puts a ticket's answers in the order of the form. What the form does not ask (any longer) comes last, under its raw
// names. What was not asked with these answers is left out. Any JSON can be shown.
func (f *Form) Show(extra json.RawMessage) []ShownSection {
	stored, inapplicable, words := jsontext.Members(extra), f.inapplicableIn(extra), i18n.Of(f.Language)
	var shown []ShownSection
	for _, section := range f.Sections {
		var rows []Row
		for _, field := range section.Fields {
			shown := field.rows(stored[field.Name], words, inapplicable)
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
func (f *Field) rows(value json.RawMessage, words *i18n.Words, inapplicable map[string]bool) []Row {
	if f.Rows != nil {
		return []Row{f.groupRow(value, words, inapplicable)}
	}
	t, texts := f.Type.spec(), f.storedTexts(value)
	ids := f.fileIDs(texts)
	if len(ids) == 0 || len(ids) < len(texts) {
		return []Row{{Field: *f, Text: t.words(f, texts, words)}}
	}
	rows := make([]Row, len(ids))
	for i, id := range ids {
		rows[i] = Row{Field: *f, Text: t.words(f, texts[i:i+1], words), File: id}
		if len(ids) > 1 {
			rows[i].Field.Label += " " + strconv.Itoa(i+1)
		}
	}
	return rows
}

// groupRow is the stored rows of a group as a person reads them.
func (f *Field) groupRow(value json.RawMessage, words *i18n.Words, inapplicable map[string]bool) Row {
	texts := f.storedTexts(value)
	row := Row{Field: *f, Text: f.Type.spec().words(f, texts, words)}
	if _, is := jsontext.Objects(value); !is { // it was answered when the field was of another type
		row.Text = jsontext.Plain(value)
	}
	for place, text := range texts {
		cells := []Row{}
		for _, cell := range f.Rows.Form.shownRows(json.RawMessage(text), words) {
			cell.Field = *f.inSlot(place, &cell.Field)
			if cell.Text != "" || !inapplicable[cell.Field.Name] {
				cells = append(cells, cell)
			}
		}
		row.Table = append(row.Table, cells)
	}
	return row
}

// shownRows are the answers to every field of f in the order of the form.
func (f *Form) shownRows(extra json.RawMessage, words *i18n.Words) []Row {
	stored, shown := jsontext.Members(extra), make([]Row, 0, len(f.ordered))
	for _, field := range f.ordered {
		shown = append(shown, field.rows(stored[field.Name], words, nil)...)
	}
	return shown
}

// ShowInput is what was typed into a field as a person reads it, whether it is valid or not.
func (f *Form) ShowInput(name string, texts []string) string {
	field, _ := f.Field(name)
	return field.Type.spec().words(&field, texts, i18n.Of(f.Language))
}

// ShowTyped is ShowInput of what was typed into the whole form; of a group it shows the rows.
func (f *Form) ShowTyped(name string, given Input) string {
	i, known := f.positions[name]
	if !known || f.ordered[i].Rows == nil {
		return f.ShowInput(name, given[name])
	}
	v := f.ValuesOf(nil, time.Time{})
	v.readRows(i, given, Invalid{})
	return f.ordered[i].rowsInWords(v.collapseRows(i), i18n.Of(f.Language))
}

// otherRows are answers under their raw names.
func otherRows(stored map[string]json.RawMessage) []Row {
	var rows []Row
	for _, name := range slices.Sorted(maps.Keys(stored)) {
		rows = append(rows, Row{Field: Field{Name: name, Label: name, Type: Text}, Text: jsontext.Plain(stored[name])})
	}
	return rows
}

// summarize is an answer as a part of a Summary; of a field in the rows of a group, the answers of all rows.
func (f *Form) summarize(name string, stored map[string]json.RawMessage, words *i18n.Words) string {
	group, inside, _ := strings.Cut(name, ".")
	position, known := f.positions[group]
	if !known {
		return ""
	}
	field := f.ordered[position]
	texts := field.storedTexts(stored[group])
	if inside == "" {
		return field.Type.spec().words(field, texts, words)
	}
	var parts []string
	for _, text := range texts {
		if part := field.Rows.Form.summarize(inside, jsontext.Members(json.RawMessage(text)), words); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// maxSummary is the greatest length of a Summary in characters.
const maxSummary = 120

// Summary is one short line that tells a ticket apart in a list; "" when none of its answers does.
func (f *Form) Summary(extra json.RawMessage) string {
	stored, words := jsontext.Members(extra), i18n.Of(f.Language)
	var parts []string
	for _, name := range f.List {
		text := f.summarize(name, stored, words)
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
