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
	first, again := answerMaker{seed: 1, every: 7}, answerMaker{seed: 1, every: 7}
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

func TestAnswers_AsManyAreRare(t *testing.T) {
	t.Parallel()
	for _, tickets := range []int{10_000, 100_000} {
		maker, found := answersOfHistory(1, tickets), map[string]int{}
		for n := range tickets {
			answers := maker.answersOf(n + 1)
			for _, rare := range []string{`"sex":"x"`, `"full_name":"Quách `, `"document_number":"QQ`} {
				if bytes.Contains(answers, []byte(rare)) {
					found[rare]++
				}
			}
		}
		for rare, n := range found {
			if len(found) != 3 || n < rareTickets || n > rareTickets*11/10 {
				t.Errorf("of %d tickets %d have %s, want about %d", tickets, n, rare, rareTickets)
			}
		}
	}
}
