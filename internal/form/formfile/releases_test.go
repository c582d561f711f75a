package formfile_test

import (
	"encoding/json"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

// releaseDay is when the tickets of the corpus were sent.
var releaseDay = time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)

// TestReleases reads the form files of earlier releases, and takes and shows a ticket of each as that release kept it.
func TestReleases(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../testdata/releases/*.yaml")
	if err != nil || len(paths) < 6 {
		t.Fatalf("%d forms, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			f, err := formfile.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			kept, err := os.ReadFile(strings.TrimSuffix(path, ".yaml") + ".json")
			if err != nil {
				t.Fatal(err)
			}
			answers, err := f.CheckJSON(membersOf(t, kept), releaseDay)
			if err != nil || string(answers.JSON()) != string(kept) {
				t.Errorf("the ticket is taken as %s, %v, want as it was kept\n%s", answers.JSON(), err, kept)
			}
			for _, language := range f.Languages {
				seeEveryAnswer(t, f.In(language), kept)
			}
			if today := todaysForm(t, f.Name); today != nil {
				seeEveryAnswer(t, today, kept)
			}
		})
	}
}

// todaysForm is the form of this release with the same name; nil when there is none.
func todaysForm(t *testing.T, name string) *form.Form {
	t.Helper()
	var text []byte
	var err error
	switch name {
	case "ekyc":
		return formfile.Default()
	case "starter":
		text, err = formfile.Starter(name)
	case "approval":
		text, err = formfile.Approval(name)
	default:
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(text))
}

// seeEveryAnswer checks that a form shows all that a ticket has.
func seeEveryAnswer(t *testing.T, f *form.Form, kept []byte) {
	t.Helper()
	shown := map[string]bool{}
	for _, section := range f.Show(kept) {
		for _, row := range section.Rows {
			shown[row.Field.Name] = row.Text != "" || row.Field.Type.Upload()
		}
	}
	for name := range membersOf(t, kept) {
		if !shown[name] {
			t.Errorf("the form of %s in %s does not show %s", f.Name, f.Language, name)
		}
	}
}

// membersOf are the members of an object in its order.
func membersOf(t *testing.T, object []byte) iter.Seq2[string, json.RawMessage] {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(object)))
	_, err := decoder.Token()
	names, values := []string{}, []json.RawMessage{}
	for decoder.More() {
		name, nameErr := decoder.Token()
		var value json.RawMessage
		err = errors.Join(err, nameErr, decoder.Decode(&value))
		text, _ := name.(string)
		names, values = append(names, text), append(values, value)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(string, json.RawMessage) bool) {
		for i, name := range names {
			if !yield(name, values[i]) {
				return
			}
		}
	}
}
