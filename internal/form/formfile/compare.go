package formfile

import (
	"go.yaml.in/yaml/v4"

	"docket/internal/form"
)

// readCompare reads which two pictures an agent sees beside each other: none when the file does not say.
func (r *reader) readCompare(m mapping) []string {
	names := r.readFieldNames(m, "compare")
	at, given := m.entries["compare"]
	if !given || at.value.Kind != yaml.SequenceNode {
		return nil
	}
	if len(at.value.Content) != 2 {
		r.addMistake(at.value, `"compare" names two fields, the one on the left and the one on the right, but this has %d`, len(at.value.Content))
		return nil
	}
	left, right := at.value.Content[0], at.value.Content[1]
	if left.Value == right.Value {
		r.addMistake(right, "%q stands on the left already; name another field", right.Value)
	}
	for _, n := range at.value.Content {
		r.deferCheck(func(f *form.Form) {
			if field, ok := f.Field(n.Value); ok && field.Type != form.Image {
				r.addMistake(n, "%q is of type %s; only pictures are compared, so name a field of type image", n.Value, field.Type.Listed())
			}
		})
	}
	return names
}
