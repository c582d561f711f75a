package formfile

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"docket/internal/form"
)

// readFiles reads what a field of type file accepts, and how many. One that takes several is of type form.Files.
func (r *reader) readFiles(m mapping, field *form.Field) {
	if field.Type != form.File {
		return
	}
	for _, n := range r.readList(m, "accept") {
		if !r.checkKind(n, yaml.ScalarNode, "a kind of file") {
			continue
		}
		word := r.wordAt(n, "kind of file", form.AcceptPDF, form.AcceptImage)
		if slices.Contains(field.Accept, word) {
			r.addMistake(n, "%q stands here a second time; keep one of them", n.Value)
		}
		field.Accept = append(field.Accept, word)
	}
	if at, given := m.entries["accept"]; given && at.value.Kind == yaml.SequenceNode && len(at.value.Content) == 0 {
		r.addMistake(at.value, `"accept" is empty; list pdf, image or both`)
	}
	if field.Many = r.readInt(m, "many", 1, form.MaxFiles, 1); field.Many > 1 {
		field.Type = form.Files
	}
}
