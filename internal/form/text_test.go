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
		"Hangul filler":        {"\u3164", "Contains an invisible character (U+3164)"},
		"a Braille blank":      {"\u2800", "Contains an invisible character (U+2800)"},
		"a tag":                {"An\U000e0041na", "Contains an invisible character (U+E0041)"},
		"a tag begins":         {"An\U000e0001na", "Contains an invisible character (U+E0001)"},
		"annotation":           {"An\ufff9na", "Contains an invisible character (U+FFF9)"},
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
			if strings.ContainsAny(test.given, "\n\r\t\u2028") {
				return
			}
			_, err = parse(t, oneField("type: long_text")).Check(form.Input{"a": {test.given}}, noon)
			refused(t, err, "a", form.CodeBadCharacters, test.words)
		})
	}
}

// Characters that show nothing and shape nothing come along when text is copied. They are taken out, and nobody is asked to find them.
func TestCheck_MeaninglessCharacters(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ given, want string }{
		"directions":          {"\u202aAn\u202ena\u202c \u2066B\u2067o\u2069\u200e\u200f\u061c", "Anna Bo"},
		"a space of no width": {"An\u200bna", "Anna"},
		"a byte order mark":   {"\ufeffAnna", "Anna"},
		"a soft hyphen":       {"An\u00adna\u2060\u034f", "Anna"},
		"a selector":          {"A\ufe0fnna 1\ufe0f", "Anna 1"},
		"two selectors":       {"❤\ufe0f\ufe0f", "❤\ufe0f"},
		"joiners in Latin":    {"An\u200dn\u200ca", "Anna"},
		"joiners in Greek":    {"αβ\u200dγ", "αβγ"},
		"joiners in Cyrillic": {"аб\u200dв", "абв"},
		"a joiner in Han":     {"王\u200d小", "王小"},
		"at the start":        {"\u200cمن", "من"},
		"at the end":          {"من\u200c", "من"},
		"two joiners":         {"می\u200c\u200cخواهم", "می\u200cخواهم"},
		"joiner, direction":   {"می\u200f\u200cخواهم", "می\u200cخواهم"},
		"half Latin":          {"م\u200ca", "مa"},
		"in an emoji":         {"👩\u200c🚀", "👩🚀"},
		"spaces around":       {"\u202d Anna \u202c", "Anna"},
		"Khmer and Latin":     {"ផ្លូវ\u200bA", "ផ្លូវA"},
	} {
		answers, err := parse(t, oneField("")).Check(form.Input{"a": {c.given}}, noon)
		want, _ := json.Marshal(map[string]string{"a": c.want})
		if got := string(answers.JSON()); err != nil || got != string(want) {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, want)
		}
	}
	for _, blank := range []string{"\u200b", "\ufeff \u200e", "\u202a\u202c"} {
		_, err := parse(t, oneField("required: true")).Check(form.Input{"a": {blank}}, noon)
		refused(t, err, "a", form.CodeRequired, "")
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
		"Khmer words":      "ផ្ទះ\u200bផ្លូវ",
		"Thai words":       "กรุงเทพ\u200bมหานคร",
		"a number's sign":  "\u0600\u0661\u0662",
		"Mongolian":        "ᠨ\u180eᠠ",
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
