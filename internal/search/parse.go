package search

import (
	"encoding/hex"
	"strings"

	"github.com/google/uuid"

	"docket/internal/plaintext"
	"docket/internal/ticket"
)

// Parse is what a person asks for who types this. It asks for nothing when that has no letter and no digit.
func Parse(typed string) ticket.Search {
	typed = strings.TrimSpace(typed)
	words := splitWords(typed)
	asked := ticket.Search{Words: words[:min(len(words), maxAsked)]}
	if len(words) == 0 {
		return asked
	}
	asked.Whole = appendWhole(appendWhole(nil, wholeOf(typed)), phoneOf(typed))
	if _, err := hex.DecodeString(typed); err == nil && len(typed) == len(ticket.Number(uuid.Nil)) { // also one without a digit
		asked.Whole = appendWhole(asked.Whole, wholeMark+plaintext.Fold(typed))
	}
	asked.UserID = typed
	if strings.ContainsRune(typed, '@') {
		asked.Email = strings.ToLower(typed)
	}
	if id, err := uuid.Parse(typed); err == nil {
		asked.ID = id
	}
	return asked
}
