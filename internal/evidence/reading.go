// Package evidence is what was read of the pictures that users send, and how it compares with what they say.
package evidence

import (
	"slices"
	"strings"
)

// The readers of a picture.
const (
	MRZ   = "mrz"   // a machine-readable zone
	QR    = "qr"    // the code of a card
	Faces = "faces" // how many faces there are, and where
)

// The names of what is read.
const (
	Number         = "number"
	OldNumber      = "old_number"
	PersonalNumber = "personal_number"
	Name           = "name" // all of it
	Surname        = "surname"
	Given          = "given"
	BirthDate      = "birth_date"
	ExpiryDate     = "expiry_date"
	IssueDate      = "issue_date"
	Sex            = "sex" // female, male or x
	Nationality    = "nationality"
	Issuer         = "issuer"
	DocumentType   = "document_type" // passport, where it is one
	Address        = "address"
	BirthPlace     = "birth_place" // of a citizen number: the name of a province
)

// Names lists what a reader can read; nil of one that reads no text.
func Names(reader string) []string {
	switch reader {
	case MRZ:
		return []string{Number, Name, Surname, Given, BirthDate, ExpiryDate, Sex, Nationality, Issuer, DocumentType, PersonalNumber}
	case QR:
		return []string{Number, OldNumber, Name, BirthDate, Sex, Address, IssueDate}
	}
	return nil
}

// IsDate reports whether what is read under a name is a day.
func IsDate(name string) bool { return strings.HasSuffix(name, "_date") }

// Place is where something stands in a picture, in fractions of its width and height.
type Place struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`

	Turn int `json:"turn,omitempty"` // by how many degrees, clockwise, the picture is turned so that what stands there is upright: 0, 90, 180 or 270
}

// Value is one thing that was read. A day is written 2006-01-02, or as much of its beginning as is known; a country as package
// country has it, in three letters.
type Value struct {
	Reader string `json:"reader"`
	Name   string `json:"name"`
	Text   string `json:"text"`
	Place  Place  `json:"place"`
	Sure   bool   `json:"sure"`             // its check digit holds, or every letter is plain
	Mended bool   `json:"mended,omitempty"` // a letter was exchanged so that its check digit holds
}

// Reading is all that was read of one picture.
type Reading struct {
	Values []Value `json:"values,omitempty"`
	Faces  []Place `json:"faces"` // the largest first; nil: nobody looked for faces

	// FaceState is one, none, several, small or off_centre: what a photo is that should show one face. Empty with Faces nil.
	FaceState string `json:"face_state,omitempty"`
}

// FaceWarning is what is said of the faces of a photo when it is added: a FaceState; "" when there is nothing to say. On a document
// there may be several, and small ones.
func (r Reading) FaceWarning(document bool) string {
	if r.FaceState == "one" || document && r.FaceState != "none" {
		return ""
	}
	return r.FaceState
}

// Empty reports whether nothing was read, and no face was looked for.
func (r Reading) Empty() bool { return len(r.Values) == 0 && r.Faces == nil }

// Value is what a reader read under a name; an empty reader is any of them. False: nothing.
func (r Reading) Value(reader, name string) (Value, bool) {
	i := slices.IndexFunc(r.Values, func(v Value) bool { return v.Name == name && (reader == "" || v.Reader == reader) })
	if i < 0 {
		return Value{}, false
	}
	return r.Values[i], true
}
