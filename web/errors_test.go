package web

import (
	"strings"
	"testing"

	"docket/internal/lang"
)

func TestEveryErrorHasWords(t *testing.T) {
	t.Parallel()
	all := []answer{answerTooLarge, answerInvalid, answerBadJSON, answerInternal, {words: "unreadable"}}
	for _, known := range answers {
		all = append(all, known.answer)
	}
	for _, tag := range lang.Tags() {
		for _, a := range all {
			for _, text := range []string{a.title(lang.Of(tag)), a.detail(lang.Of(tag), nil)} {
				if strings.HasPrefix(text, "problem.") {
					t.Errorf("%s: no words for %s", tag, text)
				}
			}
		}
	}
}
