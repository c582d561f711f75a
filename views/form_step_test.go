package views

import (
	"testing"

	"docket/internal/form"
)

func TestProblemLine(t *testing.T) {
	for _, c := range []struct{ label, problem, want string }{
		{"Full name", "Enter your full name", "Enter your full name"},
		{"Front of the document", "Add a photo of the front of your document", "Add a photo of the front of your document"},
		{"Số giấy tờ", "Hãy nhập số giấy tờ của bạn", "Hãy nhập số giấy tờ của bạn"},
		{"Date of expiry", "Must not be in the past", "Date of expiry: Must not be in the past"},
		{"Sex", "Choose a sextant", "Sex: Choose a sextant"},
	} {
		if got := problemLine(form.Field{Label: c.label}, c.problem); got != c.want {
			t.Errorf("%s: %q, want %q", c.label, got, c.want)
		}
	}
}
