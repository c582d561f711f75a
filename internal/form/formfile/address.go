package formfile

import (
	"go.yaml.in/yaml/v4"

	"docket/internal/form"
	"docket/internal/form/address"
)

// readRequiredParts reads which parts an address must have.
func (r *reader) readRequiredParts(m mapping, t form.Type) []string {
	if t != form.PostalAddress {
		return nil
	}
	if _, given := m.entries["required_parts"]; !given {
		return []string{"line1", "city", "country"}
	}
	names := []string{}
	for _, n := range r.readList(m, "required_parts") {
		if r.checkKind(n, yaml.ScalarNode, "a part") {
			names = append(names, r.wordAt(n, "part of an address", address.Names()...))
		}
	}
	return names
}
