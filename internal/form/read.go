package form

import (
	"slices"
	"strings"

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

// ReadOf says where the answer to a field of a page is read: in a row in the photos of that row. False: nowhere.
func (f *Form) ReadOf(field string) (Read, bool) {
	i := slices.IndexFunc(f.Reads, func(r Read) bool { return r.Field == InAnyRow(field) })
	if i < 0 {
		return Read{}, false
	}
	read := f.Reads[i]
	if inside, ok := f.inRows[field]; ok && inside.Cell.Slot != AnyRow {
		read.Field, read.Sources = field, slices.Clone(read.Sources)
		for j := range read.Sources {
			_, file, _ := strings.Cut(read.Sources[j].File, ".")
			read.Sources[j].File = RowName(inside.Cell.Group, inside.Cell.Slot) + "." + file
		}
	}
	return read, true
}

// indexReaders notes at each picture what reads it: in the rows of a group at that of each row.
func (f *Form) indexReaders() {
	for _, read := range f.Reads {
		for _, source := range read.Sources {
			for _, field := range f.inputs {
				if InAnyRow(field.Name) == source.File && !slices.Contains(field.Readers, source.Reader) {
					field.Readers = append(field.Readers, source.Reader)
				}
			}
			if inside, ok := f.inRows[source.File]; ok && !slices.Contains(inside.Readers, source.Reader) {
				inside.Readers = append(inside.Readers, source.Reader)
			}
		}
	}
	for _, field := range f.ordered {
		if field.Faces != "" {
			field.Readers = append(field.Readers, evidence.Faces)
		}
	}
}

// readsWith reports whether the answer to a field of a page is compared with what was read, or is a picture that is read.
func (f *Form) readsWith(name string) bool {
	name = InAnyRow(name)
	_, compared := f.ReadOf(name)
	return compared || slices.ContainsFunc(f.Reads, func(r Read) bool {
		return slices.ContainsFunc(r.Sources, func(s ReadSource) bool { return s.File == name })
	})
}
