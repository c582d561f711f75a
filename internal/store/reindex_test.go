package store_test

import (
	"testing"

	"docket/internal/store"
)

// TestBeginIndex_FirstOfAll notes under what tickets are indexed while there is none, and afterwards only what was indexed again.
func TestBeginIndex_FirstOfAll(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	begin := func(fingerprint string) {
		t.Helper()
		if err := store.BeginIndex(t.Context(), p, []byte(fingerprint)); err != nil {
			t.Fatal(err)
		}
	}
	wants := func(when, fingerprint string, want bool) {
		t.Helper()
		if indexed, err := store.Indexes(t.Context(), p, []byte(fingerprint)); err != nil || indexed != want {
			t.Errorf("%s: indexed under %s is %v (%v), want %v", when, fingerprint, indexed, err, want)
		}
	}
	wants("before anything is known", "first", true)
	begin("first")
	wants("without a ticket", "second", false)
	begin("second")
	wants("without a ticket", "second", true)
	submit(t, d, "ann")
	begin("third")
	wants("with a ticket", "second", true)
	wants("with a ticket", "third", false)
	if err := store.EndIndex(t.Context(), p, []byte("third")); err != nil {
		t.Fatal(err)
	}
	wants("when they are indexed again", "third", true)
}
