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
		{"a\u2028b\u2029c", true, "a\nb\nc", ""},
		{"a\nb", false, "", "answer.line_break"},
		{"a\u2028b", false, "", "answer.line_break"},
		{"a\x00b", true, "", "answer.control_character"},
		{"a\u202eb", true, "ab", ""},
		{"a\u200bb", true, "ab", ""},
		{"\ufeff", true, "", ""},
		{"e\u200b\u0301", false, "é", ""},
		{"a\U000e0041b", true, "", "answer.invisible_character"},
		{"a\xff", true, "", "answer.no_text"},
		{"", false, "", ""},
	} {
		got, fault := plaintext.Clean(test.text, test.multiline)
		if got != test.want || fault.Key != test.key {
			t.Errorf("%+q: got %+q, %q, want %+q, %q", test.text, got, fault.Key, test.want, test.key)
		}
	}
}

func TestTidy(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"call \u202d+1 (415) 555-0132\u202c\r\n": "call +1 (415) 555-0132",
		"שלום\u200f!":                            "שלום!",
		"می\u200cخواهم":                          "می\u200cخواهم", // is written with it
		"e\u0301\u2028b":                         "é\nb",
		"a\x00b":                                 "a\x00b",
		"a\xff\u202eb":                           "a\xff\u202eb",
	} {
		if got := plaintext.Tidy(text); got != want {
			t.Errorf("%+q: got %+q, want %+q", text, got, want)
		}
	}
}

// What is cleaned is clean, whatever was there.
func FuzzClean(f *testing.F) {
	f.Add("می\u200c\u200cخواهم ❤\ufe0f\u200d🔥", true)
	f.Add("ផ្ទះ\u200bផ្លូវ\u202e\u2066", false)
	f.Fuzz(func(t *testing.T, text string, multiline bool) {
		once, fault := plaintext.Clean(text, multiline)
		if fault.Key != "" {
			return
		}
		if twice, fault := plaintext.Clean(once, multiline); twice != once || fault.Key != "" {
			t.Errorf("Clean(%+q) = %+q, and of that %+q, %s", text, once, twice, fault.Key)
		}
		signs := plaintext.PlainSigns(once)
		if again := plaintext.PlainSigns(signs); again != signs {
			t.Errorf("PlainSigns(%+q) = %+q, and of that %+q", once, signs, again)
		}
	})
}
