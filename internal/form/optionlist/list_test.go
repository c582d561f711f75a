package optionlist_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"docket/internal/form/optionlist"
)

// write writes orders.csv in a folder; at tells two versions of it apart.
func write(t *testing.T, folder, text string, at time.Time) {
	t.Helper()
	path := filepath.Join(folder, "orders.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, text string) (*optionlist.List, string, error) {
	t.Helper()
	folder := t.TempDir()
	write(t, folder, text, time.Unix(1_700_000_000, 0))
	list, err := optionlist.Read(folder, "orders.csv")
	return list, folder, err
}

func TestRead_Mistakes(t *testing.T) {
	t.Parallel()
	many := "value\n" + strings.Repeat("x", 100) + "\n"
	for text, want := range map[string]string{
		"":                              "line 1: the file is empty",
		"value\n":                       "line 2: no option follows",
		"name,label\n":                  `line 1: the first column must be named value, not "name"`,
		"value;label\n":                 `line 1: the first column must be named value, not "value;label"`,
		"value,title\n":                 `line 1: unknown column "title"`,
		"value,label,label\n":           `line 1: the column "label" stands here a second time`,
		"value,label\na,A\nb\n":         "line 3: this line has another number of columns",
		"value,label\na,A\na,B\n":       `line 3: the value "a" stands here a second time`,
		"value\na\n\n b\n":              `line 4: " b" cannot be a value`,
		"value,label\n,A\n":             `line 2: "" cannot be a value`,
		"value\na\u200b\n":              "line 2:",
		"value,label\na,\"A\x00\"\n":    "line 2:",
		"value\na\n\xff\n":              "line 3: this is not UTF-8",
		"value,label\na,\"A\n":          "line",
		many + strings.Repeat("y", 101): "line 3:",
	} {
		_, _, err := read(t, text)
		if _, ok := errors.AsType[optionlist.Mistake](err); !ok || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func TestRead_TooManyOptions(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("value\n")
	for i := range 100_001 {
		fmt.Fprintf(&text, "v%d\n", i)
	}
	if _, _, err := read(t, text.String()); err == nil || !strings.Contains(err.Error(), "line 100002: there are more than 100000") {
		t.Errorf("got %v, want too many options on line 100002", err)
	}
	last := strings.LastIndex(strings.TrimSpace(text.String()), "\n")
	list, _, err := read(t, text.String()[:last+1])
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := list.Find("v99999", "en"); !ok {
		t.Error("the last of 100,000 options is not found")
	}
}

func TestRead_OutsideTheFolder(t *testing.T) {
	t.Parallel()
	_, folder, err := read(t, "value\na\n")
	if err != nil {
		t.Fatal(err)
	}
	inside := filepath.Join(folder, "inside")
	if err := os.Mkdir(inside, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../orders.csv", filepath.Join(inside, "link.csv")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../orders.csv", filepath.Join(folder, "orders.csv"), "link.csv", "."} {
		if _, err := optionlist.Read(inside, name); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

func TestFind_LabelInEachLanguage(t *testing.T) {
	t.Parallel()
	list, _, err := read(t, "\ufeffvalue,label,label_vi\na,One,Một\nb,Two,\nc,,\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ value, language, want string }{
		{"a", "en", "One"}, {"a", "vi", "Một"}, {"b", "vi", "Two"}, {"c", "vi", "c"},
	} {
		if got, ok := list.Find(c.value, c.language); !ok || got.Label != c.want {
			t.Errorf("%s in %s: got %q, %v, want %q", c.value, c.language, got.Label, ok, c.want)
		}
	}
	if _, ok := list.Find("A", "en"); ok {
		t.Error("a value in another case was found")
	}
}

func TestSearch_WordsWithoutAccents(t *testing.T) {
	t.Parallel()
	list, _, err := read(t, "value,label\nHN-1,Chi nhánh Hà Nội\nDN-2,Chi nhánh Đà Nẵng\nXHN-3,Kho\n")
	if err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]string{
		"ha noi": "HN-1", "NANG chi": "DN-2", "hn": "HN-1 XHN-3", "nhanh": "HN-1 DN-2", "": "HN-1 DN-2 XHN-3", "zz": "",
	} {
		var got []string
		for _, option := range list.Search(typed, "en", 10) {
			got = append(got, option.Value)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
	if got := list.Search("", "en", 2); len(got) != 2 {
		t.Errorf("got %d options, want 2", len(got))
	}
}

func TestRefresh_KeepsTheLastGoodOne(t *testing.T) {
	t.Parallel()
	list, folder, err := read(t, "value\na\n")
	if err != nil {
		t.Fatal(err)
	}
	has := func(value string) bool { _, ok := list.Find(value, "en"); return ok }
	if list.Refresh() {
		t.Error("a file that has not changed was read again")
	}
	write(t, folder, "value\nb\n", time.Unix(1_700_000_001, 0))
	if list.Refresh() || !has("a") {
		t.Error("a file was read that may still be written")
	}
	if !list.Refresh() || !has("b") || has("a") {
		t.Error("the changed file is not in use")
	}
	write(t, folder, "value\nb\nb\n", time.Unix(1_700_000_002, 0))
	list.Refresh()
	if !list.Refresh() || !has("b") || !strings.HasPrefix(list.State().Mistake, "line 3: ") {
		t.Errorf("got %+v, want the last good options and the mistake", list.State())
	}
	if list.Refresh() {
		t.Error("the same mistake was told twice")
	}
	if err := os.Remove(filepath.Join(folder, "orders.csv")); err != nil {
		t.Fatal(err)
	}
	if !list.Refresh() || !has("b") || list.State().Mistake == "" {
		t.Errorf("got %+v, want the last good options without a file", list.State())
	}
	write(t, folder, "value\nc\n", time.Unix(1_700_000_003, 0))
	list.Refresh()
	if !list.Refresh() || !has("c") || list.State().Mistake != "" {
		t.Errorf("got %+v, want the new file in use", list.State())
	}
}
