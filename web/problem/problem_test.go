package problem

import (
	"strings"
	"testing"

	"docket/internal/i18n"
)

func TestProblem_EveryOneHasWords(t *testing.T) {
	t.Parallel()
	all := []Problem{tooLarge, invalidInput, wrongQuery, badJSON, internal, {words: "unreadable"}}
	for _, known := range table {
		all = append(all, known.Problem)
	}
	for _, tag := range i18n.Tags() {
		words := i18n.Of(tag)
		for _, p := range all {
			for _, text := range []string{p.Title(words), p.Detail(words, nil)} {
				if strings.HasPrefix(text, "problem.") {
					t.Errorf("%s: no words for %s", tag, text)
				}
			}
		}
	}
}
