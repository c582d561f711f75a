package views

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/internal/form"
	"docket/internal/ticket"
)

// ExportPath is where what a filter lists is sent as a file.
func ExportPath(f Filter) string {
	f.Cursor, f.Limit = "", 0
	return withQuery("/review/export.csv", f.query())
}

// exportFields are the fields of the form that are columns of an export: all but files.
func exportFields(f *form.Form) (fields []form.Field) {
	for _, name := range f.Names() {
		if field, _ := f.Field(name); !field.Type.Upload() {
			fields = append(fields, field)
		}
	}
	return fields
}

// ExportColumns are the names of the columns of an export.
func ExportColumns(site Site) []string {
	var columns []string
	for _, name := range []string{"ticket", "user", "status", "attempt", "sent", "closed", "by", "reasons", "comment", "note"} {
		columns = append(columns, site.T("export."+name))
	}
	for _, field := range exportFields(site.Form) {
		columns = append(columns, field.Label)
	}
	for _, field := range grantColumns(site.Form) {
		columns = append(columns, site.T("export.granted", "Label", field.Label))
	}
	return append(columns, site.T("export.other"))
}

// ExportRow is a ticket as a row of an export. The last column has the answers to what the form does not ask any longer.
func ExportRow(site Site, names map[string]string, t ticket.Ticket) []string {
	closed, by := "", ""
	if !t.Status.Open() {
		closed = exportTime(site, closedAt(t))
	}
	if t.Decision.By != "" {
		by = site.actorName(names, t.Decision.By)
	}
	row := []string{
		t.ID.String(), t.UserID, site.statusName(t.Status), strconv.Itoa(t.Attempt), exportTime(site, t.CreatedAt), closed, by,
		site.reasonLabels(t, t.Decision.Reasons), t.Decision.Comment, t.Decision.Note,
	}
	answers, other := map[string]string{}, []string{}
	for _, section := range site.formOf(t).Show(t.Extra) {
		for _, answer := range section.Rows {
			if answer.File != "" || answer.Text == "" || answer.Field.Type.Upload() {
				continue
			}
			if _, asked := site.Form.Field(answer.Field.Name); asked {
				answers[answer.Field.Name] = answer.Text
			} else {
				other = append(other, answer.Field.Label+": "+answer.Text)
			}
		}
	}
	for _, field := range exportFields(site.Form) {
		row = append(row, answers[field.Name])
	}
	granted := map[string]string{}
	for _, answer := range site.shownGrant(t, t.Decision.Grant) {
		granted[answer.Field.Name] = answer.Text
	}
	for _, field := range grantColumns(site.Form) {
		row = append(row, granted[field.Name])
	}
	return append(row, strings.Join(other, "; "))
}

// grantColumns are the fields of an approval that are columns of an export.
func grantColumns(f *form.Form) (fields []form.Field) {
	if f.Grant == nil {
		return nil
	}
	return slices.Collect(f.Grant.Fields())
}

// exportTime is a time as spreadsheets and programs read it, with its distance from UTC.
func exportTime(site Site, t time.Time) string {
	return t.In(site.zone()).Format("2006-01-02 15:04:05-07:00")
}

var plainNumber = regexp.MustCompile(`^-?[0-9]+([.,][0-9]+)?$`)

// WithoutFormula is a text that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it.
func WithoutFormula(text string) string {
	if text == "" || plainNumber.MatchString(text) || !strings.ContainsRune("=+-@\t\r\n|%", rune(text[0])) {
		return text
	}
	return "'" + text
}
