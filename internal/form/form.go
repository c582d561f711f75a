// Package form is the model of a form: what a ticket system asks, how answers are checked and shown, for which reasons a
// ticket may be rejected, and what is decided by rule. Package formfile reads it from a file.
package form

import (
	"iter"
	"regexp"
	"slices"
	"time"

	"docket/internal/citizencard"
	"docket/internal/form/mailtext"
	"docket/internal/form/optionlist"
	"docket/internal/form/theme"
	"docket/internal/sla"
)

// MaxUndoSeconds is the longest time in which an agent can undo a decision.
const MaxUndoSeconds = 60

// Form is one form file, checked. It is never changed after it was read.
type Form struct {
	Name     string // a word for the system, such as "ekyc"
	Title    string // "Identity verification": the product name on every page
	Intro    string // what the customer reads above the form
	Submit   string // the words on the submit button; empty: the usual ones
	Done     string // what the customer reads while a ticket waits: what happens next, and when
	Approved string // what the customer reads once it is approved
	Theme    theme.Theme
	Mail     mailtext.Texts // what e-mails say in its own words
	Layout   string         // how a page asks it: in "steps" or on one "page"
	Zone     *time.Location
	OneOpen  bool // open_tickets_per_user: one
	Attempts int  // how often a user may send the same matter, where OneOpen

	// SubmissionsPerDay is how often a user may submit in a day; 0: as often as they like.
	SubmissionsPerDay int

	// Undo is how long an agent can undo a decision; 0: not at all.
	Undo time.Duration

	// Second holds for the tickets of which two people have to think the same; nil: for none.
	Second *Condition

	// FirstByProgram says that a rule or another system may give the first of the two opinions. A person gives the second.
	FirstByProgram bool

	// Steps are those in which tickets are approved, in order; none: one approval is enough.
	Steps []Step

	// Grant is what an approval is asked: answers of its own; nil: none.
	Grant *Form

	// SecondLook is the share of decided tickets, from 0 to 1, that are drawn for a second look.
	SecondLook float64

	SLA          sla.SLA // how long tickets may wait
	Retain       Retain  // how long what was sent is kept
	ArchiveAfter Period  // how long after they were closed tickets go to the archive; zero: never
	Approval     Approvals
	LatestPer    string // the field whose answer a ticket is for: the latest approval is known for each; empty: none
	AgentsRevoke bool   // revoke: agents; else only admins take approvals back
	Sections     []Section
	Checks       []Check  // between answers
	List         []string // the fields that tell tickets apart in a list
	Compare      []string // two pictures that agents see beside each other; empty: one at a time
	Reads        []Read   // which answers stand in pictures
	Queues       []Queue  // in the order in which they are tried
	Reasons      []Reason
	Rules        []*Rule    // in the order in which they are evaluated
	Examples     []*Example // of what the rules decide
	Version      string     // the SHA-256 of Text in hex
	Text         []byte     // of the file, to keep it beside what was submitted under it

	Language  string   // that the texts are in, such as "en"
	Languages []string // that there are texts in; the first is the default

	translations map[string]*Form // the same form in each of its languages
	ordered      []*Field         // every field in the order of the form
	positions    map[string]int   // of each field in ordered
	conditions   [][]*Condition   // of each field: all must hold for it to be asked
	evaluation   []int            // positions, in the order in which conditions are evaluated
	deciding     map[string]bool  // the fields that some condition of a "when" or a check looks at

	outer  *Form             // of the rows of a group: the form around it; nil: it is no such form
	group  string            // of the rows of a group: its name in outer
	inputs []*Field          // what a page asks: ordered, and after a group the fields of each of its rows
	inRows map[string]*Field // the fields of groups by their names in a page, and in any row
}

// Section is a group of fields under one heading.
type Section struct {
	Title    string
	Help     string
	When     *Condition // its fields are asked only when this holds; nil: always
	WhenHelp string     // says when; empty: words made from the condition
	Fields   []Field
}

// Field is one question.
type Field struct {
	Name         string
	Label        string
	Help         string
	Type         Type
	Required     bool
	RequiredWhen *Condition       // required when this holds; nil: never for that reason
	When         *Condition       // asked only when this holds; nil: always
	WhenHelp     string           // says when it is asked or required; empty: words made from the condition
	Missing      string           // what to say when a required answer is missing; empty: words made from the label
	MinLength    int              // in characters
	MaxLength    int              // in characters; always set
	Min, Max     string           // bounds as the type has them: a number ("0.01"), a date ("2020-01-31", "today-120y"), a count; empty: none
	Decimals     int              // for a number: how many digits may follow the point
	Partial      bool             // for a date: the month or the year alone is an answer, too
	Pattern      *regexp.Regexp   // matches the whole answer; nil: none
	PatternHint  string           // what to say when the pattern does not match
	Options      []Option         // of a choice
	OptionsFrom  string           // the file of the options of a choice, beside the form file; empty: they are in Options
	OptionList   *optionlist.List // of OptionsFrom; nil where the file is not known, as of an earlier form
	Autocomplete string           // the HTML autofill token, such as "bday"
	Accept       []string         // of a file: "pdf" and "image"; empty: PDFs
	Many         int              // how many answers are taken at most
	Proposes     string           // the field whose answer is proposed: of a country another one, of a field of a grant any of the form; empty: none
	Likely       []string         // of a country: the codes that are offered first
	Capture      string           // of an image: the camera that a phone opens, "user" or "environment"; empty: none
	Example      string           // of an image: the drawing of how a photo should be, "document", "document_back" or "selfie"; empty: none
	Currencies   []string         // of money: codes of ISO 4217
	Language     string           // that the form is in
	Zone         *time.Location   // of the form; nil: UTC
	Search       bool             // tickets are found by the answer
	Identity     string           // the identity that the answer is, or is a part of; empty: none
	Block        []string         // the signals that refuse an answer instead of warning, such as "blurry"
	Faces        string           // of an image: whose face it shows, FaceSelfie or FaceDocument; empty: none is looked for
	Readers      []string         // of an image: what reads it, as package evidence names it
	Rows         *RowForm         // of a group: what each row asks; nil: it is none
	Cell         Cell             // where it stands, when a group asks it

	Citizen *CitizenNumber // of a text; nil: it is no citizen number

	Card *citizencard.Layout // of an image: what the code of the card says that it shows; nil: it is a Vietnamese one

	LinkedLabel   string       // Label as the form has it: of a box it may have links
	AgreedVersion string       // of a box: the version of what it agrees to; empty: none
	Default       string       // the answer with which a page begins, or which known text it is; empty: none
	From          string       // the known text that the answer is, which nobody can change on a page; empty: it is asked
	RequiredParts []string     // of an address
	Computed      *Computation // nil: people answer it
}

// Option is one answer of a choice.
type Option struct{ Value, Label string }

// Field is the field with this name, as a page calls it: "owners.2.photo" is in one row of a group, "owners.photo" in any. False
// when the form has none.
func (f *Form) Field(name string) (Field, bool) {
	if inside, ok := f.inRows[name]; ok {
		return *inside, true
	}
	return f.ownField(name)
}

// ownField is the field with this name, not of a group; false when the form has none.
func (f *Form) ownField(name string) (Field, bool) {
	i, ok := f.positions[name]
	if !ok {
		return Field{}, false
	}
	return *f.ordered[i], true
}

// Fields yields every field in the order of the form.
func (f *Form) Fields() iter.Seq[Field] {
	return func(yield func(Field) bool) {
		for _, field := range f.ordered {
			if !yield(*field) {
				return
			}
		}
	}
}

// Names lists the names of all fields in the order of the form.
func (f *Form) Names() []string {
	names := make([]string, len(f.ordered))
	for i, field := range f.ordered {
		names[i] = field.Name
	}
	return names
}

// Uploads lists what a page asks whose answers are files.
func (f *Form) Uploads() []string {
	names := []string{}
	for _, field := range f.inputs {
		if field.Type.Upload() {
			names = append(names, field.Name)
		}
	}
	return names
}

// UploadFields lists the fields whose answers are files: those in the rows of a group once, under names such as "owners.photo".
func (f *Form) UploadFields() (names []string) {
	for _, name := range f.Uploads() {
		if name = InAnyRow(name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Reason is the reason with this code; false when the form has none.
func (f *Form) Reason(code string) (Reason, bool) {
	for _, reason := range f.Reasons {
		if reason.Code == code {
			return reason, true
		}
	}
	return Reason{}, false
}

// In is the same form in another of its languages; in its first one when it is not in that language.
func (f *Form) In(language string) *Form {
	if translated, ok := f.translations[language]; ok {
		return translated
	}
	return f.translations[f.Languages[0]]
}

// Translate connects forms that are the same one in several languages, so that In finds each of them.
func Translate(forms map[string]*Form) {
	for _, f := range forms {
		f.translations = forms
	}
}
