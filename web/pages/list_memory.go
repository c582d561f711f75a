package pages

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"docket/web/request"
)

// listTick is the pace at which consoles learn of changes: those of one tick are told at its end, and read the list again after
// that. So a list that was read since the tick began has every change that a console was told of.
const listTick = 1900 * time.Millisecond

// tickOf is the number of the tick of a time.
func tickOf(t time.Time) int64 { return t.UnixNano() / int64(listTick) }

// leftOfTick is how long the tick of a time still lasts.
func leftOfTick(t time.Time) time.Duration {
	return listTick - time.Duration(t.UnixNano()%int64(listTick))
}

// mostLists is how many lists are kept in one tick.
const mostLists = 100

// listMemory keeps the lists that were finished since the tick began, for other consoles that show the same.
type listMemory struct {
	flights  singleflight.Group
	notified func() int64 // how many changes this instance was notified of
	written  atomic.Int64 // how many requests that may write were answered

	mu    sync.Mutex // guards what follows
	age   listAge
	lists map[string]finishedList
}

// listAge is what makes a list too old: the next tick, or a write by way of this instance, whose agent sees it at once.
type listAge struct {
	tick   int64
	writes int
}

// Forget drops every list: something was written.
func (m *listMemory) Forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.age.writes++
	m.lists = nil
}

// get returns the list of a key, which finish makes: with every change that is known, or with ofTick those before the tick. It is made
// once for all who ask at the same time; one of them may leave meanwhile.
func (m *listMemory) get(ctx context.Context, key string, now time.Time, ofTick bool, finish func(context.Context) (finishedList, error)) (finishedList, error) {
	changes := m.notified() + m.written.Load()
	age, list, known := m.find(key, now)
	if known && (ofTick || list.changes == changes) {
		return list, nil
	}
	flight := age.flight(key)
	if !ofTick {
		flight += " " + strconv.FormatInt(changes, 10)
	}
	value, err, _ := m.flights.Do(flight, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), request.Timeout)
		defer cancel()
		list, err := finish(ctx)
		if list.changes = changes; err == nil {
			m.keep(age, key, list)
		}
		return list, err
	})
	list, _ = value.(finishedList)
	return list, err
}

func (m *listMemory) find(key string, now time.Time) (listAge, finishedList, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if tick := tickOf(now); tick != m.age.tick {
		m.age.tick, m.lists = tick, nil
	}
	list, known := m.lists[key]
	return m.age, list, known
}

// keep keeps a list that was begun at an age, unless it is too old meanwhile.
func (m *listMemory) keep(age listAge, key string, list finishedList) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if age != m.age || len(m.lists) >= mostLists || m.lists[key].changes > list.changes {
		return
	}
	if m.lists == nil {
		m.lists = map[string]finishedList{}
	}
	m.lists[key] = list
}

// flight is the key of a list of this age.
func (a listAge) flight(key string) string {
	return strconv.FormatInt(a.tick, 10) + " " + strconv.Itoa(a.writes) + " " + key
}
