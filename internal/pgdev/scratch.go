package pgdev

import (
	"os"
	"syscall"
)

// Scratch is the best place for a cluster that nobody will miss: in memory where there is room, else the temporary folder.
func Scratch() string {
	const memory, roomy = "/dev/shm", 2 << 30 // bytes that a cluster and the databases of its tests fit in with ease
	var s syscall.Statfs_t
	if syscall.Statfs(memory, &s) == nil && uint64(s.Bavail)*uint64(s.Bsize) > roomy {
		return memory
	}
	return os.TempDir()
}
