package form_test

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

// trials are answers that people gave to forms, a JSON object each: how docket keeps them, or that it does not.
//
//go:embed testdata/trials/fields.jsonl
var trials []byte

func TestCheck_WhatPeopleSend(t *testing.T) {
	t.Parallel()
	lines := bytes.Split(bytes.TrimSpace(trials), []byte("\n"))
	for _, line := range lines {
		var trial struct {
			Field, Input, Form string
			Kept               *string
		}
		if err := json.Unmarshal(line, &trial); err != nil {
			t.Fatal(err)
		}
		field := fieldOfTrial(t, trial.Form, trial.Field)
		kept, problem := field.Check([]string{trial.Input}, noon)
		switch {
		case trial.Kept == nil && problem.Code == "":
			t.Errorf("%s %+q is kept as %+q", trial.Field, trial.Input, kept)
		case trial.Kept != nil && (problem.Code != "" || len(kept) != 1 || kept[0] != *trial.Kept):
			t.Errorf("%s %+q is kept as %+q, %v, want %+q", trial.Field, trial.Input, kept, problem, *trial.Kept)
		}
	}
}

// fieldOfTrial is the field of the built-in form, or one of a form that a trial describes.
func fieldOfTrial(t *testing.T, described, name string) *form.Field {
	t.Helper()
	if described == "number, decimals: 2, page" {
		field, _ := parse(t, oneField("type: number\ndecimals: 2")).Field("a")
		return &field
	}
	field, ok := formfile.Default().Field(name)
	if !ok {
		t.Fatalf("the built-in form has no field %s", name)
	}
	return &field
}
