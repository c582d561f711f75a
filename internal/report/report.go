// Package report reads many tickets at once and says what is in them: Verify finds damage, Compare sets rules beside the
// decisions of people, Backtest does so for rules that were not there. It writes nothing.
package report

import (
	"context"
	"errors"
	"time"

	"docket/internal/postgres"
	"docket/internal/ticket"
)

// ErrRangeTooLarge says that a range has more tickets than can be read while somebody waits for a page.
var ErrRangeTooLarge = errors.New("the range has too many tickets")

// Reports answers the questions of pages.
type Reports struct {
	primary *postgres.Pool
	pools   func() []*postgres.Pool
}

// New reads from the first of pools that answers, or from primary alone where a read has to be Fresh.
func New(primary *postgres.Pool, pools func() []*postgres.Pool) *Reports {
	return &Reports{primary: primary, pools: pools}
}

// Compare is the function of that name with little time: ErrRangeTooLarge when that is not enough. What takes too long on
// one database is not asked of the next.
func (r *Reports) Compare(ctx context.Context, from, to time.Time) (found ticket.Comparison, err error) {
	for _, pool := range r.readablePools(ctx) {
		found, err = compareWithin(ctx, pool, pageTimeout, from, to)
		if err == nil || errors.Is(err, ErrRangeTooLarge) || ctx.Err() != nil {
			break
		}
	}
	return found, err
}

func (r *Reports) readablePools(ctx context.Context) []*postgres.Pool {
	if ticket.IsFresh(ctx) {
		return []*postgres.Pool{r.primary}
	}
	return r.pools()
}

// Progress is told how far a command is. None of its functions is nil.
type Progress struct {
	Begin func(part string, tickets int64) // before each part, with how many tickets it reads
	Done  func(tickets int64)              // after each step
}
