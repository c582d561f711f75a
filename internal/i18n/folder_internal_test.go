package i18n

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestReadFolder_FallsBackToEnglish(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("ar.yaml", "language.name: العربية\nform.send: إرسال\nago.minutes: {one: قبل دقيقة, few: \"قبل {{.Count}} دقائق\", other: \"قبل {{.Count}} دقيقة\"}\n")
	write("vi.yaml", "form.send: Gửi đi\n")
	read, err := readFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	ar, vi := read["ar"], read["vi"]
	for got, want := range map[string]string{
		ar.T("form.send"): "إرسال", ar.T("login.title"): Of(Source).T("login.title"), ar.Name(): "العربية",
		ar.T("ago.minutes", "Count", 1): "قبل دقيقة", vi.T("form.send"): "Gửi đi", vi.T("login.title"): Of("vi").T("login.title"),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if !ar.RightToLeft() || vi.RightToLeft() || Of(Source).RightToLeft() {
		t.Error("the direction is wrong")
	}
	if !slices.Contains(ar.Missing(), "login.title") || slices.Contains(ar.Missing(), "form.send") || len(vi.Missing()) > 0 {
		t.Errorf("ar misses %d texts, vi %d", len(ar.Missing()), len(vi.Missing()))
	}
	for text, want := range map[string]string{
		"no.such: x": "no.such is no text of docket", "form.send: ''": "form.send has no text", "form.send: '{{.Nobody}}'": "unknown placeholder {{.Nobody}}",
		"date.months: a|b": "as many parts", "[": "is not YAML",
	} {
		write("ar.yaml", text)
		if _, err := readFolder(folder); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
	write("ar.yaml", "form.send: x")
	write("arabic_words.yaml", "form.send: x")
	if _, err := readFolder(folder); err == nil || !strings.Contains(err.Error(), "is no language") {
		t.Errorf("got %v, want that a file is of no language", err)
	}
	if _, err := readFolder(t.TempDir()); err == nil {
		t.Error("an empty folder was taken")
	}
}
