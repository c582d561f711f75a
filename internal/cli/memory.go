package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	headroom  = 16 << 20 // bytes that the collector lets pile up before it runs
	leastGrow = 20       // percent of what is in use: when that is much, to run more often would cost too much
	mostGrow  = 400
)

// frugal gives the collector about the same headroom whatever is remembered. Go's own is as much as is in use: next to
// nothing for a docket that has just begun, which would collect all the time, and twice the memory for a full cache. One
// who sets GOGC knows better.
func frugal() {
	if os.Getenv("GOGC") == "" {
		tune(100)
	}
}

// tune sets the percentage anew whenever the collector has run, which is when it finds what nobody holds.
func tune(last int) {
	in := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(in)
	grow := growth(in[0].Value.Uint64())
	if grow != last {
		debug.SetGCPercent(grow)
	}
	runtime.AddCleanup(new([64]byte), tune, grow)
}

// growth is by how many percent what is in use may grow until the collector runs.
func growth(live uint64) int {
	return min(max(int(headroom*100/max(live, 1)), leastGrow), mostGrow)
}
