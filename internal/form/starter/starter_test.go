package starter_test

import (
	"bytes"
	"errors"
	"testing"

	"docket/internal/form/formfile"
	"docket/internal/form/rules"
	"docket/internal/form/starter"
)

func TestText_EveryFormInEachLanguage(t *testing.T) {
	t.Parallel()
	for _, from := range starter.Names() {
		for _, language := range []string{"", "en", "vi"} {
			text, err := starter.Text("my-system", from, language)
			if from == "approval" && language == "vi" {
				if !errors.Is(err, starter.ErrLanguage) {
					t.Errorf("approval in Vietnamese: got %v", err)
				}
				continue
			}
			if err != nil {
				t.Fatal(from, language, err)
			}
			checkForm(t, from+" "+language, language, text)
		}
	}
}

// checkForm checks that a text is a form of this language, or of several when that is "", whose examples are as its rules say.
func checkForm(t *testing.T, name, language string, text []byte) {
	t.Helper()
	f, err := formfile.Parse(text)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if f.Name != "my-system" || !bytes.HasPrefix(text, []byte("# yaml-language-server: $schema=form.schema.json\n")) {
		t.Errorf("%s is named %q and begins with %.50q", name, f.Name, text)
	}
	if language != "" && (len(f.Languages) != 1 || f.Language != language || bytes.Contains(text, []byte("{en: "))) {
		t.Errorf("%s is in %q", name, f.Languages)
	}
	for _, example := range f.Examples {
		if difference := rules.CheckExample(t.Context(), f, example); difference != "" {
			t.Errorf("%s: %s: %s", name, example.Name, difference)
		}
	}
	if len(f.Rules) > 0 && len(f.Examples) < 2 {
		t.Errorf("%s has %d examples of its rules", name, len(f.Examples))
	}
}

func TestText_Wrong(t *testing.T) {
	t.Parallel()
	for _, wrong := range [][3]string{{"Refund", "refund", ""}, {"x", "lottery", ""}, {"x", "refund", "de"}, {"x", "../starter", ""}} {
		if text, err := starter.Text(wrong[0], wrong[1], wrong[2]); err == nil {
			t.Errorf("%q: got %d bytes", wrong, len(text))
		}
	}
}
