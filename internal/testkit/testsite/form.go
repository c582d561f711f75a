package testsite

import (
	"bytes"
	"sync"

	"docket/internal/form"
)

// FormFile is the text of the built-in form, but that nobody has to send photos: most tests are about something else.
func FormFile() []byte {
	return bytes.ReplaceAll(form.Builtin(), []byte("required: true # photo"), []byte("required: false"))
}

// Form is FormFile, read.
func Form() *form.Form { return read() }

var read = sync.OnceValue(func() *form.Form {
	f, err := form.Parse(FormFile())
	if err != nil {
		panic(err) // the built-in form is no form
	}
	return f
})
