package form

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"docket/internal/i18n"
)

// Type is the kind of answer a field takes.
type Type string

// types lists every type of field, in the order in which messages name them. A new type is one line here and one file.
func types() []fieldType {
	return []fieldType{
		textType(),
		linesType(LongText, 2000, 4),
		emailType(),
		telType(),
		numberType(),
		dateType(),
		choiceType(),
		multiChoiceType(),
		countryType(),
		checkboxType(),
		imageType(),
		fileType(),
		mrzType(),
		ibanType(),
		urlType(),
		groupType(),
		linesType(Diff, 10_000, 12),
		moneyType(),
		timeType(),
		dateTimeType(),
		addressType(),
	}
}

// fieldType is all that docket asks of one type of field. What is left out is as a line of text has it.
type fieldType struct {
	name Type

	// The form file.
	keys      []string                                                   // that only some types take
	maxLength int                                                        // of an answer in characters, when the file does not say
	blockable []string                                                   // what "block" may list
	bound     func(f *Field, text string) (bound string, mistake string) // reads "min" or "max"
	crossed   func(low, high string) bool                                // whether "min" is more than "max"

	// Answers.
	check     func(f *Field, text string, today time.Time) (string, Problem) // a clean text that is not empty, as it is stored
	several   bool                                                           // takes several texts
	checkAll  func(f *Field, texts []string) ([]string, Problem)             // of several: how many, and in which order
	multiline bool
	plain     bool                // is checked with plain digits, hyphens and spaces
	empty     string              // what is stored when nothing is answered
	missing   string              // the message when a required answer is missing
	codes     []string            // of problems that only this type has
	warning   func(string) string // the message when a valid text may have a mistake; "" when not
	options   func(f *Field, locale string) []Option
	show      func(f *Field, text string, words *i18n.Words) string // as a person reads it
	input     func(f *Field, text string) string                    // a stored text as a page asks for it; nil: the same
	fold      func(parts map[string]string) string                  // what a page sends in parts as one text; nil: it sends none

	// Other programs.
	json   jsonKind
	schema func(f *Field, schema map[string]any) (note string) // adds to a schema, and says in words what it cannot say
	kind   Kind
	value  func(text string) any // a stored text in conditions; nil: the text
	parts  func(f *Field) []part // of an answer that has parts

	// Pages.
	control func(f *Field) Control
	upload  bool
	picture bool
}

var typesByName = sync.OnceValue(func() map[Type]*fieldType {
	byName := map[Type]*fieldType{}
	for _, t := range types() {
		byName[t.name] = t.withDefaults()
	}
	byName[Files] = filesType().withDefaults()
	return byName
})

// withDefaults fills in what a line of text has.
func (t fieldType) withDefaults() *fieldType {
	t.maxLength = cmp.Or(t.maxLength, 200)
	if t.check == nil {
		t.check = func(f *Field, text string, _ time.Time) (string, Problem) { return f.checkText(text) }
	}
	if t.missing == "" {
		t.missing = "answer.fill_in"
	}
	if t.schema == nil {
		t.schema = textSchema
	}
	if t.control == nil {
		t.control = func(*Field) Control {
			return Control{Element: ElementInput, InputType: "text", AutoDirection: true, HasMaxLength: true}
		}
	}
	return &t
}

// spec is all that is asked of t; of an unknown type, what is asked of a text.
func (t Type) spec() *fieldType {
	if spec, ok := typesByName()[t]; ok {
		return spec
	}
	return typesByName()[Text]
}

// Types lists every type of field.
func Types() []Type {
	var names []Type
	for _, t := range types() {
		names = append(names, t.name)
	}
	return names
}

// TypesTaking lists the types that may have a key of the form file; false when every type may.
func TypesTaking(key string) ([]Type, bool) {
	var taking []Type
	for _, t := range types() {
		if slices.Contains(t.keys, key) {
			taking = append(taking, t.name)
		}
	}
	return taking, taking != nil
}

// Listed is the type as a form file names it.
func (t Type) Listed() Type {
	if t == Files {
		return File
	}
	return t
}

// Takes reports whether a field of type t may have this key of the form file.
func (t Type) Takes(key string) bool {
	taking, limited := TypesTaking(key)
	return !limited || slices.Contains(taking, t)
}

// MaxLength is how long an answer of type t may be when the form file does not say, in characters.
func (t Type) MaxLength() int { return t.spec().maxLength }

// Blockable lists what a field of type t may refuse instead of warning.
func (t Type) Blockable() []string { return t.spec().blockable }

// Upload reports whether the answer to a field of type t is the id of a file that was uploaded before.
func (t Type) Upload() bool { return t.spec().upload }

// Picture reports whether the answer to a field of type t is a picture.
func (t Type) Picture() bool { return t.spec().picture }

// Several reports whether a field of type t takes several answers.
func (t Type) Several() bool { return t.spec().several }

// Bound reads "min" or "max" of a field, as it is stored in Min and Max. The mistake is what is wrong with it, in words that
// follow the key; "" when nothing is.
func (f *Field) Bound(text string) (bound, mistake string) {
	if read := f.Type.spec().bound; read != nil {
		return read(f, text)
	}
	return text, ""
}

// BoundsCrossed reports whether no answer can be between Min and Max.
func (f *Field) BoundsCrossed() bool {
	crossed := f.Type.spec().crossed
	return f.Min != "" && f.Max != "" && crossed != nil && crossed(f.Min, f.Max)
}

// OptionsIn are the answers of which a field takes one or several, by their names in a language; nil when it takes others.
func (f *Field) OptionsIn(locale string) []Option {
	if options := f.Type.spec().options; options != nil {
		return options(f, locale)
	}
	return nil
}

// Warning names what to say of a valid answer that may have a mistake; "" when there is nothing to say.
func (f *Field) Warning(text string) string {
	if warn := f.Type.spec().warning; warn != nil {
		return warn(text)
	}
	return ""
}

// answered reports whether these texts are an answer.
func (t *fieldType) answered(texts []string) bool { return len(texts) > 0 && texts[0] != t.empty }

// words is one stored text as a person reads it.
func (t *fieldType) words(f *Field, texts []string, words *i18n.Words) string {
	if f.Rows != nil {
		return f.rowsInWords(texts, words)
	}
	if t.show == nil {
		return strings.Join(texts, ", ")
	}
	shown := make([]string, len(texts))
	for i, text := range texts {
		shown[i] = t.show(f, text, words)
	}
	return strings.Join(shown, ", ")
}
