package optionlist

import (
	"cmp"
	"slices"
	"strings"

	"docket/internal/plaintext"
)

// Find is the option with this value, with its label in a language; false when there is none.
func (l *List) Find(value, language string) (Option, bool) {
	c := l.content.Load()
	at, ok := c.positions[value]
	if !ok {
		return Option{}, false
	}
	return c.option(at, language), true
}

// option is the option at a position. A label that is missing in a language is that of the column "label", or else the value.
func (c *content) option(at int, language string) Option {
	shown := c.rows[at]
	label := ""
	for _, wanted := range []string{language, ""} {
		if i := slices.Index(c.languages, wanted); i >= 0 {
			label = cmp.Or(label, shown.labels[i])
		}
	}
	return Option{shown.value, cmp.Or(label, shown.value)}
}

// Search finds at most so many options that have all of these words in their value or a label, whatever their case and accents:
// first those that begin with what was typed. Nothing typed finds the first ones of the file.
func (l *List) Search(typed, language string, limit int) []Option {
	c, words := l.content.Load(), strings.Fields(plaintext.Fold(typed))
	first, other := []int{}, []int{}
	for at := range c.rows {
		switch folded := c.rows[at].folded; {
		case !hasAll(folded, words):
		case len(words) == 0 || begins(folded, words[0]):
			first = append(first, at)
		case len(other) < limit:
			other = append(other, at)
		}
		if len(first) == limit {
			break
		}
	}
	found := append(first, other...)
	options := make([]Option, 0, limit)
	for _, at := range found[:min(limit, len(found))] {
		options = append(options, c.option(at, language))
	}
	return options
}

func hasAll(folded string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(folded, word) {
			return false
		}
	}
	return true
}

// begins reports whether the value or a label begins with a word.
func begins(folded, word string) bool {
	return strings.HasPrefix(folded, word) || strings.Contains(folded, "\n"+word)
}
