package form_test

import (
	"encoding/json"
	"strings"
	"testing"

	"docket/internal/form"
)

func TestCheck_BadCharacters(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ given, words string }{
		"invalid UTF-8":        {"An\xffna", "Contains bytes that are no text"},
		"half a character":     {"Anna\xc3", "Contains bytes that are no text"},
		"a surrogate":          {"An\xed\xa0\x80na", "Contains bytes that are no text"},
		"an overlong NUL":      {"An\xc0\x80na", "Contains bytes that are no text"},
		"NUL":                  {"An\x00na", "Contains a control character (U+0000)"},
		"escape":               {"An\x1b[31mna", "Contains a control character (U+001B)"},
		"delete":               {"An\x7fna", "Contains a control character (U+007F)"},
		"a C1 control":         {"An\u0085na", "Contains a control character (U+0085)"},
		"a line feed":          {"Anna\nBo", "Contains a line break or a tab (U+000A)"},
		"a carriage return":    {"Anna\rBo", "Contains a line break or a tab (U+000D)"},
		"a tab":                {"Anna\tBo", "Contains a line break or a tab (U+0009)"},
		"a line separator":     {"Anna\u2028Bo", "Contains a line break or a tab (U+2028)"},
		"right-to-left over":   {"An\u202ena", "Contains a character that changes the direction of the text (U+202E)"},
		"left-to-right embed":  {"An\u202ana", "Contains a character that changes the direction of the text (U+202A)"},
		"an isolate":           {"An\u2066na", "Contains a character that changes the direction of the text (U+2066)"},
		"end of isolate":       {"An\u2069na", "Contains a character that changes the direction of the text (U+2069)"},
		"left-to-right mark":   {"An\u200ena", "Contains a character that changes the direction of the text (U+200E)"},
		"right-to-left mark":   {"Anna\u200f", "Contains a character that changes the direction of the text (U+200F)"},
		"Arabic letter mark":   {"An\u061cna", "Contains a character that changes the direction of the text (U+061C)"},
		"zero-width space":     {"An\u200bna", "Contains an invisible character (U+200B)"},
		"only invisible":       {"\u200b", "Contains an invisible character (U+200B)"},
		"word joiner":          {"An\u2060na", "Contains an invisible character (U+2060)"},
		"byte order mark":      {"\ufeffAnna", "Contains an invisible character (U+FEFF)"},
		"soft hyphen":          {"An\u00adna", "Contains an invisible character (U+00AD)"},
		"grapheme joiner":      {"An\u034fna", "Contains an invisible character (U+034F)"},
		"Hangul filler":        {"\u3164", "Contains an invisible character (U+3164)"},
		"a Braille blank":      {"\u2800", "Contains an invisible character (U+2800)"},
		"a tag":                {"An\U000e0041na", "Contains an invisible character (U+E0041)"},
		"a tag begins":         {"An\U000e0001na", "Contains an invisible character (U+E0001)"},
		"annotation":           {"An\ufff9na", "Contains an invisible character (U+FFF9)"},
		"a selector":           {"A\ufe0fnna", "Contains an invisible character (U+FE0F)"},
		"two selectors":        {"❤\ufe0f\ufe0f", "Contains an invisible character (U+FE0F)"},
		"joiner in Latin":      {"An\u200dna", "Contains an invisible character (U+200D)"},
		"non-joiner in Latin":  {"An\u200cna", "Contains an invisible character (U+200C)"},
		"joiner in Greek":      {"αβ\u200dγ", "Contains an invisible character (U+200D)"},
		"joiner in Cyrillic":   {"аб\u200dв", "Contains an invisible character (U+200D)"},
		"joiner in Han":        {"王\u200d小", "Contains an invisible character (U+200D)"},
		"joiner at the start":  {"\u200cمن", "Contains an invisible character (U+200C)"},
		"joiner at the end":    {"من\u200c", "Contains an invisible character (U+200C)"},
		"two joiners":          {"می\u200c\u200cخواهم", "Contains an invisible character (U+200C)"},
		"half Latin":           {"م\u200ca", "Contains an invisible character (U+200C)"},
		"non-joiner in emoji":  {"👩\u200c🚀", "Contains an invisible character (U+200C)"},
		"nine accents":         {"a" + strings.Repeat("\u0316", 9), "Contains too many accents on one letter"},
		"a flood of accents":   {"Anna" + strings.Repeat("\u0302\u0316", 50), "Contains too many accents on one letter"},
		"accents and joiners":  {"क" + strings.Repeat("\u094d\u200d", 9) + "क", "Contains too many accents on one letter"},
		"private use":          {"An\ue000na", "Contains a character without a meaning (U+E000)"},
		"private use, plane F": {"An\U000f0000na", "Contains a character without a meaning (U+F0000)"},
		"a noncharacter":       {"An\ufdd0na", "Contains a character without a meaning (U+FDD0)"},
		"the last code point":  {"An\U0010ffffna", "Contains a character without a meaning (U+10FFFF)"},
		"a damaged character":  {"An\ufffdna", "Contains a character that was damaged on the way (U+FFFD)"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parse(t, oneField("")).Check(form.Input{"a": {test.given}}, noon)
			refused(t, err, "a", form.CodeBadCharacters, test.words)
			if strings.ContainsAny(test.given, "\n\r\t") {
				return
			}
			_, err = parse(t, oneField("type: long_text")).Check(form.Input{"a": {test.given}}, noon)
			refused(t, err, "a", form.CodeBadCharacters, test.words)
		})
	}
}

func TestCheck_EveryScript(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"Vietnamese":       "Nguyễn Thị Minh Khai",
		"Arabic":           "محمد بن سلمان",
		"Persian":          "می\u200cخواهم",
		"Hebrew":           "בִּנְיָמִין",
		"Devanagari":       "क्\u200dष",
		"Sinhala":          "ශ්\u200dරී",
		"Tamil":            "கிருஷ்ணன்",
		"Thai":             "ที่นี่",
		"Burmese":          "အောင်ဆန်းစုကြည်",
		"Tibetan":          "བསྟན་འཛིན",
		"Chinese":          "王小明",
		"rare ideographs":  "𠮷野家",
		"a chosen shape":   "葛\U000e0100城",
		"Japanese":         "アンナ・すずき",
		"Korean":           "김철수",
		"Ethiopic":         "ሀይለ ሥላሴ",
		"an apostrophe":    "O’Brien-Smith, Jr.",
		"Yoruba":           "Ọlábísí",
		"eight accents":    "a" + strings.Repeat("\u0316", 8),
		"an emoji":         "👩\u200d🚀 ❤\ufe0f\u200d🔥 👍🏽",
		"spaces in it":     "Anna\u00a0 Bo",
		"an SQL wildcard":  "100%_'; DROP TABLE tickets;--",
		"a formula":        "=1+1",
		"a newer sign":     "\U0001fae8",
		"one letter":       "O",
		"letters and math": "𝒜 ≠ ℬ",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answers, err := parse(t, oneField("")).Check(form.Input{"a": {text}}, noon)
			want, _ := json.Marshal(map[string]string{"a": text})
			if got := string(answers.JSON()); err != nil || got != string(want) {
				t.Errorf("got %s, %v, want %s", got, err, want)
			}
		})
	}
}
