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
		{"Reset", func(l *load) { r.applyAction(testdb.Reset, l) }},
		{"BlackHole", func(l *load) { r.applyAction(testdb.BlackHole, l) }},
		{"OldConnectionsSilent", func(*load) { r.relay.Silence() }},
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

// applyAction applies one action to all bytes until writes were refused and look-ups were answered without the primary.
func (r *rig) applyAction(action testdb.Action, l *load) {
	r.relay.SetRule(func(testdb.Bytes) testdb.Action { return action })
	l.waitForRefusals(20)
	r.relay.SetRule(nil)
}
