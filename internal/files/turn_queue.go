package files

import (
	"context"
	"slices"
	"sync"
)

// turnQueue gives out a few turns at a time. A user has one turn at a time, and users take turns: however many a user waits for,
// another one waits for one of them at most.
type turnQueue struct {
	mu      sync.Mutex // guards what follows
	free    int        // turns
	active  map[string]bool
	waiting map[string][]chan struct{} // user → what is closed when the turn comes, first come first
	order   []string                   // users who wait, the next first
}

func newTurnQueue(turns int) *turnQueue {
	return &turnQueue{free: turns, active: map[string]bool{}, waiting: map[string][]chan struct{}{}}
}

// wait waits for a turn of a user and returns how to end it; it returns the error of ctx when that ends first.
func (q *turnQueue) wait(ctx context.Context, user string) (end func(), err error) {
	turn := q.join(user)
	select {
	case <-turn:
		return func() { q.end(user) }, nil
	case <-ctx.Done():
		q.leave(user, turn)
		return nil, ctx.Err()
	}
}

func (q *turnQueue) join(user string) (turn chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	turn = make(chan struct{})
	if len(q.waiting[user]) == 0 {
		q.order = append(q.order, user)
	}
	q.waiting[user] = append(q.waiting[user], turn)
	q.startTurns()
	return turn
}

// countWaiting returns how many users wait.
func (q *turnQueue) countWaiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.order)
}

// leave takes back a request for a turn, or the turn when it has come meanwhile.
func (q *turnQueue) leave(user string, turn chan struct{}) {
	q.mu.Lock()
	i := slices.Index(q.waiting[user], turn)
	if i >= 0 {
		q.remove(user, i)
	}
	q.mu.Unlock()
	if i < 0 {
		q.end(user)
	}
}

func (q *turnQueue) end(user string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.active, user)
	q.free++
	if i := slices.Index(q.order, user); i >= 0 { // the others come first now
		q.order = append(slices.Delete(q.order, i, i+1), user)
	}
	q.startTurns()
}

// startTurns starts what can be started. The caller holds mu.
func (q *turnQueue) startTurns() {
	for i := 0; i < len(q.order) && q.free > 0; {
		user := q.order[i]
		if q.active[user] {
			i++
			continue
		}
		q.free--
		q.active[user] = true
		close(q.waiting[user][0])
		q.remove(user, 0)
	}
}

// remove removes one request of a user; the user's next one queues behind the others. The caller holds mu.
func (q *turnQueue) remove(user string, i int) {
	q.waiting[user] = slices.Delete(q.waiting[user], i, i+1)
	at := slices.Index(q.order, user)
	if len(q.waiting[user]) == 0 {
		delete(q.waiting, user)
		q.order = slices.Delete(q.order, at, at+1)
	} else if i == 0 {
		q.order = append(slices.Delete(q.order, at, at+1), user)
	}
}
