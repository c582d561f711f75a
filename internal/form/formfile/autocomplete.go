package formfile

import "strings"

// readAutocomplete reads the HTML autofill token of a field: "" when there is none.
func (r *reader) readAutocomplete(m mapping) string {
	return r.readWord(m, "autocomplete", "", strings.Fields(autofillTokens)...)
}

// autofillTokens is the list of tokens that the HTML standard knows for a single field.
const autofillTokens = `off on name honorific-prefix given-name additional-name family-name honorific-suffix nickname
	username new-password current-password one-time-code organization-title organization
	street-address address-line1 address-line2 address-line3 address-level4 address-level3 address-level2 address-level1
	country country-name postal-code cc-name cc-given-name cc-additional-name cc-family-name cc-number cc-exp
	cc-exp-month cc-exp-year cc-csc cc-type transaction-currency transaction-amount language bday bday-day bday-month
	bday-year sex url photo tel tel-country-code tel-national tel-area-code tel-local tel-local-prefix
	tel-local-suffix tel-extension email impp`
