package files

import "sync"

// memoryBudget bounds the memory for uploads. A slow sender holds theirs for minutes, so no user may hold all of it.
type memoryBudget struct {
	mu       sync.Mutex // guards what follows
	reserved int64
	byUser   map[string]int64
}

func newMemoryBudget() *memoryBudget { return &memoryBudget{byUser: map[string]int64{}} }

// reserve reports whether so many bytes are free for a user, and reserves them until release.
func (m *memoryBudget) reserve(userID string, bytes int64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.reserved+bytes > maxMemory || m.byUser[userID]+bytes > maxMemoryPerUser {
		return false
	}
	m.reserved += bytes
	m.byUser[userID] += bytes
	return true
}

func (m *memoryBudget) release(userID string, bytes int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reserved -= bytes
	if m.byUser[userID] -= bytes; m.byUser[userID] == 0 {
		delete(m.byUser, userID)
	}
}
