package plaintext_test

import (
	"testing"

	"docket/internal/plaintext"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text      string
		multiline bool
		want      string
		key       string
	}{
		{" Nguye\u0302\u0303n ", false, "Nguyễn", ""},
		{"a\r\nb\rc\td\n", true, "a\nb\nc\td", ""},
		{"a\nb", false, "", "answer.line_break"},
		{"a\x00b", true, "", "answer.control_character"},
		{"a\u202eb", true, "", "answer.directional_character"},
		{"a\u200bb", true, "", "answer.invisible_character"},
		{"a\xff", true, "", "answer.no_text"},
		{"", false, "", ""},
	} {
		got, fault := plaintext.Clean(test.text, test.multiline)
		if got != test.want || fault.Key != test.key {
			t.Errorf("%+q: got %+q, %q, want %+q, %q", test.text, got, fault.Key, test.want, test.key)
		}
	}
}
