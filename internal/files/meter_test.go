package files

import (
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"

	"docket/internal/ticket"
)

func TestMeter_TextsOfOneUser(t *testing.T) {
	t.Parallel()
	f := New(nil, nil, slog.New(slog.DiscardHandler), Hooks{})
	text := strings.Repeat("x", 1<<20)
	read := func(user string) (*Meter, error) {
		m := f.NewMeter(user, strings.NewReader(text))
		_, err := io.Copy(io.Discard, m)
		return m, err
	}
	var open []*Meter
	for range 6 { // a fifth of maxMemory
		m, err := read("ann")
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, m)
	}
	m, err := read("ann")
	if !errors.Is(err, ticket.ErrOverloaded) {
		t.Errorf("a seventh megabyte: got %v, want ErrOverloaded", err)
	}
	m.Pause(true)
	if _, err := io.Copy(io.Discard, m); err != nil {
		t.Errorf("a file: %v", err)
	}
	if other, err := read("bob"); err != nil {
		t.Errorf("another user: %v", err)
	} else {
		open = append(open, other)
	}
	for _, m := range append(open, m) {
		m.Release()
	}
	if f.memory.reserved != 0 {
		t.Errorf("%d bytes are still taken", f.memory.reserved)
	}
}
