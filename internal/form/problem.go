package form

import (
	"maps"
	"slices"
	"strings"

	"docket/internal/i18n"
)

// Problem is what is wrong with one answer.
type Problem struct {
	Code    string // one of the Code constants, for programs; empty: nothing is wrong
	Message string // for the person who answered: what to do

	text *message // the message in docket's own words, until it is put into a language; nil: it is the form's own
}

// message is one of docket's texts and what it is filled in with.
type message struct {
	key  string
	args []any
}

// newProblem is a problem in docket's own words.
func newProblem(code, key string, args ...any) Problem {
	return Problem{Code: code, text: &message{key, args}}
}

// In is a problem in a language.
func (p Problem) In(words *i18n.Words) Problem {
	if p.text == nil {
		return p
	}
	return Problem{Code: p.Code, Message: words.T(p.text.key, p.text.args...)}
}

// The codes of problems that fields of several types have; each type has its own beside them. They never change: other
// systems act on them.
const (
	CodeRequired      = "required"
	CodeTooShort      = "too_short"
	CodeTooLong       = "too_long"
	CodePattern       = "pattern"
	CodeNotAnOption   = "not_an_option"
	CodeBadCharacters = "bad_characters"
	CodeGivenTwice    = "given_twice"
	CodeCheckFailed   = "check_failed"   // a check between answers
	CodeNotApplicable = "not_applicable" // JSON only
	CodeWrongType     = "wrong_type"     // JSON only
	CodeUnknownField  = "unknown_field"  // JSON only
)

// Codes lists the code of every problem.
func Codes() []string {
	codes := []string{
		CodeRequired, CodeTooShort, CodeTooLong, CodePattern, CodeNotAnOption, CodeBadCharacters, CodeGivenTwice, CodeCheckFailed,
		CodeNotApplicable, CodeWrongType, CodeUnknownField,
	}
	for _, t := range types() {
		for _, code := range t.codes {
			if !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
	}
	return codes
}

// Invalid is the error of answers that the user must correct: the name of each field and its problem. It is never empty.
type Invalid map[string]Problem

// in is the same problems in a language.
func (i Invalid) in(words *i18n.Words) Invalid {
	for name, problem := range i {
		i[name] = problem.In(words)
	}
	return i
}

// Error names the fields and codes, never the answers.
func (i Invalid) Error() string {
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(i)) {
		problems = append(problems, name+": "+i[name].Code)
	}
	return "invalid answers: " + strings.Join(problems, ", ")
}
