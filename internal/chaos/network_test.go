package chaos_test

import (
	"testing"

	"docket/internal/testkit/testdb"
)

// TestNetwork_Faults breaks the network between docket and its primary under load.
func TestNetwork_Faults(t *testing.T) {
	t.Parallel()
	r := newRigWithRelay(t)
	for _, fault := range []struct {
		name   string
		breaks func(l *load)
	}{
		{"Reset", func(l *load) { r.applyFate(testdb.Reset, l) }},
		{"BlackHole", func(l *load) { r.applyFate(testdb.Lose, l) }},
		{"OldConnectionsSilent", func(*load) { r.relay.Swallow() }},
	} {
		t.Run(fault.name, func(t *testing.T) {
			l := startLoad(t, r.docket.url, r.key)
			l.waitForTraffic(100)
			fault.breaks(l)
			l.waitForTraffic(100)
			l.checkAnswers(requestLimit)
			r.checkNothingLost(t, l)
		})
	}
}

// applyFate applies one fate to all bytes until writes were refused and look-ups were answered without the primary.
func (r *rig) applyFate(fate testdb.Fate, l *load) {
	r.relay.Rule(func(testdb.Bytes) testdb.Fate { return fate })
	l.waitForRefusals(20)
	r.relay.Rule(nil)
}
