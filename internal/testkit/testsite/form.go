package testsite

import (
	"bytes"
	"sync"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

// FormFile is the text of the built-in form without required photos: few tests are about photos.
func FormFile() []byte {
	return bytes.ReplaceAll(formfile.Builtin(), []byte("required: true # photo"), []byte("required: false"))
}

// Form is the form of FormFile.
func Form() *form.Form { return parseForm() }

var parseForm = sync.OnceValue(func() *form.Form {
	f, err := formfile.Parse(FormFile())
	if err != nil {
		panic(err) // the built-in form is wrong
	}
	return f
})
