package form

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"docket/internal/form/jsontext"
)

// newRow is a row of the group at a position of v's form, with nothing in it.
func (v *Values) newRow(position, slot int) *Values {
	row := v.form.ordered[position].Rows.Form.ValuesOf(nil, time.Time{})
	row.outer, row.slot, row.today = v, slot, v.today
	return row
}

// readRows checks the rows of the group at a position. One in which nothing is answered is none.
func (v *Values) readRows(position int, given Input, wrong Invalid) {
	group := v.form.ordered[position]
	for _, slot := range group.Slots(given) {
		name, typed, row := RowName(group.Name, slot), Input{}, v.newRow(position, slot)
		for _, inside := range row.form.ordered {
			typed[inside.Name] = given[name+"."+inside.Name]
		}
		found := row.read(typed, wrong.ofRow(name, row.form))
		if row.answersAny() || len(found) > 0 {
			v.rows[position] = append(v.rows[position], row)
		}
		wrong.addRow(name, found)
	}
}

// storedRows are the checked rows of the group at a position.
func (v *Values) storedRows(position int, texts []string) (rows []*Values) {
	for slot, text := range texts {
		row := v.newRow(position, slot)
		for name, value := range jsontext.Members(json.RawMessage(text)) {
			if i, ok := row.form.positions[name]; ok {
				row.answers[i] = row.form.ordered[i].storedTexts(value)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// answersAny reports whether anything is answered in a row.
func (v *Values) answersAny() bool {
	for i, field := range v.form.ordered {
		if field.Type.spec().answered(v.answers[i]) {
			return true
		}
	}
	return false
}

// rowValues are the rows of the group at a position as conditions see them.
func (v *Values) rowValues(position int) []map[string]any {
	rows := make([]map[string]any, len(v.rows[position]))
	for i, row := range v.rows[position] {
		rows[i] = map[string]any{}
		for j, field := range row.form.ordered {
			rows[i][field.Name] = field.Type.spec().valueOf(row.answers[j])
		}
	}
	return rows
}

// addRowProblems adds to wrong what is required and missing in the rows of the group at a position, that there are too few rows,
// and which have the same answers that must differ.
func (v *Values) addRowProblems(position int, wrong Invalid) {
	group := v.form.ordered[position]
	for _, row := range v.rows[position] {
		name := RowName(group.Name, row.slot)
		found := wrong.ofRow(name, row.form)
		row.addMissing(found)
		wrong.addRow(name, found)
	}
	if rows := len(v.rows[position]); rows > 0 && rows < group.leastRows() {
		wrong[group.Name] = newProblem(CodeTooFew, "answer.too_few_rows", "Count", group.leastRows())
	}
	for i, inside := range group.Rows.Form.ordered {
		if slices.Contains(group.Rows.Unique, inside.Name) || inside.Type.Upload() {
			addRepeats(group, v.rows[position], i, wrong)
		}
	}
}

// addRepeats adds to wrong the rows of a group that have the same answer to a field at a position as one before. A file is in one row
// alone.
func addRepeats(group *Field, rows []*Values, position int, wrong Invalid) {
	inside, first := group.Rows.Form.ordered[position], map[string]int{}
	for place, row := range rows {
		texts := row.answers[position]
		if !inside.Type.Upload() && len(texts) > 0 {
			texts = []string{strings.Join(texts, "\x00")}
		}
		for _, text := range texts {
			before, twice := first[text]
			if full := RowName(group.Name, row.slot) + "." + inside.Name; twice && wrong[full].Code == "" {
				wrong[full] = newProblem(CodeGivenTwice, "answer.row_twice", "Label", group.Rows.Label, "Number", before+1)
			}
			if !twice {
				first[text] = place
			}
		}
	}
}

// collapseRows makes the answer to the group at a position of its rows.
func (v *Values) collapseRows(position int) (texts []string) {
	for _, row := range v.rows[position] {
		if row.answersAny() {
			texts = append(texts, string(row.given().JSON()))
		}
	}
	return texts
}

// ofRow is what is known to be wrong in one row.
func (i Invalid) ofRow(row string, asked *Form) Invalid {
	found := Invalid{}
	for _, field := range asked.ordered {
		if problem, known := i[row+"."+field.Name]; known {
			found[field.Name] = problem
		}
	}
	return found
}

// addRow adds what is wrong in one row.
func (i Invalid) addRow(row string, found Invalid) {
	for name, problem := range found {
		i[row+"."+name] = problem
	}
}

// hasRow reports whether anything is wrong in the rows of a group.
func (i Invalid) hasRow(group string) bool {
	for name := range i {
		if strings.HasPrefix(name, group+".") {
			return true
		}
	}
	return false
}

// remove takes out what is wrong with a field; of a group, with its rows, too.
func (i Invalid) remove(name string) {
	for other := range i {
		if other == name || strings.HasPrefix(other, name+".") {
			delete(i, other)
		}
	}
}
