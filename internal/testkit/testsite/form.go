package testsite

import (
	"bytes"
	"sync"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

// FormFile is the text of the built-in form on one page and without required photos: few tests are about steps or photos.
func FormFile() []byte {
	text := bytes.ReplaceAll(formfile.Builtin(), []byte("required: true # photo"), []byte("required: false"))
	return append([]byte("layout: page\n"), text...)
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
