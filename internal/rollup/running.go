package rollup

import (
	"context"

	"docket/db"
	"docket/internal/numbers"
	"docket/internal/postgres"
)

// readParts reads what happened from each of bounds to the next, all of which slots begin at. Whatever the range, each part is made of
// three rows and one for each whole day.
func (r *Rollups) readParts(ctx context.Context, pool *postgres.Pool, bounds []int64) ([]numbers.Part, error) {
	var begins []int64
	for i := range len(bounds) - 1 {
		for _, t := range runningTerms(bounds[i], bounds[i+1]) {
			begins = append(begins, t.slot)
		}
	}
	rows, err := r.q.RollupRunning(ctx, pool, begins)
	if err != nil {
		return nil, err
	}
	known := make(map[int64]db.RollupRunning, len(rows))
	for _, row := range rows {
		known[row.AtMs] = row
	}
	parts := make([]numbers.Part, len(bounds)-1)
	for i := range parts {
		for _, t := range runningTerms(bounds[i], bounds[i+1]) {
			addRunning(&parts[i], known[t.slot], t.sign)
		}
	}
	return parts, nil
}

// runningTerm is a slot up to whose end a day is added, or taken away.
type runningTerm struct{ slot, sign int64 }

// runningTerms are what a range is the sum of: the days that end in it and its last day, less the part of its first day before it.
func runningTerms(fromMS, toMS int64) (terms []runningTerm) {
	slot, day := slotTime.Milliseconds(), dayTime.Milliseconds()
	if fromMS%day != 0 {
		terms = append(terms, runningTerm{fromMS - slot, -1})
	}
	for end := roundDown(fromMS, dayTime) + day; end <= toMS; end += day {
		terms = append(terms, runningTerm{end - slot, 1})
	}
	if toMS%day != 0 {
		terms = append(terms, runningTerm{toMS - slot, 1})
	}
	return terms
}

func addRunning(part *numbers.Part, row db.RollupRunning, sign int64) {
	part.Submitted += sign * row.Submitted
	part.Approved += sign * row.Approved
	part.Rejected += sign * row.Rejected
	part.Wait.Add(row.Waits, sign)
}
