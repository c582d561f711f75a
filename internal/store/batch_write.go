package store

import (
	"github.com/jackc/pgx/v5"

	"docket/db"
)

const writeBatches = 2 // of one kind of write at a time

// firstTicket is the row of a batch of one. It returns pgx.ErrNoRows when there is none.
func firstTicket(rows []*db.Ticket, err error) (db.Ticket, error) {
	if err == nil && rows[0] == nil {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return db.Ticket{}, err
	}
	return *rows[0], nil
}
