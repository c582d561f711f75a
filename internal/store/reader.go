package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/batch"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Reader is a ticket.Reader of one database, the primary or a replica.
type Reader struct {
	pool   *postgres.Pool
	q      *db.Queries
	latest *batch.Batcher[string, *db.LatestListRow]

	narrowTime  time.Duration
	fingerprint func() []byte // nil: lists are not filtered by the index of answers
}

var _ ticket.Reader = (*Reader)(nil)

// NewReader reads one database.
func NewReader(pool *postgres.Pool) *Reader {
	r := &Reader{pool: pool, q: db.New(), narrowTime: narrowTime}
	r.latest = batch.NewReads(pool, readBatches, r.latestBatch)
	return r
}

// Ticket implements ticket.Reader.
func (r *Reader) Ticket(ctx context.Context, id uuid.UUID) (ticket.Ticket, error) {
	row, err := r.q.TicketGet(ctx, r.pool, id)
	if postgres.IsNoRows(err) {
		row, err := r.q.ArchivedGet(ctx, r.pool, id)
		return toArchived(row, err)
	}
	return toTicket(row, err, "read a ticket")
}

// TicketOf implements ticket.Reader.
func (r *Reader) TicketOf(ctx context.Context, userID string, id uuid.UUID) (ticket.Ticket, error) {
	row, err := r.q.TicketGetOf(ctx, r.pool, db.TicketGetOfParams{ID: id, UserID: userID})
	if postgres.IsNoRows(err) {
		row, err := r.q.ArchivedGetOf(ctx, r.pool, db.ArchivedGetOfParams{ID: id, UserID: userID})
		return toArchived(row, err)
	}
	return toTicket(row, err, "read a user's ticket")
}

func toTicket(row db.Ticket, err error, doing string) (ticket.Ticket, error) {
	if postgres.IsNoRows(err) {
		return ticket.Ticket{}, ticket.ErrNotFound
	}
	if err != nil {
		return ticket.Ticket{}, postgres.WrapError(doing, err)
	}
	return fromRow(row), nil
}

// History implements ticket.Reader.
func (r *Reader) History(ctx context.Context, id uuid.UUID) ([]ticket.Event, error) {
	rows, err := r.q.EventList(ctx, r.pool, db.EventListParams{TicketID: id, StepKind: string(ticket.EventStep)})
	if err != nil {
		return nil, postgres.WrapError("read a ticket's history", err)
	}
	if len(rows) == 0 {
		return r.archivedHistory(ctx, id)
	}
	events := make([]ticket.Event, len(rows))
	for i, row := range rows {
		events[i] = fromEvent(row)
	}
	return events, nil
}
