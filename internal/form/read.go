package form

import (
	"slices"

	"docket/internal/evidence"
)

// Whose face a picture shows.
const (
	FaceSelfie   = "selfie"   // of the person who holds the camera
	FaceDocument = "document" // printed on a document
)

// Read says where the answer to a field stands in pictures: in the first of these places that could be read.
type Read struct {
	Field   string
	Sources []ReadSource
}

// ReadSource is a place where an answer can be read.
type ReadSource struct {
	File   string // the field of the picture
	Reader string // as package evidence names it, as the next
	Name   string
}

// ReadOf says where the answer to a field is read; false: nowhere.
func (f *Form) ReadOf(field string) (Read, bool) {
	i := slices.IndexFunc(f.Reads, func(r Read) bool { return r.Field == field })
	if i < 0 {
		return Read{}, false
	}
	return f.Reads[i], true
}

// indexReaders notes at each picture what reads it.
func (f *Form) indexReaders() {
	for _, read := range f.Reads {
		for _, source := range read.Sources {
			if i, known := f.positions[source.File]; known && !slices.Contains(f.ordered[i].Readers, source.Reader) {
				f.ordered[i].Readers = append(f.ordered[i].Readers, source.Reader)
			}
		}
	}
	for _, field := range f.ordered {
		if field.Faces != "" {
			field.Readers = append(field.Readers, evidence.Faces)
		}
	}
}

// readsWith reports whether an answer is compared with what was read, or is a picture that is read.
func (f *Form) readsWith(name string) bool {
	_, compared := f.ReadOf(name)
	return compared || slices.ContainsFunc(f.Reads, func(r Read) bool {
		return slices.ContainsFunc(r.Sources, func(s ReadSource) bool { return s.File == name })
	})
}

// TakesReading reports whether an answer of type t can be compared with what was read.
func (t Type) TakesReading() bool {
	return slices.Contains([]Type{Text, LongText, Date, Choice, Country}, t)
}
