package form

import "slices"

// Type is the kind of answer a field takes.
type Type string

// The types of field.
const (
	Text     Type = "text"
	LongText Type = "long_text"
	Email    Type = "email"
	Tel      Type = "tel"
	Number   Type = "number"
	Date     Type = "date"
	Choice   Type = "choice"
	Country  Type = "country"
	Checkbox Type = "checkbox"
	Image    Type = "image" // a JPEG or PNG picture
	File     Type = "file"  // a PDF document
	MRZ      Type = "mrz"   // the machine-readable zone of a passport or card
)

// allTypes lists every type in the order in which the words of a mistake name them.
func allTypes() []Type {
	return []Type{Text, LongText, Email, Tel, Number, Date, Choice, Country, Checkbox, Image, File, MRZ}
}

// takes reports whether a field of type t may have this key of the form file.
func (t Type) takes(key string) bool {
	only, limited := takers(key)
	return !limited || slices.Contains(only, t)
}

// takers lists the types that may have a key; false when every type may.
func takers(key string) ([]Type, bool) {
	switch key {
	case "min_length", "max_length":
		return []Type{Text, LongText}, true
	case "pattern", "pattern_hint":
		return []Type{Text, Email, Tel}, true
	case "min", "max":
		return []Type{Number, Date}, true
	case "decimals":
		return []Type{Number}, true
	case "options":
		return []Type{Choice}, true
	case "capture":
		return []Type{Image}, true
	case "block":
		return []Type{Image, MRZ}, true
	}
	return nil, false
}

// length is how long an answer of type t may be when the form file does not say.
func (t Type) length() int {
	switch t {
	case LongText:
		return 2000
	case Email:
		return 254
	case Tel:
		return 30
	case MRZ:
		return 120
	default:
		return 200
	}
}
