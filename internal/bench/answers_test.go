package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"testing"
	"time"

	"docket/internal/testkit/testsite"
)

func TestAnswers_ValidForBuiltInForm(t *testing.T) {
	t.Parallel()
	first, again := answerMaker{seed: 1}, answerMaker{seed: 1}
	for n := range 500 {
		b := first.answersOf(n)
		var members map[string]json.RawMessage
		if err := json.Unmarshal(b, &members); err != nil {
			t.Fatal(err)
		}
		if _, err := testsite.Form().CheckJSON(maps.All(members), time.Now()); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if len(b) < 500 || len(b) > 700 {
			t.Errorf("%d bytes, want about 600: %s", len(b), b)
		}
		if !bytes.Equal(b, again.answersOf(n)) {
			t.Error("the same number gave other answerMaker")
		}
	}
}
