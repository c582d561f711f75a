package pgdev_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// TestStop_LockCopied: a process that is started while a cluster stops has a copy of its lock for a moment.
func TestStop_LockCopied(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := start(t, dir)
	copyFile(t, filepath.Join(dir, "owner.lock"))
	stop(t, c)
	stop(t, start(t, dir))
}

// copyFile copies the descriptor of a file that the process has open, until the test ends.
func copyFile(t *testing.T, name string) {
	t.Helper()
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if open, err := os.Readlink(link); err != nil || open != name {
			continue // another test has closed it, or it is another file
		}
		number, err := strconv.Atoi(filepath.Base(link))
		if err != nil {
			t.Fatal(err)
		}
		descriptor, err := unix.Dup(number)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unix.Close(descriptor) })
		return
	}
	t.Fatalf("%s is not open", name)
}
