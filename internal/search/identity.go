package search

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"docket/internal/form"
	"docket/internal/sessionkey"
	"docket/internal/ticket"
)

const hashBytes = 16 // of an identity

// Identifier finds the identities of submissions. They are keyed hashes: without the key they say nothing of a person.
type Identifier struct{ key []byte }

// NewIdentifier makes its key of a secret that is the same on every instance.
func NewIdentifier(secret []byte) *Identifier {
	return &Identifier{sessionkey.Derive(secret, "docket: identities")}
}

// Identities are those of a submission: one for each identity of the form whose fields are all answered. Two tickets with the
// same one have the same answers to those fields, but for spaces, signs, marks of letters and the order of names. Each row of a group
// has identities of its own.
func (i *Identifier) Identities(f *form.Form, answers form.Answers) (found []ticket.Identity) {
	for _, name := range identityNames(f) {
		if hash := i.hashIdentity(f, name, answers); hash != nil {
			found = append(found, ticket.Identity{Name: name, Hash: hash})
		}
	}
	for _, answer := range answers {
		group, _ := f.Field(answer.Name)
		for _, row := range answer.Texts {
			if group.Rows == nil {
				break
			}
			for _, identity := range i.Identities(group.Rows.Form, group.Rows.Form.Answers(json.RawMessage(row))) {
				if !slices.ContainsFunc(found, func(known ticket.Identity) bool { return bytes.Equal(known.Hash, identity.Hash) }) {
					found = append(found, identity)
				}
			}
		}
	}
	return found
}

// hashIdentity is the hash of an identity; nil when not all of its fields are answered.
func (i *Identifier) hashIdentity(f *form.Form, name string, answers form.Answers) []byte {
	values := []string{name}
	for _, field := range identityFields(f, name) {
		values = append(values, normalizeAnswer(textsOf(answers, field.Name)))
	}
	if slices.Contains(values, "") {
		return nil
	}
	mac := hmac.New(sha256.New, i.key)
	mac.Write([]byte(strings.Join(values, "\x00")))
	return mac.Sum(nil)[:hashBytes]
}

// identityNames lists the identities of a form in the order of their first fields.
func identityNames(f *form.Form) (names []string) {
	for field := range f.Fields() {
		if field.Identity != "" && !slices.Contains(names, field.Identity) {
			names = append(names, field.Identity)
		}
	}
	return names
}

func identityFields(f *form.Form, name string) (fields []form.Field) {
	for field := range f.Fields() {
		if field.Identity == name {
			fields = append(fields, field)
		}
	}
	return fields
}

// Label is an identity as a person reads it: the labels of its fields.
func Label(f *form.Form, name string) string {
	var labels []string
	for _, field := range identityFields(f, name) {
		labels = append(labels, field.Label)
	}
	for field := range f.Fields() {
		if field.Rows != nil && labels == nil && Label(field.Rows.Form, name) != "" {
			return field.Rows.Label + ": " + Label(field.Rows.Form, name)
		}
	}
	return strings.Join(labels, " + ")
}

func textsOf(answers form.Answers, name string) string {
	for _, answer := range answers {
		if answer.Name == name {
			return strings.Join(answer.Texts, " ")
		}
	}
	return ""
}

// normalizeAnswer is a number without spaces and signs, or the words of a name in alphabetical order.
func normalizeAnswer(text string) string {
	words := splitWords(text)
	if strings.ContainsFunc(text, unicode.IsDigit) {
		return strings.Join(words, "")
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}
