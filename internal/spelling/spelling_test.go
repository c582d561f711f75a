package spelling_test

import (
	"testing"

	"docket/internal/spelling"
)

func TestSuggestion(t *testing.T) {
	t.Parallel()
	many := []string{"a1", "b2", "c3", "d4", "e5", "f6", "g7", "h8", "i9", "j10", "k11", "l12", "required"}
	for _, test := range []struct {
		word  string
		known []string
		want  string
	}{
		{"yse", []string{"yes", "no"}, `; use one of yes, no (did you mean "yes"?)`},
		{"VN", append([]string{"SVN", "VNM"}, many...), `; did you mean "VNM"?`},
		{"perhaps", []string{"yes", "no"}, `; use one of yes, no`},
		{"requierd", many, `; did you mean "required"?`},
		{"colour", many, `; use one of a1, b2, c3, d4, e5, f6, g7, h8, i9, j10, k11, l12, required`},
	} {
		if got := spelling.Suggestion(test.word, test.known); got != test.want {
			t.Errorf("%s: got %q, want %q", test.word, got, test.want)
		}
	}
}

func TestOr(t *testing.T) {
	t.Parallel()
	for want, words := range map[string][]string{"": nil, "a": {"a"}, "a or b": {"a", "b"}, "a, b or c": {"a", "b", "c"}} {
		if got := spelling.Or(words); got != want {
			t.Errorf("%v: got %q, want %q", words, got, want)
		}
	}
}
