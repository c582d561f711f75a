// Package opinion reads what agents think of tickets that two people have to decide. The store writes it, with decisions.
package opinion

import (
	"context"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Opinions reads opinions. It reads the primary only: whoever has given one must not be asked again.
type Opinions struct {
	primary *postgres.Pool
	q       *db.Queries
}

// New reads opinions on the primary.
func New(primary *postgres.Pool) *Opinions { return &Opinions{primary: primary, q: db.New()} }

// List returns the opinions of these tickets, by ticket, each in the order in which they were given.
func (o *Opinions) List(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID][]ticket.Opinion, error) {
	rows, err := o.q.OpinionList(ctx, o.primary, ids)
	if err != nil {
		return nil, postgres.WrapError("list opinions", err)
	}
	opinions := map[uuid.UUID][]ticket.Opinion{}
	for _, row := range rows {
		opinions[row.TicketID] = append(opinions[row.TicketID], fromRow(row))
	}
	return opinions, nil
}

// Disagreed returns the ids of the open tickets of which two agents think differently, at most so many, the longest so first.
func (o *Opinions) Disagreed(ctx context.Context, most int) ([]uuid.UUID, error) {
	ids, err := o.q.OpinionDisagreed(ctx, o.primary, int32(most))
	if err != nil {
		return nil, postgres.WrapError("list tickets of which two agents disagree", err)
	}
	return ids, nil
}

func fromRow(row db.Opinion) ticket.Opinion {
	return ticket.Opinion{TicketID: row.TicketID, Ordinal: int(row.Ordinal), Decision: ticket.Decision{
		Status: ticket.Status(row.Verdict), By: row.GivenBy, At: time.UnixMilli(row.AtMs), Reasons: row.Reasons, Rows: row.RejectRows,
		Class: ticket.Class(postgres.OrZero(row.Class)), Comment: row.Comment, Note: row.Note, Grant: row.GrantExtra,
	}}
}
