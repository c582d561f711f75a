package formfile

import (
	"go.yaml.in/yaml/v4"

	"docket/internal/form"
)

// readIdentity reads the name of the identity that a field belongs to: its own name when it is one alone, "" when it is none.
func (r *reader) readIdentity(m mapping) string {
	text := r.readText(m, "identity")
	switch {
	case text == "true":
		name := r.readText(m, "name")
		r.checkAlone(m.entries["identity"].value, name)
		return name
	case text == "false":
		return ""
	case text != "" && !identifier().MatchString(text):
		r.addMistake(m.entries["identity"].value,
			`"identity" must be true, or a name that other fields have, too, and that together with them tells people apart, not %q`, text)
		return ""
	}
	return text
}

// checkAlone notes that an identity of several fields has the name of a field that is one alone: then it would be none.
func (r *reader) checkAlone(at *yaml.Node, name string) {
	group := r.group
	r.deferCheck(func(f *form.Form) {
		if field, _ := f.Field(group); field.Rows != nil {
			f = field.Rows.Form
		}
		for field := range f.Fields() {
			if field.Identity == name && field.Name != name {
				r.addMistake(at, "%q tells people apart alone, and the identity of %q has the same name; choose another one there", name, field.Name)
				return
			}
		}
	})
}

// checkFound notes that a file or an address is neither searched nor compared, and of a group only what is in its rows.
func (r *reader) checkFound(m mapping, field form.Field) {
	for _, key := range []string{"search", "identity"} {
		if at, given := m.entries[key]; given && (field.Type.Upload() || field.Type == form.PostalAddress) {
			r.addMistake(at.key, "%q makes no sense for a field of type %s: what it holds is not compared by its words", key, field.Type.Listed())
		} else if given && field.Type == form.Group {
			r.addMistake(at.key, "%q makes no sense for a group; write it at the fields of its rows", key)
		}
	}
}
