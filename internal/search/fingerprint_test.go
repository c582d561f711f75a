package search_test

import (
	"bytes"
	"strings"
	"testing"

	"docket/internal/form/formfile"
	"docket/internal/search"
)

const indexedForm = `name: f
title: F
fields:
  - {name: full_name, label: Name, type: text, search: true}
  - {name: number, label: Number, type: text}
reasons:
  - {code: other, label: Other, class: retry, text: No.}
`

func TestFingerprint_WhatIsFound(t *testing.T) {
	t.Parallel()
	fingerprint := func(text string, secret byte) []byte {
		t.Helper()
		f, err := formfile.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return search.NewIdentifier(bytes.Repeat([]byte{secret}, 32)).Fingerprint(f)
	}
	identity := strings.Replace(indexedForm, "label: Number, type: text", "label: Number, type: text, identity: true", 1)
	for name, c := range map[string]struct {
		was, is              string
		wasSecret, nowSecret byte
		same                 bool
	}{
		"another title":                     {indexedForm, strings.Replace(indexedForm, "title: F", "title: G", 1), 1, 1, true},
		"another secret without identities": {indexedForm, indexedForm, 1, 2, true},
		"another secret with one":           {identity, identity, 1, 2, false},
		"an identity":                       {indexedForm, identity, 1, 1, false},
		"another field":                     {indexedForm, strings.Replace(indexedForm, "label: Number, type: text", "label: Number, type: text, search: true", 1), 1, 1, false},
		"a telephone number":                {indexedForm, strings.Replace(indexedForm, "type: text, search", "type: tel, search", 1), 1, 1, false},
	} {
		if same := bytes.Equal(fingerprint(c.was, c.wasSecret), fingerprint(c.is, c.nowSecret)); same != c.same {
			t.Errorf("%s: the same is %v, want %v", name, same, c.same)
		}
	}
}
