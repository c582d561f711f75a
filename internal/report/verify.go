package report

import (
	"context"
	"fmt"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
)

// A range is so small that the database checks it in memory. A statement sees one moment, so people may go on working.
const (
	historyStep = 20_000
	latestStep  = 5_000
	erasedStep  = 1_000
)

// verification goes through a database, range by range, in bounded memory on either side.
type verification struct {
	pool     *postgres.Pool
	q        *db.Queries
	found    func(problem string) error
	progress Progress
}

// Verify reads the history of every ticket, the latest approval of every user, what is left of erased users and which files
// tickets name, and calls found with each contradiction to what docket promises. An error of found ends it. It returns what
// ended it.
func Verify(ctx context.Context, pool *postgres.Pool, found func(problem string) error, p Progress) error {
	v, total := verification{pool: pool, q: db.New(), found: found, progress: p}, int64(0)
	err := withStatementTimeout(ctx, pool, commandTimeout, func(tx pgx.Tx) (err error) {
		total, err = v.q.VerifyTicketCount(ctx, tx)
		return err
	})
	if err != nil {
		return postgres.WrapError("count the tickets", err)
	}
	p.Begin("histories", total)
	if err := v.verifyHistories(ctx); err != nil {
		return err
	}
	p.Begin("approvals", total)
	if err := v.verifyApprovals(ctx); err != nil {
		return err
	}
	if err := v.verifyErasures(ctx); err != nil {
		return err
	}
	return v.verifyFiles(ctx)
}

// verifyHistories ends with a range up to the greatest id there can be: events without a ticket may lie anywhere.
func (v verification) verifyHistories(ctx context.Context) error {
	for after, until := uuid.Nil, uuid.Nil; until != uuid.Max; after = until {
		var problems []string
		err := withStatementTimeout(ctx, v.pool, commandTimeout, func(tx pgx.Tx) (err error) {
			until, err = v.q.VerifyNextTicket(ctx, tx, db.VerifyNextTicketParams{AfterID: after, Step: historyStep - 1})
			if postgres.IsNoRows(err) {
				until, err = uuid.Max, nil
			}
			if err != nil {
				return err
			}
			rows, err := v.q.VerifyHistories(ctx, tx, db.VerifyHistoriesParams{AfterID: after, UntilID: until, Most: historyStep})
			for _, row := range rows {
				problems = append(problems, fmt.Sprintf("ticket %s %s", row.TicketID, row.Problem))
			}
			return err
		})
		if err != nil {
			return postgres.WrapError("verify histories", err)
		}
		if err := v.reportProblems(problems, historyStep); err != nil {
			return err
		}
	}
	return nil
}

func (v verification) verifyApprovals(ctx context.Context) error {
	for after, last := "", false; !last; {
		var problems []string
		err := withStatementTimeout(ctx, v.pool, commandTimeout, func(tx pgx.Tx) error {
			until, err := v.q.VerifyNextUser(ctx, tx, db.VerifyNextUserParams{AfterUser: after, Step: latestStep - 1})
			if last = postgres.IsNoRows(err); last {
				err = nil
			}
			if err != nil {
				return err
			}
			rows, err := v.q.VerifyLatest(ctx, tx, db.VerifyLatestParams{AfterUser: after, UntilUser: until, Last: last, Most: latestStep})
			for _, row := range rows {
				problems = append(problems, fmt.Sprintf("user %s %s", strconv.Quote(row.UserID), row.Problem))
			}
			if err != nil {
				return err
			}
			subjects, err := v.q.VerifySubjects(ctx, tx, db.VerifySubjectsParams{AfterUser: after, UntilUser: until, Last: last, Most: latestStep})
			for _, row := range subjects {
				problems = append(problems, fmt.Sprintf("user %s %s", strconv.Quote(row.UserID), row.Problem))
			}
			after = until
			return err
		})
		if err != nil {
			return postgres.WrapError("verify approvals", err)
		}
		if err := v.reportProblems(problems, latestStep); err != nil {
			return err
		}
	}
	return nil
}

// reportProblems passes on what a range had, after its transaction: found may be slow.
func (v verification) reportProblems(problems []string, tickets int64) error {
	for _, problem := range problems {
		if err := v.found(problem); err != nil {
			return err
		}
	}
	v.progress.Done(tickets)
	return nil
}
