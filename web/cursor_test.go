package web

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

func FuzzACursorIsOneOfOursOrRefused(f *testing.F) {
	s := &Server{Config: Config{Secret: make([]byte, 32)}}
	good := ticket.Cursor{At: time.UnixMilli(1764000000123), ID: uuid.New()}
	f.Add(s.sign(good, "queue", "processing"), "queue")
	f.Add(s.sign(good, "queue", "processing")+"A", "queue")
	f.Add("", "own")
	f.Fuzz(func(t *testing.T, text, list string) {
		c, err := s.cursor(text, list, "processing")
		if err == nil && text != "" && s.sign(c, list, "processing") != text {
			t.Errorf("%q is accepted, but we would never write it", text)
		}
	})
}

func TestACursorIsGoodForItsOwnListAlone(t *testing.T) {
	t.Parallel()
	s := &Server{Config: Config{Secret: make([]byte, 32)}}
	want := ticket.Cursor{At: time.UnixMilli(1764000000123), ID: uuid.New()}
	text := s.sign(want, "queue", "processing", "")
	if got, err := s.cursor(text, "queue", "processing", ""); err != nil || got != want {
		t.Errorf("cursor %v, %v; want %v", got, err, want)
	}
	for _, list := range [][]string{{"queue", "approved", ""}, {"queue", "processing"}, {"queue", "", "processing"}, nil} {
		if _, err := s.cursor(text, list...); err == nil {
			t.Errorf("it is accepted for the list %q", list)
		}
	}
}
