package archive

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
)

// Why a month is not deleted.
var (
	// ErrNoMonth says that the archive has no such month.
	ErrNoMonth = errors.New("the archive has no such month")

	// ErrHeld says that tickets of the month are of users on hold.
	ErrHeld = errors.New("a legal hold keeps tickets of the month")
)

// Month is what the archive has of a month in which tickets were created.
type Month struct {
	Name    string // such as 2024-03
	Tickets int64
	Bytes   int64 // in the database, with indexes
}

// Months lists the months of the archive, the oldest first. It reads all of it.
func (a *Archive) Months(ctx context.Context) (months []Month, err error) {
	err = a.withoutTimeout(ctx, func(tx pgx.Tx) error {
		rows, err := a.q.ArchiveMonths(ctx, tx)
		for _, row := range rows {
			months = append(months, Month{strings.Replace(row.Month, "_", "-", 1), row.Tickets, row.Bytes})
		}
		return err
	})
	if err != nil {
		return nil, postgres.WrapError("list the months of the archive", err)
	}
	return months, nil
}

// Dropped is what is deleted with a month.
type Dropped struct {
	Tickets, Users int64
	Files          int64 // that no other ticket names
	Held           int64 // users on hold: while there are any, nothing is deleted
}

// DropMonth deletes a month of the archive, with the files that no other ticket names, or with dry only counts that. It returns ErrNoMonth or
// ErrHeld. The bytes of files are deleted by whoever deletes those of erased files. It needs the owner of the tables.
func (a *Archive) DropMonth(ctx context.Context, month string, dry bool) (Dropped, error) {
	var row db.ArchiveDropRow
	err := a.withoutTimeout(ctx, func(tx pgx.Tx) (err error) {
		row, err = a.q.ArchiveDrop(ctx, tx, db.ArchiveDropParams{Month: month, Dry: dry})
		return err
	})
	switch {
	case err != nil:
		return Dropped{}, postgres.WrapError(fmt.Sprintf("delete %s of the archive", month), err)
	case row.Tickets < 0:
		return Dropped{}, ErrNoMonth
	case row.Held > 0:
		return Dropped(row), ErrHeld
	}
	return Dropped(row), nil
}

// withoutTimeout runs a transaction that may take long. For a lock that keeps others from reading it does not wait.
func (a *Archive) withoutTimeout(ctx context.Context, do func(tx pgx.Tx) error) error {
	return postgres.Transact(ctx, a.primary, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '5s'"); err != nil {
			return err
		}
		return do(tx)
	})
}
