package web

import (
	"strings"
	"testing"

	"docket/internal/i18n"
)

func TestEveryErrorHasWords(t *testing.T) {
	t.Parallel()
	all := []answer{answerTooLarge, answerInvalid, answerBadJSON, answerInternal, {words: "unreadable"}}
	for _, known := range answers {
		all = append(all, known.answer)
	}
	for _, tag := range i18n.Tags() {
		for _, a := range all {
			for _, text := range []string{a.title(i18n.Of(tag)), a.detail(i18n.Of(tag), nil)} {
				if strings.HasPrefix(text, "problem.") {
					t.Errorf("%s: no words for %s", tag, text)
				}
			}
		}
	}
}
