package store

import (
	"github.com/jackc/pgx/v5"

	"docket/db"
)

const writeBatches = 2 // of one kind of write at a time

// ticketBatch is what sqlc makes of a statement that is sent many times at once. That is one transaction.
type ticketBatch interface {
	QueryRow(each func(i int, row db.Ticket, err error))
	Close() error
}

// readTickets are the rows of a batch, nil where there was none. It returns when all of them are committed.
func readTickets(batch ticketBatch) (rows []*db.Ticket, err error) {
	batch.QueryRow(func(_ int, row db.Ticket, err error) {
		if err != nil {
			rows = append(rows, nil)
			return
		}
		rows = append(rows, &row)
	})
	return rows, batch.Close()
}

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
