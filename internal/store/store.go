// Package store is the Desk on Postgres: writes and decisions on the primary, lists on the replica.
package store

import (
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db"
	"docket/internal/ticket"
)

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
