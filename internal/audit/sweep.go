package audit

import (
	"context"
	"time"

	"docket/db"
	"docket/internal/sleep"
)

const (
	// clientLifetime is how long the address of a client is kept.
	clientLifetime = 90 * 24 * time.Hour
	sweepInterval  = 10 * time.Minute
	sweepSize      = 1000 // rows in one statement
)

// Sweep removes the addresses of clients that are older than clientLifetime, from time to time until ctx ends.
func (t *Trail) Sweep(ctx context.Context) error {
	for sleep.For(ctx, sweepInterval) == nil {
		_ = t.ForgetClients(ctx) // the next round tries again
	}
	return nil
}

// ForgetClients removes the addresses of clients that are older than clientLifetime.
func (t *Trail) ForgetClients(ctx context.Context) error {
	for {
		n, err := t.q.AuditForgetClients(ctx, t.primary, db.AuditForgetClientsParams{AgeMs: clientLifetime.Milliseconds(), Max: sweepSize})
		if err != nil || n < sweepSize {
			return err
		}
	}
}
