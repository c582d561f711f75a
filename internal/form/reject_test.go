package form_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/ticket"
)

func TestReject(t *testing.T) {
	t.Parallel()
	f := formfile.Default()
	text := func(code string) string { reason, _ := f.Reason(code); return reason.Text }
	for name, test := range map[string]struct {
		given   form.Rejection
		class   form.Class
		comment string
	}{
		"one":                       {form.Rejection{Reasons: []string{"name_mismatch"}}, form.Retry, text("name_mismatch")},
		"two, texts in their order": {form.Rejection{Reasons: []string{"number_mismatch", "name_mismatch"}}, form.Retry, text("number_mismatch") + "\n\n" + text("name_mismatch")},
		"one of them final":         {form.Rejection{Reasons: []string{"name_mismatch", "underage"}}, form.Final, text("name_mismatch") + "\n\n" + text("underage")},
		"in other words":            {form.Rejection{Reasons: []string{"underage"}, Comment: "Come back in May."}, form.Final, "Come back in May."},
		"left open":                 {form.Rejection{Reasons: []string{"other"}, Comment: "x"}, form.Retry, "x"},
		"left open, and final":      {form.Rejection{Reasons: []string{"other"}, Class: form.Final, Comment: "x"}, form.Final, "x"},
		"left open beside a retry":  {form.Rejection{Reasons: []string{"name_mismatch", "other"}, Class: form.Final, Comment: "x"}, form.Final, "x"},
		"the class said in vain":    {form.Rejection{Reasons: []string{"underage"}, Class: form.Final}, form.Final, text("underage")},
	} {
		got, err := f.Reject(test.given, "agent:a", "note")
		want := ticket.Decision{
			Status: ticket.Rejected, By: "agent:a", Reasons: test.given.Reasons, Class: test.class, Comment: test.comment, Note: "note",
		}
		if err != nil || !got.Repeats(want) {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, want)
		}
	}
}

func TestReject_Invalid(t *testing.T) {
	t.Parallel()
	f := formfile.Default()
	for want, given := range map[string]form.Rejection{
		"reason required":                       {},
		"reason not_an_option":                  {Reasons: []string{"name_mismatch", "bogus"}},
		"reason not_an_option ":                 {Reasons: []string{""}},
		"reason given_twice":                    {Reasons: []string{"underage", "underage"}},
		"comment required":                      {Reasons: []string{"name_mismatch", "other"}},
		"class not_an_option":                   {Reasons: []string{"underage"}, Class: form.Retry},
		"class not_an_option ":                  {Reasons: []string{"name_mismatch"}, Class: form.Final},
		"class not_an_option  ":                 {Reasons: []string{"name_mismatch"}, Class: form.Choose},
		"class not_an_option, comment required": {Reasons: []string{"other", "underage"}, Class: form.Retry},
	} {
		_, err := f.Reject(given, "agent:a", "")
		wrong, _ := errors.AsType[form.Invalid](err)
		var got []string
		for _, name := range slices.Sorted(maps.Keys(wrong)) {
			got = append(got, name+" "+wrong[name].Code)
		}
		if strings.Join(got, ", ") != strings.TrimSpace(want) {
			t.Errorf("%+v: got %q, want %q", given, got, want)
		}
	}
}

func TestClassOf_OldRejection(t *testing.T) {
	t.Parallel()
	f := formfile.Default()
	for code, want := range map[string]form.Class{"underage": form.Final, "name_mismatch": form.Retry, "other": form.Retry, "bogus": form.Retry} {
		if got := f.ClassOf(ticket.Decision{Reasons: []string{code}}); got != want {
			t.Errorf("%s: got %q, want %q", code, got, want)
		}
	}
}
