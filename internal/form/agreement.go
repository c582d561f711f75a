package form

import (
	"encoding/json"
	"slices"

	"docket/internal/form/linktext"
)

// Agreement is a text to which a user agreed by ticking a box.
type Agreement struct {
	Field   string
	Text    string   // with its links
	Links   []string // the addresses of them
	Version string   // of what the links lead to, as the form says it; empty: it does not say
}

// Agreements are the texts to which a ticket's user agreed: those of ticked boxes that have a link or a version.
func (f *Form) Agreements(extra json.RawMessage) (agreed []Agreement) {
	for _, answer := range f.Answers(extra) {
		field, _ := f.Field(answer.Name)
		if field.Type != Checkbox || answer.Text() != ticked || field.LinkedLabel == field.Label && field.AgreedVersion == "" {
			continue
		}
		agreed = append(agreed, Agreement{field.Name, field.LinkedLabel, slices.Clip(linktext.URLs(field.LinkedLabel)), field.AgreedVersion})
	}
	return agreed
}
