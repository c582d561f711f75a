package formfile

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"docket/internal/evidence"
	"docket/internal/form"
	"docket/internal/spelling"
)

// readReads reads which answers stand in pictures.
func (r *reader) readReads(m mapping) []form.Read {
	at, given := m.entries["reads"]
	if !given || !r.checkKind(at.value, yaml.MappingNode, `"reads"`) {
		return nil
	}
	var reads []form.Read
	for i := 0; i+1 < len(at.value.Content); i += 2 {
		name, value := at.value.Content[i], at.value.Content[i+1]
		if slices.ContainsFunc(reads, func(read form.Read) bool { return read.Field == name.Value }) {
			r.addMistake(name, "%q stands here a second time; put both places in one list", name.Value)
		}
		places := []*yaml.Node{value}
		if value.Kind == yaml.SequenceNode {
			places = value.Content
		}
		read := form.Read{Field: name.Value}
		for _, place := range places {
			if source, ok := r.readSource(place); ok {
				read.Sources = append(read.Sources, source)
				r.deferCheck(func(f *form.Form) { r.checkReadFile(f, name, place, source.File) })
			}
		}
		reads = append(reads, read)
		r.deferCheck(func(f *form.Form) { r.checkReadField(f, name) })
	}
	return reads
}

// readSource reads a place such as document_front.mrz.number or, in the rows of a group, owners.passport.mrz.number; false when it is none.
func (r *reader) readSource(n *yaml.Node) (form.ReadSource, bool) {
	if !r.checkKind(n, yaml.ScalarNode, "a place where an answer is read") {
		return form.ReadSource{}, false
	}
	parts := strings.Split(n.Value, ".")
	at := len(parts) - 2 // of the reader
	if at != 1 && at != 2 {
		r.addMistake(n, "%q must name a photo, what reads it and what is read, such as document_front.mrz.number", n.Value)
		return form.ReadSource{}, false
	}
	source := form.ReadSource{File: strings.Join(parts[:at], "."), Reader: parts[at], Name: parts[at+1]}
	names := evidence.Names(source.Reader)
	switch {
	case names == nil:
		r.addMistake(n, "nothing reads photos under the name %q: use mrz or qr", source.Reader)
	case !slices.Contains(names, source.Name):
		r.addMistake(n, "%s reads no %q%s", source.Reader, source.Name, spelling.Suggestion(source.Name, names))
	}
	return source, true
}

// checkReadField checks that the answer to a field can be read.
func (r *reader) checkReadField(f *form.Form, name *yaml.Node) {
	if !r.checkField(name) {
		return
	}
	if field, _ := f.Field(name.Value); !slices.Contains([]form.Type{form.Text, form.LongText, form.Date, form.Choice, form.Country}, field.Type) {
		r.addMistake(name, "the answer to %q cannot be read: it is of type %s", name.Value, field.Type.Listed())
	}
}

// checkReadFile checks that a place is in a photo: of an answer in the rows of a group in one of the same row.
func (r *reader) checkReadFile(f *form.Form, name, place *yaml.Node, file string) {
	field, known := f.Field(file)
	answer, _ := f.Field(name.Value)
	switch {
	case !known:
		r.addMistake(place, "no field is named %q%s", file, spelling.Suggestion(file, r.fieldNames()))
	case field.Type != form.Image:
		r.addMistake(place, "%q is no photo: it is of type %s", file, field.Type.Listed())
	case field.Cell.Group != answer.Cell.Group && answer.Cell.Group != "":
		r.addMistake(place, "%q is in the rows of %q and is read in a photo of its own row, such as %s.photo; %q is none", name.Value, answer.Cell.Group, answer.Cell.Group, file)
	case field.Cell.Group != answer.Cell.Group:
		r.addMistake(place, "%q is in the rows of %q, where answers of the same row are read alone, such as %s.number", file, field.Cell.Group, field.Cell.Group)
	}
}
