package listing

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

func FuzzCursor(f *testing.F) {
	l := &Lists{Secret: make([]byte, 32)}
	good := ticket.Cursor{At: time.UnixMilli(1764000000123), ID: uuid.New()}
	f.Add(l.Sign(good, "queue", "processing"), "queue")
	f.Add(l.Sign(good, "queue", "processing")+"A", "queue")
	f.Add("", "own")
	f.Fuzz(func(t *testing.T, text, list string) {
		c, err := l.ParseCursor(text, list, "processing")
		if err == nil && text != "" && l.Sign(c, list, "processing") != text {
			t.Errorf("%q is accepted, but we would never write it", text)
		}
	})
}

func TestCursor_OtherList(t *testing.T) {
	t.Parallel()
	l := &Lists{Secret: make([]byte, 32)}
	want := ticket.Cursor{At: time.UnixMilli(1764000000123), ID: uuid.New()}
	text := l.Sign(want, "queue", "processing", "")
	if got, err := l.ParseCursor(text, "queue", "processing", ""); err != nil || got != want {
		t.Errorf("cursor %v, %v; want %v", got, err, want)
	}
	for _, list := range [][]string{{"queue", "approved", ""}, {"queue", "processing"}, {"queue", "", "processing"}, nil} {
		if _, err := l.ParseCursor(text, list...); err == nil {
			t.Errorf("it is accepted for the list %q", list)
		}
	}
}

func TestCursor_Number(t *testing.T) {
	t.Parallel()
	l := &Lists{Secret: make([]byte, 32)}
	const want = 1_000_000_123
	text := l.SignNumber(want, "events")
	if got, err := l.ParseNumber(text, "events"); err != nil || got != want {
		t.Errorf("number %d, %v; want %d", got, err, want)
	}
	if got, err := l.ParseNumber("", "events"); err != nil || got != 0 {
		t.Errorf("without a cursor: %d, %v; want the beginning", got, err)
	}
	for _, bad := range []string{text + "A", text[1:], "x", l.SignNumber(want, "other"), l.Sign(ticket.Cursor{At: time.UnixMilli(want)}, "events")} {
		if _, err := l.ParseNumber(bad, "events"); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}
