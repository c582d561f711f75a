package form_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"docket/internal/form"
	"docket/internal/i18n"
)

// TestTypes_AreWhole holds every type against what is asked of all of them.
func TestTypes_AreWhole(t *testing.T) {
	t.Parallel()
	elements := []form.Element{
		form.ElementInput, form.ElementTextarea, form.ElementSelect, form.ElementRadios, form.ElementCheckboxes, form.ElementCheckbox, form.ElementFile, form.ElementMoney, form.ElementAddress, form.ElementGroup,
	}
	seen := map[form.Type]bool{}
	for _, name := range form.Types() {
		if seen[name] {
			t.Errorf("%s stands twice in the list", name)
		}
		seen[name] = true
		keys := "type: " + string(name)
		if name.Takes("options") {
			keys += "\noptions: [{value: a1, label: One}]"
		}
		if name.Takes("currency") {
			keys += "\ncurrency: EUR"
		}
		if name == form.Group {
			keys += "\nfields: [{name: b, label: B}]"
		}
		f := parse(t, oneField(keys))
		field, _ := f.Field("a")
		if field.Type != name || field.MaxLength == 0 || !slices.Contains(elements, field.Control().Element) {
			t.Errorf("%s: got a field %+v with the control %+v", name, field, field.Control())
		}
		if name.Upload() != (field.Control().Element == form.ElementFile) {
			t.Errorf("%s: a file is chosen where one is uploaded", name)
		}
		agree(t, f, `{}`, true)
		agree(t, f, `{"a":{"x":1}}`, false)
		required := parse(t, oneField(keys+"\nrequired: true"))
		agree(t, required, `{}`, false)
		for _, tag := range i18n.Tags() {
			inLanguage := *required
			inLanguage.Language = tag
			for _, given := range []string{"", "\u00a7", "1"} {
				_, err := inLanguage.Check(form.Input{"a": {given}}, noon)
				checkProblem(t, tag+" "+string(name), err)
			}
		}
	}
}

// checkProblem fails unless the problem of field a, if it has one, is in the list of codes and in words.
func checkProblem(t *testing.T, what string, err error) {
	t.Helper()
	invalid, _ := errors.AsType[form.Invalid](err)
	if problem, ok := invalid["a"]; ok && (!slices.Contains(form.Codes(), problem.Code) || strings.HasPrefix(problem.Message, "answer.") || problem.Message == "") {
		t.Errorf("%s: got the code %q and the words %q", what, problem.Code, problem.Message)
	}
}

func TestCodes_AreEachThere(t *testing.T) {
	t.Parallel()
	codes := form.Codes()
	slices.Sort(codes)
	if got := slices.Compact(slices.Clone(codes)); len(got) != len(codes) {
		t.Errorf("a code stands twice in %v", codes)
	}
	for _, code := range []string{form.CodeRequired, form.CodeUnknownField, form.CodeBadIBAN, form.CodeTooFew, form.CodeBadURL, form.CodeCheckDigits, form.CodeNotAFile} {
		if !slices.Contains(codes, code) {
			t.Errorf("%s is not in the list", code)
		}
	}
}
