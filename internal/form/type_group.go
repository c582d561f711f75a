package form

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"docket/internal/form/jsontext"
	"docket/internal/i18n"
)

// Group is the same fields several times, such as several owners of a company. Each text of the answer is the JSON object of
// one row.
const Group Type = "group"

// MaxRows is how many rows a group may have.
const MaxRows = 50

func groupType() fieldType {
	return fieldType{
		name: Group, keys: []string{"many", "min", "fields", "row_label", "unique"}, several: true,
		bound: readRowBound, checkAll: func(_ *Field, texts []string) ([]string, Problem) { return texts, Problem{} }, codes: []string{CodeTooFew, CodeTooMany}, missing: "answer.add_row",
		json: jsonRows, kind: KindRows,
		schema:  func(*Field, map[string]any) string { return "" }, // Field.rowsSchema
		control: func(*Field) Control { return Control{Element: ElementGroup} },
	}
}

// readRowBound reads how many rows there are at least.
func readRowBound(f *Field, text string) (bound, mistake string) {
	count, err := strconv.Atoi(text)
	switch {
	case err != nil || count < 1:
		return "", fmt.Sprintf("must be a number of rows such as 2, not %q", text)
	case count > f.Many:
		return "", fmt.Sprintf("is more than \"many\", %d; nothing could be answered", f.Many)
	}
	return strconv.Itoa(count), ""
}

// rowsSchema adds the schema of the rows of a group.
func (f *Field) rowsSchema(schema map[string]any) (note string) {
	items := f.Rows.Form.objectSchema()
	items["title"], items["minProperties"] = f.Rows.Label, 1
	schema["type"], schema["items"], schema["maxItems"] = "array", items, f.Many
	if least := f.leastRows(); f.Required || least > 0 {
		schema["minItems"] = max(least, 1)
	}
	if len(f.Rows.Unique) > 0 {
		return "No two rows have the same " + strings.Join(f.Rows.Unique, ", ") + "."
	}
	return ""
}

// leastRows is how many rows there are at least, once there is one.
func (f *Field) leastRows() int {
	least, _ := strconv.Atoi(f.Min) // Empty is zero.
	return least
}

// readJSONRows adds the rows of a group to what is given, or to what is wrong.
func (f *Field) readJSONRows(value json.RawMessage, given Input, wrong Invalid) {
	var rows []json.RawMessage
	if value[0] != '[' || json.Unmarshal(value, &rows) != nil {
		wrong[f.Name] = Problem{Code: CodeWrongType, Message: "Must be " + jsonRows.String()}
		return
	}
	if len(rows) > f.Many {
		wrong[f.Name] = newProblem(CodeTooMany, "answer.too_many_rows", "Count", f.Many)
		return
	}
	given[f.Name] = []string{}
	for slot, row := range rows {
		name, members := RowName(f.Name, slot), jsontext.Members(row)
		given.Add(f.Name, strconv.Itoa(slot))
		switch {
		case row[0] != '{':
			wrong[name] = Problem{Code: CodeWrongType, Message: "Must be an object"}
		case len(members) == 0:
			wrong[name] = Problem{Code: CodeRequired, Message: "Must not be empty; leave the row out"}
		}
		if row[0] != '{' {
			continue
		}
		typed, found := Input{}, Invalid{}
		for member, answer := range members {
			f.Rows.Form.readMember(member, answer, typed, found)
		}
		for member, texts := range typed {
			given[name+"."+member] = texts
		}
		wrong.addRow(name, found)
	}
}

// rowsInWords is the rows of a group as a person reads them in one text.
func (f *Field) rowsInWords(texts []string, words *i18n.Words) string {
	rows := make([]string, len(texts))
	for i, text := range texts {
		var parts []string
		for _, row := range f.Rows.Form.shownRows(json.RawMessage(text), words) {
			if row.Text != "" {
				parts = append(parts, row.Field.Label+": "+row.Text)
			}
		}
		rows[i] = f.RowLabel(i, words) + " – " + strings.Join(parts, ", ")
	}
	return strings.Join(rows, "; ")
}
