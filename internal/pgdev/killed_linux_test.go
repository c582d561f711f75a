package pgdev_test

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestKilledOwner_LeavesNoPostgres(t *testing.T) {
	t.Parallel()
	kill, words := owner(t, folder(t))
	var nodes []unix.PollFd
	for range 2 {
		words.Scan()
		fd, err := unix.PidfdOpen(postmaster(t, words.Text()), 0)
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(fd)
		nodes = append(nodes, unix.PollFd{Fd: int32(fd), Events: unix.POLLIN})
	}
	kill()
	for i := range nodes {
		ended, err := unix.Poll(nodes[i:i+1], int((20 * time.Second).Milliseconds()))
		if err != nil || ended != 1 {
			t.Errorf("node %d still runs after its owner was killed (%v)", i, err)
		}
	}
}
