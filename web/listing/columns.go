package listing

import (
	"net/url"

	"docket/internal/form"
	"docket/internal/i18n"
	"docket/views"
)

// parseColumns reads which answers the list shows, in the order of the form.
func (l *Lists) parseColumns(given url.Values, words *i18n.Words, wrong Problems) (columns []string) {
	for _, field := range views.ColumnFields(l.Form) {
		name := views.ColumnPrefix + field.Name
		switch given.Get(name) {
		case "":
		case views.ColumnShown:
			columns = append(columns, field.Name)
		default:
			wrong[name] = Problem{form.CodeNotAnOption, words.T("filter.no_option")}
		}
	}
	return columns
}
