// Package sleep pauses what runs in the background, no longer than its context lasts.
package sleep

import (
	"context"
	"time"
)

// For returns after a time, or as soon as ctx ends, with the error of ctx; nil while ctx has not ended.
func For(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
	return ctx.Err()
}
