// Package address has postal addresses in parts, as a JSON object of those that are there.
package address

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Part is one part of an address.
type Part struct {
	Name         string
	Autocomplete string // the HTML autofill token
}

// Country is the name of the part that is a country.
const Country = "country"

// Parts are the parts of an address, in the order in which they are asked and kept.
func Parts() []Part {
	return []Part{
		{"line1", "address-line1"},
		{"line2", "address-line2"},
		{"postal_code", "postal-code"},
		{"city", "address-level2"},
		{"region", "address-level1"},
		{Country, "country"},
	}
}

// Names are the names of the parts.
func Names() (names []string) {
	for _, one := range Parts() {
		names = append(names, one.Name)
	}
	return names
}

// Parse is the parts of an address; nil when text is none.
func Parse(text string) map[string]string {
	parts := map[string]string{}
	if json.Unmarshal([]byte(text), &parts) != nil {
		return nil
	}
	return parts
}

// Format is an address as it is kept: the same parts are the same bytes. It is empty when there is no part.
func Format(parts map[string]string) string {
	var b bytes.Buffer
	for _, name := range Names() {
		if parts[name] != "" {
			quoted, _ := json.Marshal(parts[name]) // Strings always marshal.
			b.WriteString(`,"` + name + `":`)
			b.Write(quoted)
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "{" + b.String()[1:] + "}"
}

// Fold is an address as it was typed; "" when nothing was.
func Fold(typed map[string]string) string {
	parts := map[string]string{}
	for name, text := range typed {
		parts[name] = strings.TrimSpace(text)
	}
	return Format(parts)
}

// DecodeJSON reads an object of texts; false when it has other parts than those that are known, or is something else.
func DecodeJSON(value []byte) (text string, ok bool) {
	parts := map[string]*string{}
	if len(value) == 0 || value[0] != '{' || json.Unmarshal(value, &parts) != nil {
		return "", false
	}
	for name, one := range parts {
		if one == nil || !slices.Contains(Names(), name) {
			return "", false
		}
	}
	return string(value), true
}

// Line is an address in one line, with its country as it is called.
func Line(parts map[string]string, country string) string {
	line := []string{parts["line1"], parts["line2"], strings.TrimSpace(parts["postal_code"] + " " + parts["city"]), parts["region"], country}
	return strings.Join(slices.DeleteFunc(line, func(one string) bool { return one == "" }), ", ")
}
