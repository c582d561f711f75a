package ticket

import (
	"strings"

	"github.com/google/uuid"
)

// Where narrows a Query to tickets with all that it names. The zero Where hides none.
type Where struct {
	DecidedBy string // an actor
	Reason    string // a code, one of the reasons
	Attempt   int    // at least
	Signal    string // a warning of a picture, as it was when the ticket was submitted
	Answers   string // a JSON object: answers that the ticket has; empty: any
	HeldBy    uuid.UUID
}

// IsZero reports whether w hides nothing.
func (w Where) IsZero() bool { return w == Where{} }

const longestLexeme = 500 // bytes of a lexeme

// AnswerLexeme is what tickets with an answer to a field of options are indexed by. Those with another answer seldom have the same.
func AnswerLexeme(field, answer string) string {
	lexeme := strings.ReplaceAll("?"+field+"="+answer, "\n", " ")
	return strings.ToValidUTF8(lexeme[:min(len(lexeme), longestLexeme)], "")
}
