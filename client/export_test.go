package client

import (
	"context"
	"time"
)

// Waits has a client wait by calling wait.
func (c *Client) Waits(wait func(time.Duration)) {
	c.sleepFor = func(ctx context.Context, d time.Duration) error {
		wait(d)
		return ctx.Err()
	}
}
