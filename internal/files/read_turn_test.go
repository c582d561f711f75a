package files

import (
	"image"
	"log/slog"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"sync"
	"testing"
	"time"

	"docket/internal/evidence"
	"docket/internal/form"
	"docket/internal/photo"
	"docket/internal/testkit/testpicture"
)

// codePhoto is a photo of a card with a code, and codeField what reads it.
var (
	codePhoto = sync.OnceValue(func() []byte {
		img := testpicture.Front(testpicture.Anna, 1000)
		testpicture.WithCode(img, testpicture.VietnameseCard, image.Pt(500, 250), 260)
		return testpicture.JPEG(img, 85)
	})
	codeField = form.Field{Name: "front", Type: form.Image, Readers: []string{evidence.QR}}
)

// arrived is an upload whose bytes are there.
func arrived(t *testing.T, f *Files, user string, data []byte) *spool {
	t.Helper()
	body := &spool{files: f, user: user}
	if _, err := body.Write(data); err != nil {
		t.Fatal(err)
	}
	return body
}

// TestRead_WhileOthersWait reads no photo for what it says while many wait with theirs, nor for longer than it may take.
func TestRead_WhileOthersWait(t *testing.T) {
	t.Parallel()
	f := New(nil, nil, slog.New(slog.DiscardHandler), Hooks{})
	f.ReadTime = time.Minute
	f.turns = newTurnQueue(1)
	f.turns.join("ann")
	wait := func(users int) {
		for range users {
			f.turns.join("user " + strconv.Itoa(f.turns.countWaiting()))
		}
	}
	for _, c := range []struct {
		more int // users who wait beside those before
		time time.Duration
		want bool
	}{{0, time.Minute, true}, {0, 0, false}, {maxWaitingForRead, time.Minute, true}, {1, time.Minute, false}} {
		wait(c.more)
		f.ReadTime = c.time
		content, err := f.checkContent(t.Context(), codeField, codePhoto())
		if err != nil {
			t.Fatal(err)
		}
		if got := len(content.reading.Values) > 0; got != c.want {
			t.Errorf("%d wait, %v for a reader: read %v, want %v", f.turns.countWaiting(), c.time, got, c.want)
		}
	}
}

// TestRead_InTurn reads a photo only in its user's turn.
func TestRead_InTurn(t *testing.T) {
	t.Parallel()
	f := New(nil, nil, slog.New(slog.DiscardHandler), Hooks{})
	f.turns = newTurnQueue(1)
	end, err := f.turns.wait(t.Context(), "ann")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	body := arrived(t, f, "bob", codePhoto())
	go func() {
		_, release, err := f.readContent(t.Context(), Upload{UserID: "bob", Field: codeField}, body)
		if err == nil {
			release()
		}
		done <- err
	}()
	for f.turns.countWaiting() == 0 {
		select {
		case <-done:
			t.Fatal("it was read while it was another user's turn")
		default:
			runtime.Gosched()
		}
	}
	end()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if f.turns.free != 1 {
		t.Error("the turn is not given back")
	}
}

// TestRead_MemoryOfMany reads the photos of a hundred users at once in the memory of as many as have a turn. Not parallel: it measures the heap.
func TestRead_MemoryOfMany(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(30)) // what is measured is then little more than what is in use
	f := New(nil, nil, slog.New(slog.DiscardHandler), Hooks{})
	data, plain := testpicture.JPEG(testpicture.Front(testpicture.Anna, 400), 85), form.Field{Name: "front", Type: form.Image}
	read := func(users int) uint64 {
		return peakHeap(func() {
			var all sync.WaitGroup
			for i := range users {
				user := strconv.Itoa(i)
				all.Go(func() {
					body := &spool{files: f, user: user}
					defer body.close()
					if _, err := body.Write(data); err != nil {
						t.Error(err)
						return
					}
					_, release, err := f.readContent(t.Context(), Upload{UserID: user, Field: plain}, body)
					if err != nil {
						t.Error(err)
						return
					}
					release()
				})
			}
			all.Wait()
		})
	}
	few := read(2 * photo.MaxReads())
	if many := read(100); many > 3*few {
		t.Errorf("%d bytes at once for a hundred, %d for %d", many, few, 2*photo.MaxReads())
	}
}

// peakHeap returns how many bytes of the heap were taken at once, at most, while do ran, beside those before.
func peakHeap(do func()) uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	take := func() uint64 {
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	debug.FreeOSMemory() // after a collection
	before, most, done := take(), uint64(0), make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	for ticks := time.NewTicker(time.Millisecond); ; {
		select {
		case <-done:
			ticks.Stop()
			return max(most, take()) - min(before, max(most, take()))
		case <-ticks.C:
			most = max(most, take())
		}
	}
}
