package rollup

import "time"

// SettleAfter makes slots final after a shorter time, and Count go on until everything is counted.
func (r *Rollups) SettleAfter(d time.Duration) { r.settle, r.patience = d, time.Hour }
