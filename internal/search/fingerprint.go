package search

import (
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"strings"

	"docket/internal/form"
)

// foldingVersion is that of how words are folded and split. Whoever changes that raises it.
const foldingVersion = "1"

// Fingerprint is of all that says by what a ticket is found beside its answers: two that are equal find the same.
func (i *Identifier) Fingerprint(f *form.Form) []byte {
	mac := hmac.New(sha256.New, i.fingerprintKey(f))
	mac.Write([]byte(foldingVersion + "\n" + strings.Join(indexedFields(f, ""), "\n")))
	return mac.Sum(nil)
}

// fingerprintKey is the key of identities; of a form without any the secret does not matter.
func (i *Identifier) fingerprintKey(f *form.Form) []byte {
	for field := range f.Fields() {
		if field.Identity != "" || field.Rows != nil && i.fingerprintKey(field.Rows.Form) != nil {
			return i.key
		}
	}
	return nil
}

// indexedFields describes the fields by which tickets are found, and, in their order, those of each identity.
func indexedFields(f *form.Form, group string) (lines []string) {
	for field := range f.Fields() {
		if field.Search {
			lines = append(lines, "search "+group+field.Name+" "+string(field.Type))
		}
		if group == "" && isFilter(field) {
			lines = append(lines, "filter "+field.Name)
		}
		if field.Rows != nil {
			lines = append(lines, indexedFields(field.Rows.Form, group+field.Name+".")...)
		}
	}
	for _, name := range identityNames(f) {
		line := "identity " + group + name
		for _, field := range identityFields(f, name) {
			line += " " + field.Name
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}
