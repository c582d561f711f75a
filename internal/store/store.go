// Package store is the Desk on Postgres: writes and decisions on the primary, lists on the replica.
package store

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db"
	"docket/internal/postgres"
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
	latest  map[db.DBTX]*crowd[string, *db.UserTicket] // of each database
	submits crowd[db.TicketSubmitParams, *db.Ticket]
	decides crowd[db.TicketDecideParams, *db.Ticket]
}

var _ ticket.Desk = (*Store)(nil)

// New is a Desk that writes to primary and reads lists from replica. A nil replica leaves all of it to the primary.
func New(primary, secondary *pgxpool.Pool, log *slog.Logger) *Store {
	s := &Store{primary: primary, replica: replica{pool: secondary}, q: db.New(), log: log, latest: map[db.DBTX]*crowd[string, *db.UserTicket]{}}
	for _, pool := range []*pgxpool.Pool{primary, secondary} {
		s.latest[pool] = &crowd[string, *db.UserTicket]{pool: pool, most: readRounds, ask: s.readLatest}
	}
	s.submits = crowd[db.TicketSubmitParams, *db.Ticket]{pool: primary, most: writeRounds, ask: s.submitAll, writes: true}
	s.decides = crowd[db.TicketDecideParams, *db.Ticket]{pool: primary, most: writeRounds, ask: s.decideAll, writes: true}
	return s
}

// detached lets a write finish although the one who asked for it has gone.
func detached(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), decideTime)
}

// surely does a guarded write again while its outcome is unknown: the answer of a server that dies, or of a network
// that breaks, may be lost after the commit. Of an attempt and its repetition the later one, whichever that is, changes
// nothing, having waited for the lock of the earlier; and then the caller is told what the earlier did. An outcome that
// stays unknown is ticket.ErrUnknown; one of a write that never was sent is not.
func surely[T any](ctx context.Context, write func() (T, error)) (done T, err error) {
	var lost error // why it is not known what became of an earlier attempt
	for range 3 {  // connections that died with the server wait in the pool
		done, err = write()
		if err == nil || postgres.IsNoRows(err) {
			return done, err
		}
		if postgres.MaybeCommitted(err) {
			lost = unknown{err}
		}
		if !postgres.OutcomeUnknown(err) || ctx.Err() != nil {
			break
		}
	}
	return done, cmp.Or(lost, err)
}

// unknown is the error of a write that is also ticket.ErrUnknown.
type unknown struct{ error }

func (u unknown) Unwrap() []error { return []error{ticket.ErrUnknown, u.error} }
