package linktext_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"docket/internal/form/linktext"
)

func TestParse_Links(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]linktext.Part{
		"":                           nil,
		"plain":                      {{Text: "plain"}},
		"see] (this) and ](":         {{Text: "see] (this) and ]("}},
		"[terms](https://a.example)": {{Text: "terms", URL: "https://a.example"}},
		"I accept the [terms](https://a.example/t?v=1#x), [both](https://b.example).": {
			{Text: "I accept the "}, {Text: "terms", URL: "https://a.example/t?v=1#x"}, {Text: ", "}, {Text: "both", URL: "https://b.example"}, {Text: "."},
		},
		"[[x](https://a.example)": {{Text: "["}, {Text: "x", URL: "https://a.example"}},
		"**bold** <b>":            {{Text: "**bold** <b>"}},
	} {
		got, err := linktext.Parse(text)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: got %+v, %v, want %+v", text, got, err, want)
		}
	}
}

func TestParse_Mistakes(t *testing.T) {
	t.Parallel()
	for text, offset := range map[string]int{
		"é [x](http://a.example)": 2, "[x](javascript:alert(1))": 0, "[x](//a.example)": 0, "[x](https://)": 0, "[x](https://u@a.example)": 0,
		"[x](https://a.example": 0, "[ ](https://a.example)": 0, "[x](https://a.example\"onclick=1)": 0, "[x](mailto:a@b.example)": 0, "[x]()": 0,
	} {
		parts, err := linktext.Parse(text)
		wrong, ok := errors.AsType[linktext.Mistake](err)
		if !ok || wrong.Offset != offset || len(parts) != 1 || parts[0].URL != "" {
			t.Errorf("%q: got %+v, %v, want a mistake at %d and a plain text", text, parts, err, offset)
		}
	}
}

func TestPlain_AndWords(t *testing.T) {
	t.Parallel()
	text := "I accept the [terms](https://a.example)."
	if got := linktext.Plain(text); got != "I accept the terms (https://a.example)." {
		t.Errorf("got %q", got)
	}
	if got := linktext.Words(text); got != "I accept the terms." {
		t.Errorf("got %q", got)
	}
	if got := linktext.URLs(text); !slices.Equal(got, []string{"https://a.example"}) {
		t.Errorf("got %q", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a [b](https://c.example) d")
	f.Fuzz(func(t *testing.T, text string) {
		parts, err := linktext.Parse(text)
		var b strings.Builder
		for _, part := range parts {
			if part.URL != "" && !strings.HasPrefix(strings.ToLower(part.URL), "https://") {
				t.Errorf("%q leads to %q", text, part.URL)
			}
			b.WriteString(part.Text)
		}
		if err == nil && linktext.Words(text) != b.String() {
			t.Errorf("%q: the words are %q, want %q", text, linktext.Words(text), b.String())
		}
	})
}
