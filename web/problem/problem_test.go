package problem

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"docket/internal/i18n"
	"docket/internal/strictjson"
)

func TestProblem_EveryOneHasWords(t *testing.T) {
	t.Parallel()
	all := []Problem{{words: "unreadable"}}
	for _, err := range []error{&http.MaxBytesError{}, Invalid{}, WrongParameters{}, &strictjson.Error{}, io.EOF} {
		all = append(all, Of(err))
	}
	for _, known := range table {
		all = append(all, Of(known.err))
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
