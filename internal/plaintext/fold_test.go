package plaintext_test

import (
	"testing"

	"docket/internal/plaintext"
)

func TestFold_MarksAndCase(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Nguyễn Đức": "nguyen duc", "ĐẶNG": "dang", "Łódź": "lodz", "Müller": "muller", "STRASSE": "strasse", "Straße": "strasse",
		"İstanbul": "istanbul", "Søren": "soren", "Ёлкин": "елкин", "Ｂ１２": "b12", "ไทย": "ไทย", "王小明": "王小明", "हिन्दी": "हिन्दी", "\xf2í": "\ufffdi",
	} {
		if got := plaintext.Fold(text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
		if got := plaintext.Fold(want); got != want {
			t.Errorf("Fold(%q) = %q: it changes what is folded", want, got)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("Nguyễn Đức")
	f.Add("\xf2í")
	f.Fuzz(func(t *testing.T, text string) {
		once := plaintext.Fold(text)
		if twice := plaintext.Fold(once); twice != once {
			t.Errorf("Fold(%q) = %q, and of that %q", text, once, twice)
		}
	})
}
