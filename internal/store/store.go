// Package store keeps tickets in PostgreSQL: a Store is the Desk on the primary, a Reader reads one database.
package store

import (
	"log/slog"

	"docket/db"
	"docket/internal/batch"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Store is a ticket.Desk on the primary alone.
type Store struct {
	*Reader
	log      *slog.Logger
	terms    ticket.TermsOf // of approvals; nil: none ends
	notifier notifier
	submits  *batch.Batcher[newTicket, *db.Ticket]
	decides  *batch.Batcher[closing, *db.Ticket]
	confirms *batch.Batcher[struct{}, struct{}]
}

var _ ticket.Desk = (*Store)(nil)

// New is a Desk on the primary.
func New(primary *postgres.Pool, log *slog.Logger) *Store {
	s := &Store{Reader: NewReader(primary), log: log}
	s.submits = batch.NewWrites(primary, writeBatches, s.submitBatch)
	s.decides = batch.NewWrites(primary, writeBatches, s.decideBatch)
	s.confirms = batch.NewWrites(primary, 1, confirmBatch).WaitLonger()
	return s
}
