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

	own *phrase // the message in docket's own words, until it is put into a language; nil: it is the form's own
}

// phrase is a text of docket's words and what it is filled in with.
type phrase struct {
	key  string
	args []any
}

// fault is a problem in docket's own words.
func fault(code, key string, args ...any) Problem {
	return Problem{Code: code, own: &phrase{key, args}}
}

// in is a problem in a language.
func (p Problem) in(words *i18n.Words) Problem {
	if p.own == nil {
		return p
	}
	return Problem{Code: p.Code, Message: words.T(p.own.key, p.own.args...)}
}

// The codes of problems. They never change: other systems act on them.
const (
	CodeRequired        = "required"
	CodeTooShort        = "too_short"
	CodeTooLong         = "too_long"
	CodePattern         = "pattern"
	CodeNotADate        = "not_a_date"
	CodeTooEarly        = "too_early"
	CodeTooLate         = "too_late"
	CodeNotAnOption     = "not_an_option"
	CodeNotANumber      = "not_a_number"
	CodeTooSmall        = "too_small"
	CodeTooLarge        = "too_large"
	CodeTooManyDecimals = "too_many_decimals"
	CodeBadEmail        = "bad_email"
	CodeBadTel          = "bad_tel"
	CodeBadCharacters   = "bad_characters"
	CodeNotAFile        = "not_a_file"
	CodeNotAnMRZ        = "not_an_mrz"
	CodeCheckDigits     = "check_digits"
	CodeGivenTwice      = "given_twice"
	CodeNotApplicable   = "not_applicable" // JSON only
	CodeWrongType       = "wrong_type"     // JSON only
	CodeUnknownField    = "unknown_field"  // JSON only
)

// Invalid is the error of answers that the user must mend: the name of each field and its problem. It is never empty.
type Invalid map[string]Problem

// in is the same problems in a language.
func (i Invalid) in(words *i18n.Words) Invalid {
	for name, problem := range i {
		i[name] = problem.in(words)
	}
	return i
}

// Error names the fields and codes, never the answers.
func (i Invalid) Error() string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(i)) {
		words = append(words, name+": "+i[name].Code)
	}
	return "invalid answers: " + strings.Join(words, ", ")
}
