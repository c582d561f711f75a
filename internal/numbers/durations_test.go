package numbers

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// bucketOf is the bucket of a length of time, as the database counts it.
func bucketOf(d time.Duration) int {
	return int(math.Floor(bucketsPerDoubling * math.Log2(max(d.Seconds(), 1))))
}

func TestQuantile_NearTheExact(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var all []time.Duration
		var counted Durations
		for range 1 + random.IntN(3000) {
			d := time.Duration(math.Exp(random.Float64()*14) * float64(time.Second))
			all = append(all, d)
			counted.AddTo(bucketOf(d), 1)
		}
		slices.Sort(all)
		for _, share := range []float64{0.5, 0.8, 0.95, 1} {
			exact := all[max(0, int(math.Ceil(share*float64(len(all))))-1)]
			if ratio := counted.Quantile(share).Seconds() / exact.Seconds(); ratio < 0.84 || ratio > 1.19 {
				t.Errorf("%d lengths, share %v: %v is not near %v", len(all), share, counted.Quantile(share), exact)
			}
		}
	}
}

func TestQuantile_Nothing(t *testing.T) {
	t.Parallel()
	if got := (Durations{}).Quantile(0.5); got != 0 {
		t.Errorf("the median of nothing is %v, want 0", got)
	}
}

func TestUsual_EnoughAndRound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		each time.Duration
		n    int64
		want time.Duration
	}{
		{time.Minute, 19, 0},
		{time.Minute, 20, 10 * time.Minute},
		{150 * time.Minute, 20, 3 * time.Hour},
		{20 * time.Hour, 500, 24 * time.Hour},
		{30 * 24 * time.Hour, 500, 0},
	} {
		var waits Durations
		waits.AddTo(bucketOf(c.each), c.n)
		if got := waits.Usual(); got != c.want {
			t.Errorf("%d times %v: %v, want %v", c.n, c.each, got, c.want)
		}
	}
}
