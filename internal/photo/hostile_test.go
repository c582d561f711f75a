package photo_test

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"docket/internal/photo"
	"docket/internal/testkit/testpicture"
)

// Not parallel: it measures what the whole process takes.
func TestRead_HostileFilesTakeNoMemory(t *testing.T) {
	refused := map[string]error{
		"empty_file": photo.ErrEmpty, "file_too_large": photo.ErrTooLarge, "not_a_picture": photo.ErrType, "heic": photo.ErrHEIC,
		"broken_file": photo.ErrBroken, "few_pixels": photo.ErrFewPixels, "many_pixels": photo.ErrManyPixels,
		"unreadable_coding": photo.ErrCoding,
	}
	for _, file := range testpicture.Hostile() {
		t.Run(file.Name, func(t *testing.T) {
			before := allocated()
			p, err := photo.Read(t.Context(), file.Data, nil)
			taken := allocated() - before
			if !errors.Is(err, refused[file.Want]) || errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v, want %v", err, refused[file.Want])
			}
			if p.JPEG != nil || p.Signals != (photo.Signals{}) {
				t.Error("a refused file left something")
			}
			if taken > file.MaxMemory {
				t.Errorf("%d bytes were taken, at most %d may be", taken, file.MaxMemory)
			}
		})
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}
