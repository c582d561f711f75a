// Package store keeps tickets in PostgreSQL: a Store is the Desk on the primary, a Reader reads one database.
package store

import (
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db"
	"docket/internal/ticket"
)

// Store is a ticket.Desk on the primary alone.
type Store struct {
	*Reader
	log      *slog.Logger
	notifier notifier
	submits  *batcher[db.TicketSubmitParams, *db.Ticket]
	decides  *batcher[db.TicketDecideParams, *db.Ticket]
	confirms *batcher[struct{}, struct{}]
}

var _ ticket.Desk = (*Store)(nil)

// New is a Desk on the primary.
func New(primary *pgxpool.Pool, log *slog.Logger) *Store {
	s := &Store{Reader: NewReader(primary), log: log}
	s.submits = &batcher[db.TicketSubmitParams, *db.Ticket]{pool: primary, limit: writeBatches, query: s.submitBatch, silence: s.silence, writes: true}
	s.decides = &batcher[db.TicketDecideParams, *db.Ticket]{pool: primary, limit: writeBatches, query: s.decideBatch, silence: s.silence, writes: true}
	s.confirms = &batcher[struct{}, struct{}]{pool: primary, limit: 1, query: confirmBatch, silence: s.silence, writes: true}
	return s
}
