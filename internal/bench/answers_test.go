package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"testing"
	"time"

	"docket/internal/testkit/testsite"
)

func TestAnswersAreOnesThatTheFormTakes(t *testing.T) {
	t.Parallel()
	first, again := answers{seed: 1}, answers{seed: 1}
	for n := range 500 {
		b := first.of(n)
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
		if !bytes.Equal(b, again.of(n)) {
			t.Error("the same number gave other answers")
		}
	}
}
