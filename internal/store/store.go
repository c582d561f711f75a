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
	s.submits = newBatcher(primary, writeBatches, s.submitBatch, true)
	s.decides = newBatcher(primary, writeBatches, s.decideBatch, true)
	s.confirms = newBatcher(primary, 1, confirmBatch, true)
	return s
}
