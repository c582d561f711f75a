package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFormCheck_ListsMissingWords(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"ar.yaml":   "language.name: العربية\nform.send: إرسال\n",
		"form.yaml": "name: x\nlanguages: [en, ar]\ntitle: {en: Requests, ar: طلبات}\nfields: [{name: a, label: {en: A, ar: أ}}]\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	locales := filepath.Join(folder, "locales")
	if err := os.Mkdir(locales, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(folder, "ar.yaml"), filepath.Join(locales, "ar.yaml")); err != nil {
		t.Fatal(err)
	}
	form := filepath.Join(folder, "form.yaml")
	run(t, docket(t, nil, "form", "check", form), "").want(t, 1, `docket itself has no words in "ar" yet`)
	checked := run(t, docket(t, nil, "form", "check", "--locales", locales, form), "").want(t, 0, "is valid", `login.title: "Sign in"`)
	if strings.Contains(checked.out, "form.send:") {
		t.Errorf("a text that the file has is listed:\n%s", checked.out)
	}
	run(t, docket(t, []string{"LOCALES_DIR=" + folder}, "form", "check", form), "").want(t, 1, "form.yaml", "is no language")
}
