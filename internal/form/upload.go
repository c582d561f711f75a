package form

import (
	"encoding/json"

	"github.com/google/uuid"
	"go.yaml.in/yaml/v4"
)

// Upload reports whether the answer to a field of type t is the id of a file that was uploaded before.
func (t Type) Upload() bool { return t == Image || t == File }

// fileID checks the id of a file. Whose file it is and whether it is there is not the form's to know.
func fileID(text string) (string, Problem) {
	id, err := uuid.Parse(text)
	if err != nil || len(text) != len(id.String()) {
		return "", fault(CodeNotAFile, "answer.no_file")
	}
	return id.String(), Problem{}
}

// file is the id that a kept answer to f is; "" when it is none.
func (f Field) file(value json.RawMessage) string {
	if !f.Type.Upload() {
		return ""
	}
	id, _ := fileID(plain(value))
	return id
}

// uploaded names what an answer of type t is called where it cannot be shown itself.
func uploaded(t Type) string {
	if t == Image {
		return "answer.picture"
	}
	return "answer.document"
}

// signals reads what a picture must not be, or a machine-readable zone must not have wrong.
func (r *reader) signals(e entries, t Type) []string {
	known := []string{"blurry", "dark", "glare", "grey"}
	if t == MRZ {
		known = []string{CodeCheckDigits}
	}
	var names []string
	for _, n := range r.list(e, "block") {
		if r.is(n, yaml.ScalarNode, "a signal") {
			names = append(names, r.among(n, "signal", known...))
		}
	}
	return names
}

// Uploads lists the fields whose answers are files.
func (f *Form) Uploads() []string {
	names := []string{}
	for field := range f.fields() {
		if field.Type.Upload() {
			names = append(names, field.Name)
		}
	}
	return names
}
