package chaos_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"docket/internal/pgdev"
)

// TestAFullDiskRefusesWritesAndLosesNothing gives the primary a disk of its own, and fills it.
func TestAFullDiskRefusesWritesAndLosesNothing(t *testing.T) {
	t.Parallel()
	r := databases(t)
	disk := r.moveToADisk(t)
	r.docket = serve(t, r.db)
	l := begin(t, r.docket.url, r.key)
	l.goesOn(100)
	free := fill(t, disk)
	refused := l.refused.Load() + 100
	l.sees(func() bool { return l.refused.Load() >= refused })
	free()
	r.cluster.Halt(pgdev.Primary) // it may have ended by itself, for want of room for its log
	r.resume(t, pgdev.Primary)
	l.goesOn(100)
	l.report(promptly)
	l.unbroken("read")
	r.kept(t, l)
}

// moveToADisk moves the primary's data to a file system that is little larger, in memory; only root may make one.
func (r *rig) moveToADisk(t *testing.T) (disk string) {
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
		t.Skipf("no disk can be made here: %v", err)
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

// fill leaves no room on a disk until free is called.
func fill(t *testing.T, disk string) (free func()) {
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
