package testsite

import (
	"bytes"
	"sync"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

// FormFile is the text of the built-in form, but that nobody has to send photos: most tests are about something else.
func FormFile() []byte {
	return bytes.ReplaceAll(formfile.Builtin(), []byte("required: true # photo"), []byte("required: false"))
}

// Form is FormFile, read.
func Form() *form.Form { return read() }

var read = sync.OnceValue(func() *form.Form {
	f, err := formfile.Parse(FormFile())
	if err != nil {
		panic(err) // the built-in form is no form
	}
	return f
})
