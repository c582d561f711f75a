package numbers

import (
	"math"
	"time"
)

// Durations counts lengths of time in buckets of fixed bounds, so that the counts of any two ranges can be added: a bucket ends at
// 1.19 times its beginning, four of them double the time, and the first begins at a second. The database has the same bounds, in
// its function rollup_bucket.
type Durations []int64

const bucketsPerDoubling = 4

// bucketBegin is where a bucket begins; shift moves into it, up to 1 for its end.
func bucketBegin(bucket int, shift float64) time.Duration {
	return time.Duration(math.Exp2((float64(bucket)+shift)/bucketsPerDoubling) * float64(time.Second))
}

// Add adds other counts to these, or takes them away where sign is -1.
func (d *Durations) Add(more Durations, sign int64) {
	if grow := len(more) - len(*d); grow > 0 {
		*d = append(*d, make(Durations, grow)...)
	}
	for bucket, n := range more {
		(*d)[bucket] += sign * n
	}
}

// AddTo adds n to the count of a bucket.
func (d *Durations) AddTo(bucket int, n int64) {
	if grow := bucket + 1 - len(*d); grow > 0 {
		*d = append(*d, make(Durations, grow)...)
	}
	(*d)[bucket] += n
}

// Count is how many lengths of time were counted.
func (d Durations) Count() (count int64) {
	for _, n := range d {
		count += n
	}
	return count
}

// Quantile is a time that a share of the lengths of time does not exceed, from 0 to 1, exact to a bucket. It is 0 when nothing
// was counted.
func (d Durations) Quantile(share float64) time.Duration {
	rank, below := share*float64(d.Count()), 0.0
	for bucket, count := range d {
		n := float64(count)
		if below+n >= rank && n > 0 {
			return bucketBegin(bucket, (rank-below)/n)
		}
		below += n
	}
	return 0
}

const (
	usualShare = 0.8 // of tickets is decided within what is called usual
	usualLeast = 20  // decisions, or nothing is called usual
)

// usualSteps are the times that are named to customers.
var usualSteps = []time.Duration{
	10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 4 * time.Hour, 6 * time.Hour, 8 * time.Hour, 12 * time.Hour,
	24 * time.Hour, 48 * time.Hour, 3 * 24 * time.Hour, 4 * 24 * time.Hour, 5 * 24 * time.Hour, 7 * 24 * time.Hour, 14 * 24 * time.Hour,
}

// Usual is the time within which four of five were decided, rounded up to one that people say. It is 0 when there are too few
// to tell, or when that time is longer than two weeks.
func (d Durations) Usual() time.Duration {
	if d.Count() < usualLeast {
		return 0
	}
	exact := d.Quantile(usualShare)
	for _, step := range usualSteps {
		if exact <= step {
			return step
		}
	}
	return 0
}
