package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db"
	"docket/internal/postgres"
)

// A range is so small that the database checks it in memory. A statement sees one moment, so people may go on working.
const (
	historyStep = 20_000
	latestStep  = 5_000
	verifyTime  = "SET statement_timeout = '5min'; SET work_mem = '32MB'" // for a pool's connection that is not used again
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
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return postgres.Fault("connect", err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, verifyTime); err != nil {
		return postgres.Fault("prepare to verify", err)
	}
	q := db.New()
	total, err := q.VerifyTicketCount(ctx, conn)
	if err != nil {
		return postgres.Fault("count the tickets", err)
	}
	v.Begun("histories", total)
	if err := v.histories(ctx, q, conn); err != nil {
		return err
	}
	v.Begun("approvals", total)
	return v.approvals(ctx, q, conn)
}

// histories ends with a range up to the greatest id there can be: events without a ticket may lie anywhere.
func (v Verification) histories(ctx context.Context, q *db.Queries, on db.DBTX) error {
	for after, until := uuid.Nil, uuid.Nil; until != uuid.Max; after = until {
		var err error
		until, err = q.VerifyNextTicket(ctx, on, db.VerifyNextTicketParams{AfterID: after, Step: historyStep - 1})
		if postgres.None(err) {
			until, err = uuid.Max, nil
		}
		if err != nil {
			return postgres.Fault("find the next tickets", err)
		}
		rows, err := q.VerifyHistories(ctx, on, db.VerifyHistoriesParams{AfterID: after, UntilID: until, Most: historyStep})
		if err != nil {
			return postgres.Fault("verify histories", err)
		}
		for _, row := range rows {
			if err := v.Found(fmt.Sprintf("ticket %s %s", row.TicketID, row.Problem)); err != nil {
				return err
			}
		}
		v.Done(historyStep)
	}
	return nil
}

func (v Verification) approvals(ctx context.Context, q *db.Queries, on db.DBTX) error {
	for after, last := "", false; !last; {
		until, err := q.VerifyNextUser(ctx, on, db.VerifyNextUserParams{AfterUser: after, Step: latestStep - 1})
		if last = postgres.None(err); last {
			err = nil
		}
		if err != nil {
			return postgres.Fault("find the next users", err)
		}
		rows, err := q.VerifyLatest(ctx, on, db.VerifyLatestParams{AfterUser: after, UntilUser: until, Last: last, Most: latestStep})
		if err != nil {
			return postgres.Fault("verify approvals", err)
		}
		for _, row := range rows {
			if err := v.Found(fmt.Sprintf("user %s %s", strconv.Quote(row.UserID), row.Problem)); err != nil {
				return err
			}
		}
		v.Done(latestStep)
		after = until
	}
	return nil
}
