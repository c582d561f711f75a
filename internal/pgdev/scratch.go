package pgdev

import (
	"os"
	"syscall"
)

// ScratchDir returns the parent folder for a temporary cluster: in memory if there is space, else the temporary folder.
func ScratchDir() string {
	const memory, needed = "/dev/shm", 2 << 30 // bytes, enough for a cluster and the databases of its tests
	var s syscall.Statfs_t
	if syscall.Statfs(memory, &s) == nil && uint64(s.Bavail)*uint64(s.Bsize) > needed {
		return memory
	}
	return os.TempDir()
}
