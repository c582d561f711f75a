package chaos_test

import (
	"testing"

	"docket/internal/testkit/testdb"
)

// TestWhatTheNetworkBreaks breaks the way between docket and its primary under load.
func TestWhatTheNetworkBreaks(t *testing.T) {
	t.Parallel()
	r := newRigApart(t)
	for _, fault := range []struct {
		name   string
		breaks func(l *load)
	}{
		{"every connection is reset", func(l *load) { r.allMeet(testdb.Reset, l) }},
		{"nothing comes through, and nobody is told", func(l *load) { r.allMeet(testdb.Lose, l) }},
		{"the connections go silent, and new ones work", func(*load) { r.way.Swallow() }},
	} {
		t.Run(fault.name, func(t *testing.T) {
			l := begin(t, r.docket.url, r.key)
			l.goesOn(100)
			fault.breaks(l)
			l.goesOn(100)
			l.report(finally)
			r.kept(t, l)
		})
	}
}

// allMeet lets all bytes meet one fate until writes were refused and look-ups have gone on without the primary.
func (r *rig) allMeet(fate testdb.Fate, l *load) {
	r.way.Rule(func(testdb.Bytes) testdb.Fate { return fate })
	l.misses(20)
	r.way.Rule(nil)
}
