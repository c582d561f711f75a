package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db"
	"docket/internal/postgres"
)

// A range is so small that the database checks it in memory. A statement sees one moment, so people may go on working.
const (
	historyStep = 20_000
	latestStep  = 5_000
)

// ErrEnough is what Found returns to end a verification before it is through.
var ErrEnough = errors.New("enough was found")

// Verification reads all of a database and says what in it contradicts what docket promises.
type Verification struct {
	Found func(problem string) error       // called for each violation; its error ends the verification
	Begun func(part string, tickets int64) // called before each part, with how many tickets it goes through
	Done  func(tickets int64)              // called after each range
}

// Verify goes through the history of every ticket and the latest approval of every user, range by range, in bounded
// memory on either side. It returns what ended it; what it found went to v.
func Verify(ctx context.Context, pool *pgxpool.Pool, v Verification) error {
	q, total := db.New(), int64(0)
	err := patiently(ctx, pool, commandTime, func(tx pgx.Tx) (err error) {
		total, err = q.VerifyTicketCount(ctx, tx)
		return err
	})
	if err != nil {
		return postgres.WrapError("count the tickets", err)
	}
	v.Begun("histories", total)
	if err := v.histories(ctx, q, pool); err != nil {
		return err
	}
	v.Begun("approvals", total)
	return v.approvals(ctx, q, pool)
}

// histories ends with a range up to the greatest id there can be: events without a ticket may lie anywhere.
func (v Verification) histories(ctx context.Context, q *db.Queries, pool *pgxpool.Pool) error {
	for after, until := uuid.Nil, uuid.Nil; until != uuid.Max; after = until {
		var problems []string
		err := patiently(ctx, pool, commandTime, func(tx pgx.Tx) (err error) {
			until, err = q.VerifyNextTicket(ctx, tx, db.VerifyNextTicketParams{AfterID: after, Step: historyStep - 1})
			if postgres.IsNoRows(err) {
				until, err = uuid.Max, nil
			}
			if err != nil {
				return err
			}
			rows, err := q.VerifyHistories(ctx, tx, db.VerifyHistoriesParams{AfterID: after, UntilID: until, Most: historyStep})
			for _, row := range rows {
				problems = append(problems, fmt.Sprintf("ticket %s %s", row.TicketID, row.Problem))
			}
			return err
		})
		if err != nil {
			return postgres.WrapError("verify histories", err)
		}
		if err := v.told(problems, historyStep); err != nil {
			return err
		}
	}
	return nil
}

func (v Verification) approvals(ctx context.Context, q *db.Queries, pool *pgxpool.Pool) error {
	for after, last := "", false; !last; {
		var problems []string
		err := patiently(ctx, pool, commandTime, func(tx pgx.Tx) error {
			until, err := q.VerifyNextUser(ctx, tx, db.VerifyNextUserParams{AfterUser: after, Step: latestStep - 1})
			if last = postgres.IsNoRows(err); last {
				err = nil
			}
			if err != nil {
				return err
			}
			rows, err := q.VerifyLatest(ctx, tx, db.VerifyLatestParams{AfterUser: after, UntilUser: until, Last: last, Most: latestStep})
			for _, row := range rows {
				problems = append(problems, fmt.Sprintf("user %s %s", strconv.Quote(row.UserID), row.Problem))
			}
			after = until
			return err
		})
		if err != nil {
			return postgres.WrapError("verify approvals", err)
		}
		if err := v.told(problems, latestStep); err != nil {
			return err
		}
	}
	return nil
}

// told passes on what a range had, when no transaction waits for whoever listens.
func (v Verification) told(problems []string, tickets int64) error {
	for _, problem := range problems {
		if err := v.Found(problem); err != nil {
			return err
		}
	}
	v.Done(tickets)
	return nil
}
