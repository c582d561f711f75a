package formfile

import (
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"docket/internal/form"
	"docket/internal/i18n"
	"docket/internal/spelling"
)

// someDay stands for the day on which a form is filled in.
var someDay = time.Date(2025, time.June, 15, 0, 0, 0, 0, time.UTC)

// readKnown reads which answer a page begins with, and which is known and cannot be changed. The field is complete otherwise.
func (r *reader) readKnown(m mapping, field *form.Field) {
	for _, key := range []string{"default", "from", "agreed_version"} {
		if at, given := m.entries[key]; given && r.group != "" {
			r.addMistake(at.key, "%q cannot stand in a group", key)
		}
	}
	field.Default, field.From = r.readText(m, "default"), r.readText(m, "from")
	if at, given := m.entries["default"]; given && field.Default != "" {
		switch {
		case field.From != "":
			r.addMistake(at.key, `an answer that comes "from" what is known needs no "default"; delete one of the two`)
		case field.Type.Upload() || field.Type == form.MRZ || field.Type == form.Group:
			r.addMistake(at.key, `"default" makes no sense for a field of type %s`, field.Type)
		case strings.HasPrefix(field.Default, "account.") && field.Type.TakesKnown():
			r.checkSource(at.value, field.Default)
		default:
			if problem := field.CheckDefault(someDay); problem.Code != "" {
				r.addMistake(at.value, "%q is no answer to %q: %s", field.Default, field.Name, problem.In(i18n.Of(i18n.Source)).Message)
			}
		}
	}
	if at, given := m.entries["from"]; given && field.From != "" {
		if !field.Type.TakesKnown() {
			r.addMistake(at.key, `"from" makes no sense for a field of type %s: what is known is a text`, field.Type)
		}
		r.checkSource(at.value, field.From)
	}
}

// checkSource notes that nothing of this name is known of an account. A name that is nearly one of those that every account has is
// mistyped, and no attribute.
func (r *reader) checkSource(at *yaml.Node, name string) {
	every := []string{form.AccountEmail, form.AccountUserID}
	meant := spelling.NearestWord(name, every)
	switch {
	case !form.IsKnown(name):
		r.addMistake(at, `unknown source %q%s, or account. and the name of an attribute, such as account.department`, name, spelling.Suggestion(name, every))
	case meant != "" && meant != name:
		r.addMistake(at, "%q is nearly %q, which every account has; choose another name for the attribute", name, meant)
	}
}
