package webhook

import (
	"math/rand/v2"
	"time"
)

const (
	leastPause  = 5 * time.Second
	mostPause   = 24 * time.Hour
	probePause  = time.Minute // the longest time in which nothing is sent to a receiver that does not answer
	probesAfter = 3           // attempts in a row without an answer after which one event at a time is tried
)

// pauseAfter is how long an event waits after so many attempts have failed: five seconds after the first, then twice as long each time,
// and up to a quarter more, so that not all are tried at once; at most a day.
func pauseAfter(attempts int) time.Duration {
	pause := min(leastPause<<min(max(attempts, 1)-1, 20), mostPause*4/5)
	return pause + rand.N(pause/4)
}

// pauseOf is how long nothing is sent to a receiver that has not answered so many times in a row.
func pauseOf(failures int) time.Duration {
	if failures < probesAfter {
		return 0
	}
	return min(pauseAfter(failures-probesAfter+1), probePause)
}
