package plaintext_test

import (
	"testing"

	"docket/internal/plaintext"
)

func TestPlainSigns(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"０９０−１２３４": "090-1234", "٩٦٦": "966", "۱۲۳": "123", "१२३": "123", "๑๒๓": "123", "𝟏𝟐𝟠": "128", "߀߁߂": "012",
		"12\u00a0345\u202f678": "12 345 678", "12\u2011345\u2013678": "12-345-678", "١٢٫٥": "12.5", "ａ＠ｂ．ｅｘａｍｐｌｅ": "a@b.example",
		"\u3000AB\u2009C\u3000": "AB C", "Đỗ № 5": "Đỗ № 5", "²": "²", "四": "四", "": "",
	} {
		if got := plaintext.PlainSigns(text); got != want {
			t.Errorf("PlainSigns(%q) = %q, want %q", text, got, want)
		}
	}
	if got := plaintext.PlainSpaces("\u00a0Anne\u00a0Marie\u2010Rose\u202f"); got != "Anne Marie\u2010Rose" {
		t.Errorf("got %q", got)
	}
}
