package photo

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"docket/internal/testkit/testpicture"
)

// Not parallel: it takes the memory of all other reads for a moment.
func TestAcquireMemory_WholeMemory(t *testing.T) {
	leave, err := acquireMemory(t.Context(), maxMemory)
	if err != nil {
		t.Fatal(err)
	}
	if memoryLimit().TryAcquire(1) {
		t.Error("another is read beside it")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := acquireMemory(ended, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("who waits and ends gets %v", err)
	}
	leave()
	if !memoryLimit().TryAcquire(maxMemory) {
		t.Fatal("the memory is not given back")
	}
	memoryLimit().Release(maxMemory)
}

// hooked is a context that calls a function when its error is asked for.
type hooked struct {
	context.Context
	err func() error
}

func (h hooked) Err() error { return h.err() }

func TestRead_Timeout(t *testing.T) {
	t.Parallel()
	photo := testpicture.JPEG(testpicture.Front(testpicture.Anna, 800), 90)
	asked := 0
	ctx := hooked{t.Context(), func() error {
		if asked++; asked > 8 {
			return context.DeadlineExceeded
		}
		return nil
	}}
	_, err := readPicture(ctx, photo, header{kind: kindJPEG}, nil)
	if !errors.Is(err, ErrBroken) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if asked != 10 {
		t.Errorf("the context was asked %d times", asked)
	}
}

func TestContextReader_LittleAtATime(t *testing.T) {
	t.Parallel()
	p := &contextReader{ctx: t.Context(), r: bytes.NewReader(make([]byte, 5000))}
	if n, err := p.Read(make([]byte, 4096)); n > 512 || err != nil {
		t.Errorf("%d bytes at once, %v", n, err)
	}
}

func TestRead_DecoderPanics(t *testing.T) {
	t.Parallel()
	_, err := readPicture(hooked{t.Context(), func() error { panic("index out of range") }}, nil, header{kind: kindPNG}, nil)
	if !errors.Is(err, ErrBroken) || !strings.Contains(err.Error(), "index out of range") {
		t.Errorf("got %v", err)
	}
}
