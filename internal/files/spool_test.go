package files

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"testing"

	"docket/internal/ticket"
)

// Not parallel: it sets the folder of temporary files.
func TestSpool_MovesToFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	f := New(nil, nil, slog.New(slog.DiscardHandler), Hooks{})
	s := &spool{files: f, user: "ann"}
	part := bytes.Repeat([]byte("x"), maxInMemory/2)
	for i, want := range []struct{ memory, disk int64 }{{maxInMemory / 2, 0}, {maxInMemory, 0}, {0, 3 * maxInMemory / 2}} {
		if _, err := s.Write(part); err != nil {
			t.Fatal(err)
		}
		if f.memory.reserved != want.memory || f.disk.reserved != want.disk {
			t.Errorf("after part %d: %d bytes of memory and %d of disk are taken, want %v", i+1, f.memory.reserved, f.disk.reserved, want)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("the temporary file has a name: %v, %v", left, err)
	}
	data, err := s.bytes()
	if err != nil || !bytes.Equal(data, bytes.Repeat(part, 3)) {
		t.Errorf("got %d bytes, %v, want what was written", len(data), err)
	}
	for range 2 {
		s.close()
	}
	if f.memory.reserved != 0 || f.disk.reserved != 0 || len(f.memory.byUser)+len(f.disk.byUser) != 0 {
		t.Errorf("%d bytes of memory and %d of disk are still taken", f.memory.reserved, f.disk.reserved)
	}
}

func TestSpool_NoDiskLeft(t *testing.T) { // not parallel, as above
	dir := t.TempDir()
	t.Setenv("TMPDIR", "/nowhere")
	f := New(nil, nil, slog.New(slog.DiscardHandler), Hooks{})
	s := &spool{files: f, user: "ann"}
	if _, err := s.Write(make([]byte, maxInMemory+1)); !errors.Is(err, ErrStorage) {
		t.Errorf("no folder for it: got %v, want ErrStorage", err)
	}
	t.Setenv("TMPDIR", dir)
	f.disk.most = maxInMemory
	if _, err := s.Write(make([]byte, maxInMemory+1)); !errors.Is(err, ticket.ErrOverloaded) {
		t.Errorf("no disk left: got %v, want ErrOverloaded", err)
	}
	s.close()
	if f.memory.reserved != 0 || f.disk.reserved != 0 {
		t.Errorf("%d bytes of memory and %d of disk are still taken", f.memory.reserved, f.disk.reserved)
	}
}
