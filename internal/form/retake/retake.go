// Package retake says which photos are asked for again after a rejection.
package retake

import (
	"slices"

	"docket/internal/form"
)

// Photos are the photos at which the reasons of a rejection point, in the order of the reasons; none when a reason points at anything else,
// or at nothing.
func Photos(f *form.Form, codes []string) []form.Field {
	var photos []form.Field
	for _, code := range codes {
		reason, _ := f.Reason(code)
		for _, name := range reason.Fields {
			field, known := f.Field(name)
			if !known || field.Type != form.Image {
				return nil
			}
			if !slices.ContainsFunc(photos, func(p form.Field) bool { return p.Name == name }) {
				photos = append(photos, field)
			}
		}
		if len(reason.Fields) == 0 {
			return nil
		}
	}
	return photos
}
