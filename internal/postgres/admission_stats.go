package postgres

import "time"

// AdmissionStats says how many requests wait for a connection of a pool.
type AdmissionStats struct {
	Waiting int64         // now
	Refused int64         // since the pool was opened, because there was no connection
	Waited  time.Duration // of all waits since then, together
}

// AdmissionStats returns the statistics of a pool.
func (p *Pool) AdmissionStats() AdmissionStats {
	a := p.admission
	return AdmissionStats{Waiting: a.waiting.Load(), Refused: a.refused.Load(), Waited: time.Duration(a.waited.Load())}
}
