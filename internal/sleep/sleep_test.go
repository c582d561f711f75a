package sleep_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"docket/internal/sleep"
)

func TestFor(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	if err := sleep.For(ctx, time.Millisecond); err != nil {
		t.Errorf("a short pause ends with %v", err)
	}
	time.AfterFunc(time.Millisecond, cancel)
	if err := sleep.For(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("a canceled pause ends with %v", err)
	}
}
