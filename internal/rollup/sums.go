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

// sumTerm is the last of the sums of a unit that begin between two times, which is added to a range or taken away.
type sumTerm struct {
	unit          string
	firstMS, last int64
	sign          int64
}

// sumsUpTo are what happened from the beginning of a block to a time.
func sumsUpTo(ms, sign int64) (terms []sumTerm) {
	day, block := roundDown(ms, dayTime), roundDown(ms, blockTime)
	if ms > day {
		terms = append(terms, sumTerm{"slot", day, ms - slotTime.Milliseconds(), sign})
	}
	if day > block {
		terms = append(terms, sumTerm{"day", block, day - dayTime.Milliseconds(), sign})
	}
	return terms
}

// sumsOf are what a range is the sum of.
func sumsOf(fromMS, toMS int64) []sumTerm {
	terms := append(sumsUpTo(toMS, 1), sumsUpTo(fromMS, -1)...)
	for block := roundDown(fromMS, blockTime); block < roundDown(toMS, blockTime); block += blockTime.Milliseconds() {
		terms = append(terms, sumTerm{"day", block, block + (blockTime - dayTime).Milliseconds(), 1})
	}
	return terms
}

// readTotals reads what happened from each of bounds, all of which slots begin at, to the next, without how long tickets waited.
func (r *Rollups) readTotals(ctx context.Context, pool *postgres.Pool, bounds []int64) ([]numbers.Totals, error) {
	var asked db.RollupSumsParams
	var terms []sumTerm
	var ranges []sums
	var rangeOf []int
	for i := range len(bounds) - 1 {
		ranges = append(ranges, sums{})
		for _, t := range sumsOf(bounds[i], bounds[i+1]) {
			asked.Places, asked.Units = append(asked.Places, int32(len(terms))), append(asked.Units, t.unit)
			asked.Firsts, asked.Lasts = append(asked.Firsts, t.firstMS), append(asked.Lasts, t.last)
			terms, rangeOf = append(terms, t), append(rangeOf, i)
		}
	}
	rows, err := r.q.RollupSums(ctx, pool, asked)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		var found sums
		if err := json.Unmarshal(row.Sums, &found); err != nil {
			return nil, fmt.Errorf("read sums: %w", err)
		}
		ranges[rangeOf[row.Place]].add(found, terms[row.Place].sign)
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
