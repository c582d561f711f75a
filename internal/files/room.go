package files

import "sync"

const (
	roomMost  = 128 << 20    // bytes of files that are on their way, of all users together: forty photos of three megabytes
	shareMost = roomMost / 4 // of one user, whose page sends a few photos at once
)

// room is the memory for files that are on their way. Whoever sends slowly holds theirs for minutes, and so nobody may hold
// all of it.
type room struct {
	mu     sync.Mutex // guards what follows
	taken  int64
	shares map[string]int64 // by user
}

func newRoom() *room { return &room{shares: map[string]int64{}} }

// take reports whether there was room for so many bytes of a user, who holds it until they leave.
func (r *room) take(user string, bytes int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.taken+bytes > roomMost || r.shares[user]+bytes > shareMost {
		return false
	}
	r.taken += bytes
	r.shares[user] += bytes
	return true
}

func (r *room) leave(user string, bytes int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.taken -= bytes
	if r.shares[user] -= bytes; r.shares[user] == 0 {
		delete(r.shares, user)
	}
}
