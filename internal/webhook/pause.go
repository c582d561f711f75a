package webhook

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
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

// askedPause is how long a receiver asks to wait: so many seconds, or until a time; at most a day.
func askedPause(retryAfter string, now time.Time) time.Duration {
	seconds, err := strconv.ParseUint(retryAfter, 10, 31)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return min(time.Duration(seconds)*time.Second, mostPause)
	}
	until, err := http.ParseTime(retryAfter)
	if err != nil {
		return 0
	}
	return min(max(until.Sub(now), 0), mostPause)
}

// pauseOf is how long nothing is sent to a receiver that has not answered so many times in a row.
func pauseOf(failures int) time.Duration {
	if failures < probesAfter {
		return 0
	}
	return min(pauseAfter(failures-probesAfter+1), probePause)
}
