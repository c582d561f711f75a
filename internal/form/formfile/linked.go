package formfile

import (
	"errors"

	"docket/internal/form/linktext"
)

// readLinked reads an optional text that may have links.
func (r *reader) readLinked(m mapping, key string) string {
	text := r.readText(m, key)
	_, err := linktext.Parse(text)
	if wrong, ok := errors.AsType[linktext.Mistake](err); ok {
		line, column := r.positionIn(m.entries[key].value, []rune(text), wrong.Offset)
		r.mistakes = append(r.mistakes, Mistake{line, column, wrong.Message})
	}
	return text
}
