package form_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"docket/internal/form"
)

func TestCheckDraft_Lengths(t *testing.T) {
	t.Parallel()
	f := parse(t, `
name: t
title: T
fields:
  - {name: a, label: A, max_length: 10}
  - {name: b, label: B, type: long_text, max_length: 10000}
  - {name: c, label: C, type: long_text, max_length: 10000}
reasons:
  - {code: r, label: R, class: retry, text: R.}
`)
	for name, test := range map[string]struct {
		given form.Input
		want  []string
	}{
		"twice as long":  {form.Input{"a": {strings.Repeat("ệ", 20)}}, nil},
		"longer":         {form.Input{"a": {strings.Repeat("x", 21)}}, []string{"a"}},
		"64 KiB":         {form.Input{"a": {"xxxx"}, "b": {strings.Repeat("ệ", 11_000)}, "c": {strings.Repeat("ệ", 10_844)}}, nil},
		"more than that": {form.Input{"a": {"xxxxx"}, "b": {strings.Repeat("ệ", 11_000)}, "c": {strings.Repeat("ệ", 10_844)}}, []string{"b"}},
		"not asked":      {form.Input{"z": {strings.Repeat("x", 100_000)}}, nil},
	} {
		wrong, _ := errors.AsType[form.Invalid](f.CheckDraft(test.given))
		var got []string
		for field := range wrong {
			got = append(got, field)
			if wrong[field].Code != form.CodeTooLong || wrong[field].Message == "" {
				t.Errorf("%s: %+v", name, wrong[field])
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %v are too long, want %v", name, got, test.want)
		}
	}
}
