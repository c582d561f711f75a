package chaos_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"docket/internal/pgdev"
)

// TestDisk_Full gives the primary a small disk and fills it.
func TestDisk_Full(t *testing.T) {
	t.Parallel()
	r := startDatabases(t, 1)
	disk := r.moveToSmallDisk(t)
	r.docket = startServer(t, r.db)
	l := startLoad(t, r.docket.url, r.key)
	l.waitForTraffic(100)
	free := fillDisk(t, disk)
	refused := l.refused.Load() + 100
	l.waitUntil(func() bool { return l.refused.Load() >= refused })
	free()
	r.cluster.Halt(pgdev.Primary) // it may have ended by itself when it could not write its log
	r.resume(t, pgdev.Primary)
	l.waitForTraffic(100)
	l.checkAnswers(answerLimit)
	l.checkNoRefusals("read")
	r.checkNothingLost(t, l)
}

// moveToSmallDisk moves the primary's data to a file system in memory with little free space; mounting it needs root.
func (r *rig) moveToSmallDisk(t *testing.T) (disk string) {
	t.Helper()
	if err := r.connect(t, r.db.Primary).QueryRow(t.Context(), "SHOW data_directory").Scan(&disk); err != nil {
		t.Fatal(err)
	}
	r.cluster.Halt(pgdev.Primary)
	aside := disk + ".aside"
	if err := os.Rename(disk, aside); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(disk, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("docket-test", disk, "tmpfs", 0, "size=160m"); err != nil {
		t.Skipf("cannot mount a disk: %v", err)
	}
	t.Cleanup(func() {
		r.cluster.Halt(pgdev.Primary)
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	if out, err := exec.CommandContext(t.Context(), "cp", "-a", aside+"/.", disk).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	r.resume(t, pgdev.Primary)
	return disk
}

// fillDisk fills a disk until free is called.
func fillDisk(t *testing.T, disk string) (free func()) {
	t.Helper()
	name := filepath.Join(disk, "filler")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for block := make([]byte, 1<<16); err == nil; {
		_, err = file.Write(block)
	}
	return func() {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}
