package files

import "sync"

// budget bounds what uploads take of something, memory or disk. A user gets no more than a share of what the others have left, so
// that however much a few hold, there is some for another.
type budget struct {
	most     int64 // bytes
	mu       sync.Mutex
	reserved int64            // guarded by mu
	byUser   map[string]int64 // guarded by mu
}

// share divides what is free. A user alone gets a fifth of the budget, two get a sixth each, and so on.
const share = 4

func newBudget(most int64) *budget { return &budget{most: most, byUser: map[string]int64{}} }

// reserve reports whether so many bytes are free for a user, and reserves them until release.
func (b *budget) reserve(user string, bytes int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.byUser[user]+bytes > (b.most-b.reserved)/share {
		return false
	}
	b.reserved += bytes
	b.byUser[user] += bytes
	return true
}

func (b *budget) release(user string, bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reserved -= bytes
	if b.byUser[user] -= bytes; b.byUser[user] <= 0 {
		delete(b.byUser, user)
	}
}
