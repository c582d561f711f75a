package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// submitWith adds a ticket, gives it the files that it names and decides it if a rule does, or does nothing at all. lacks
// says that not all of the files may be given to it.
func (s *Store) submitWith(ctx context.Context, fresh db.TicketSubmitParams, sub ticket.Submission) (row db.Ticket, lacks bool, err error) {
	err = postgres.Transact(ctx, s.primary, func(tx pgx.Tx) error {
		row, lacks, err = s.submitIn(ctx, tx, fresh, sub)
		return err
	})
	return row, lacks, err
}

func (s *Store) submitIn(ctx context.Context, tx pgx.Tx, fresh db.TicketSubmitParams, sub ticket.Submission) (row db.Ticket, lacks bool, err error) {
	if row, err = sole(tickets(s.q.TicketSubmit(ctx, tx, []db.TicketSubmitParams{fresh}))); err != nil {
		return row, false, err
	}
	if lacks, err = s.take(ctx, tx, row, sub.Files); err != nil {
		return row, lacks, err
	}
	row, err = s.judge(ctx, tx, row, sub)
	return row, lacks, err
}

// take gives a new ticket the files that it names.
func (s *Store) take(ctx context.Context, tx pgx.Tx, row db.Ticket, files ticket.Files) (lacks bool, err error) {
	if len(files) == 0 {
		return false, nil
	}
	take := db.FileTakeParams{TicketID: &row.ID, UserID: row.UserID}
	for field, id := range files {
		take.Fields, take.Ids = append(take.Fields, field), append(take.Ids, id)
	}
	taken, err := s.q.FileTake(ctx, tx, take)
	if lacks = err == nil && taken != int64(len(files)); lacks {
		return true, pgx.ErrNoRows // nothing is kept
	}
	return false, err
}
