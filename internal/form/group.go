package form

import (
	"encoding/json"
	"iter"
	"slices"
	"strconv"
	"strings"

	"docket/internal/i18n"
)

// RowForm is what a group asks in each of its rows.
type RowForm struct {
	Form   *Form    // of one row: its fields, and conditions that see the row and the form around it
	Label  string   // what a row is called, such as "Owner"
	Unique []string // the fields to which no two rows have the same answer
}

// Cell is where a field stands that a group asks: in which row, under which name. The zero Cell: in none.
type Cell struct {
	Group string // the name of the group
	Slot  int    // of a page, which keeps its rows apart by these numbers; they need not follow each other. AnyRow: in all
	Name  string // of the field in its row
}

// AnyRow is the slot of a field in all rows.
const AnyRow = -1

// RowName is the name of a row of a group, such as "owners.0".
func RowName(group string, slot int) string { return group + "." + strconv.Itoa(slot) }

// InAnyRow is the name of a field whichever row it is in: "owners.photo" for "owners.2.photo".
func InAnyRow(name string) string {
	group, rest, inside := strings.Cut(name, ".")
	if _, field, numbered := strings.Cut(rest, "."); inside && numbered {
		return group + "." + field
	}
	return name
}

// RowLabel is what the row with this place among the others, from 0, is called.
func (f *Field) RowLabel(place int, words *i18n.Words) string {
	return words.T("group.row", "Label", f.Rows.Label, "Number", place+1)
}

// inSlot is a field of the rows of f as a page asks for it in one of them.
func (f *Field) inSlot(slot int, inside *Field) *Field {
	placed := *inside
	placed.Name, placed.Cell = RowName(f.Name, slot)+"."+inside.Name, Cell{f.Name, slot, inside.Name}
	if slot == AnyRow {
		placed.Name, placed.Label = f.Name+"."+inside.Name, f.Rows.Label+": "+inside.Label
	}
	return &placed
}

// indexRows makes the fields of a group known by their names in each row.
func (f *Form) indexRows(group *Field) {
	rows := group.Rows.Form
	rows.outer, rows.group = f, group.Name
	rows.IndexFields()
	for slot := AnyRow; slot < group.Many; slot++ {
		for _, inside := range rows.ordered {
			placed := group.inSlot(slot, inside)
			f.inRows[placed.Name] = placed
			if slot != AnyRow {
				f.inputs = append(f.inputs, placed)
			}
		}
	}
}

// Inputs yields what a page asks, each under its name there: every field in the order of the form, and after a group the fields
// of each row that it can have.
func (f *Form) Inputs() iter.Seq[Field] {
	return func(yield func(Field) bool) {
		for _, field := range f.inputs {
			if !yield(*field) {
				return
			}
		}
	}
}

// Seen yields the fields whose names a condition may use: those of f and, in a row, those of the form around it.
func (f *Form) Seen() iter.Seq[Field] {
	return func(yield func(Field) bool) {
		for _, field := range f.ordered {
			if !yield(*field) {
				return
			}
		}
		if f.outer == nil {
			return
		}
		for _, field := range f.outer.ordered {
			if _, hidden := f.positions[field.Name]; !hidden && field.Name != f.group && !yield(*field) {
				return
			}
		}
	}
}

// SeenField is the field that a condition means by a name; false when there is none.
func (f *Form) SeenField(name string) (Field, bool) {
	if i, own := f.positions[name]; own {
		return *f.ordered[i], true
	}
	if f.outer == nil || name == f.group {
		return Field{}, false
	}
	i, ok := f.outer.positions[name]
	if !ok {
		return Field{}, false
	}
	return *f.outer.ordered[i], true
}

// Slots are the slots of the rows of a group that are given, in their order: those that the page lists, and then any other in
// which something is typed.
func (f *Field) Slots(given Input) (slots []int) {
	for _, text := range given[f.Name] {
		slot, err := strconv.Atoi(text)
		if err == nil && slot >= 0 && slot < f.Many && strconv.Itoa(slot) == text && !slices.Contains(slots, slot) {
			slots = append(slots, slot)
		}
	}
	for slot := range f.Many {
		typed := slices.ContainsFunc(f.Rows.Form.ordered, func(inside *Field) bool {
			texts := given[RowName(f.Name, slot)+"."+inside.Name]
			return slices.ContainsFunc(texts, func(text string) bool { return strings.TrimSpace(text) != "" })
		})
		if typed && !slices.Contains(slots, slot) {
			slots = append(slots, slot)
		}
	}
	return slots
}

// Gives reports whether what is given has the row in which a field of a page stands; always, of a field in none.
func (f *Form) Gives(given Input, field Field) bool {
	group, inRow := f.ownField(field.Cell.Group)
	return !inRow || slices.Contains(group.Slots(given), field.Cell.Slot)
}

// Each yields every answer with its field: of a group those in its rows, under names such as "owners.0.photo".
func (f *Form) Each(answers Answers) iter.Seq2[Field, Answer] {
	return func(yield func(Field, Answer) bool) {
		for _, answer := range answers {
			i, known := f.positions[answer.Name]
			if !known {
				continue
			}
			if field := f.ordered[i]; field.Rows == nil && !yield(*field, answer) || field.Rows != nil && !field.eachInRows(answer, yield) {
				return
			}
		}
	}
}

// eachInRows yields the answers in the rows of a group; false when that was ended.
func (f *Field) eachInRows(answer Answer, yield func(Field, Answer) bool) bool {
	for place, text := range answer.Texts {
		for inside, cell := range f.Rows.Form.Each(f.Rows.Form.Answers(json.RawMessage(text))) {
			placed := f.inSlot(place, &inside)
			if cell.Name = placed.Name; !yield(*placed, cell) {
				return false
			}
		}
	}
	return true
}

// FilePlaces names the field at which each file stands in a ticket's answers, by the id of the file: in a row such as "owners.1.photo".
func (f *Form) FilePlaces(extra json.RawMessage) map[string]string {
	places := map[string]string{}
	for field, answer := range f.Each(f.Answers(extra)) {
		for _, id := range field.fileIDs(answer.Texts) {
			places[id] = field.Name
		}
	}
	return places
}

// The inputs of a page that change the rows of a group.
const (
	AddRow    = "add-row"    // its value is the name of the group
	RemoveRow = "remove-row" // its value is the name of the row, such as "owners.1"
)
