package rollup

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"docket/db"
	"docket/internal/numbers"
	"docket/internal/postgres"
)

// blockTime is how many days are added up from their beginning on; the function rollup_sum_days has it, too.
const blockTime = 32 * dayTime

// sumTerm is the last of the sums of a unit that begin between two times.
type sumTerm struct {
	unit          string
	firstMS, last int64
}

// sumsUpTo are what happened from the beginning of a block to a time.
func sumsUpTo(ms int64) (terms []sumTerm) {
	day, block := roundDown(ms, dayTime), roundDown(ms, blockTime)
	if ms > day {
		terms = append(terms, sumTerm{"slot", day, ms - slotTime.Milliseconds()})
	}
	if day > block {
		terms = append(terms, sumTerm{"day", block, day - dayTime.Milliseconds()})
	}
	return terms
}

// sumsOf are what is added for a range, and what is taken away.
func sumsOf(fromMS, toMS int64) (added, taken []sumTerm) {
	added = sumsUpTo(toMS)
	for block := roundDown(fromMS, blockTime); block < roundDown(toMS, blockTime); block += blockTime.Milliseconds() {
		added = append(added, sumTerm{"day", block, block + (blockTime - dayTime).Milliseconds()})
	}
	return added, sumsUpTo(fromMS)
}

// readTotals reads what happened from each of bounds, all of which slots begin at, to the next, without how long tickets waited. What
// ends one range begins the next, and is read once.
func (r *Rollups) readTotals(ctx context.Context, pool *postgres.Pool, bounds []int64) ([]numbers.Totals, error) {
	type use struct{ ofRange, sign int64 }
	var asked db.RollupSumsParams
	uses := map[sumTerm][]use{}
	var terms []sumTerm
	note := func(some []sumTerm, u use) {
		for _, t := range some {
			if uses[t] == nil {
				asked.Places, asked.Units = append(asked.Places, int32(len(terms))), append(asked.Units, t.unit)
				asked.Firsts, asked.Lasts = append(asked.Firsts, t.firstMS), append(asked.Lasts, t.last)
				terms = append(terms, t)
			}
			uses[t] = append(uses[t], u)
		}
	}
	ranges := make([]sums, len(bounds)-1)
	for i := range ranges {
		ranges[i] = sums{}
		added, taken := sumsOf(bounds[i], bounds[i+1])
		note(added, use{int64(i), 1})
		note(taken, use{int64(i), -1})
	}
	rows, err := r.q.RollupSums(ctx, pool, asked)
	if err != nil {
		return nil, err
	}
	found := sums{}
	for _, row := range rows {
		clear(found)
		if err := json.Unmarshal(row.Sums, &found); err != nil {
			return nil, fmt.Errorf("read sums: %w", err)
		}
		for _, u := range uses[terms[row.Place]] {
			ranges[u.ofRange].add(found, u.sign)
		}
	}
	totals := make([]numbers.Totals, len(ranges))
	for i, all := range ranges {
		totals[i] = all.totals()
	}
	return totals, nil
}

// sums are the counts of buckets, by what is counted and its key.
type sums map[string]numbers.Durations

func (s sums) add(more sums, sign int64) {
	for name, counts := range more {
		all := s[name]
		all.Add(counts, sign)
		s[name] = all
	}
}

func (s sums) totals() numbers.Totals {
	totals := numbers.Totals{
		Decided: map[string]numbers.Outcomes{}, Reasons: map[string]int64{}, Rules: map[string]numbers.Outcomes{},
		Agents: map[string]numbers.Agent{}, Attempts: map[int]int64{},
		Looks: numbers.Looks{Kinds: map[string]numbers.Agreement{}, Rules: map[string]numbers.Agreement{}, Reasons: map[string]numbers.Agreement{}},
	}
	for name, counts := range s {
		what, key, _ := strings.Cut(name, " ")
		for bucket, n := range counts {
			if n != 0 {
				addCount(&totals, count{what, key, bucket, n})
			}
		}
	}
	return totals
}

// count is how often something happened; bucket is of the length of time that it took.
type count struct {
	what, key string
	bucket    int
	n         int64
}
