package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/ticket"
)

// submitWith adds an open ticket and gives it the files that it names, or does neither. lacks says that not all of them
// may be given to it.
func (s *Store) submitWith(ctx context.Context, fresh db.TicketSubmitParams, files ticket.Files) (row db.Ticket, lacks bool, err error) {
	take := db.FileTakeParams{TicketID: &fresh.ID, UserID: fresh.UserID}
	for field, id := range files {
		take.Fields, take.Ids = append(take.Fields, field), append(take.Ids, id)
	}
	err = pgx.BeginFunc(ctx, s.primary, func(tx pgx.Tx) error {
		if row, err = s.q.TicketSubmit(ctx, tx, fresh); err != nil {
			return err
		}
		taken, err := s.q.FileTake(ctx, tx, take)
		if lacks = err == nil && taken != int64(len(files)); lacks {
			return pgx.ErrNoRows // nothing is kept
		}
		return err
	})
	return row, lacks, err
}
