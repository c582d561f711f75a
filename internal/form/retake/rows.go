package retake

import (
	"strconv"
	"strings"

	"docket/internal/form"
	"docket/internal/i18n"
)

// RowTitles are rows of groups, such as "owners.1", as people read them: "Owner 2".
func RowTitles(f *form.Form, rows []string, words *i18n.Words) string {
	titles := make([]string, len(rows))
	for i, name := range rows {
		group, slot, _ := strings.Cut(name, ".")
		place, err := strconv.Atoi(slot)
		field, _ := f.Field(group)
		if titles[i] = name; err == nil && field.Rows != nil {
			titles[i] = field.RowLabel(place, words)
		}
	}
	return strings.Join(titles, ", ")
}
