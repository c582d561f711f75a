package audit

import (
	"strings"
	"sync"
	"time"
)

// What an agent may see in a minute before it is a burst: more than a person can read.
const (
	maxTicketsOpened = 30
	maxFilesSeen     = 120
)

// viewCounter counts what each agent sees in a minute.
type viewCounter struct {
	mu    sync.Mutex // guards what follows
	began time.Time
	seen  map[string]*viewCount
}

type viewCount struct{ tickets, files int }

// reachesLimit counts an entry, if it is a view by an agent, and reports whether it is the first in this minute that is too many.
func (c *viewCounter) reachesLimit(e Entry, now time.Time) bool {
	if !strings.HasPrefix(e.Actor, "agent:") {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.began) >= time.Minute {
		c.began = now
		clear(c.seen)
	}
	counted, ok := c.seen[e.Actor]
	if !ok {
		counted = &viewCount{}
		c.seen[e.Actor] = counted
	}
	switch e.Action {
	case TicketOpened, UnclaimedOpened:
		counted.tickets++
		return counted.tickets == maxTicketsOpened+1
	case FileSeen:
		counted.files++
		return counted.files == maxFilesSeen+1
	}
	return false
}
