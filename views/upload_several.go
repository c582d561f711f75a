package views

import (
	"strconv"

	"docket/internal/form"
)

// file is the file of a field that takes one; false when there is none.
func (s FormView) file(field form.Field) (File, bool) {
	if files := s.Files[field.Name]; len(files) > 0 {
		return files[0], true
	}
	return File{}, false
}

// numberedField is a field that takes several files, as one of them is called.
func numberedField(field form.Field, i int) form.Field {
	field.Label += " " + strconv.Itoa(i+1)
	return field
}
