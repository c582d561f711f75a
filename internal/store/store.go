// Package store is the Desk on Postgres: writes and decisions on the primary, lists on the replica.
package store

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db"
	"docket/internal/ticket"
)

// decideTime bounds a write that must not end because a browser went away.
const decideTime = 3 * time.Second

// Store is a ticket.Desk.
type Store struct {
	primary *pgxpool.Pool
	replica replica
	q       *db.Queries
	log     *slog.Logger
	teller  teller
}

var _ ticket.Desk = (*Store)(nil)

// New is a Desk that writes to primary and reads lists from replica. A nil replica leaves all of it to the primary.
func New(primary, secondary *pgxpool.Pool, log *slog.Logger) *Store {
	return &Store{primary: primary, replica: replica{pool: secondary}, q: db.New(), log: log}
}

// detached lets a write finish although the one who asked for it has gone.
func detached(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), decideTime)
}
