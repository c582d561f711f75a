package formfile_test

import (
	"errors"
	"strings"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

func TestParse_Languages(t *testing.T) {
	t.Parallel()
	f := parse(t, bilingual+"sections:\n  - title: {en: Part, vi: Phần}\n    fields:\n"+
		"      - {name: a, label: {en: Sort, vi: Loại}, type: choice, options: [{value: x, label: {en: One, vi: Một}}]}\n"+
		"      - {name: b, label: {en: B, vi: Bê}, when: a == 'x', required: true, missing: {en: Say b, vi: Nhập b}}\n"+
		"reasons: [{code: no, label: No, class: retry, text: {en: Again., vi: Lại.}}, {code: other, label: Other, class: retry, text: ''}]\n")
	vi := f.In("vi")
	got := []string{vi.Sections[0].Title, vi.Sections[0].Fields[0].Label, vi.Sections[0].Fields[0].Options[0].Label, vi.Reasons[0].Text, vi.Reasons[0].Label}
	if want := "Phần Loại Một Lại. No"; strings.Join(got, " ") != want || vi.Language != "vi" {
		t.Errorf("got %q in %s, want %q", got, vi.Language, want)
	}
	if f.Language != "en" || f.In("de") != f || f.In("en") != f || vi.In("en") != f || vi.Version != f.Version || f.Sections[0].Title != "Part" {
		t.Errorf("the first language is not what is left: %s", f.In("de").Language)
	}
	_, err := vi.Check(form.Input{"a": {"x"}}, noon)
	if invalid, _ := errors.AsType[form.Invalid](err); len(invalid) != 1 || invalid["b"].Message != "Nhập b" {
		t.Errorf("got %v, want what the form says of b", invalid)
	}
}

func TestDefault_Translations(t *testing.T) {
	t.Parallel()
	en := formfile.Default()
	vi := en.In("vi")
	for i, section := range en.Sections {
		for j, field := range section.Fields {
			same := vi.Sections[i].Fields[j]
			if same.Label == field.Label || field.Help != "" && same.Help == field.Help || field.Missing != "" && same.Missing == field.Missing {
				t.Errorf("%s is not translated: %q", field.Name, same.Label)
			}
		}
	}
	for i, reason := range en.Reasons {
		if reason.Text != "" && vi.Reasons[i].Text == reason.Text {
			t.Errorf("%s is not translated", reason.Code)
		}
	}
}
