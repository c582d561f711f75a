package formfile

import "docket/internal/form/formkeys"

// readAutocomplete reads the HTML autofill token of a field: "" when there is none.
func (r *reader) readAutocomplete(m mapping) string {
	return r.readWord(m, "autocomplete", "", formkeys.AutofillTokens()...)
}
