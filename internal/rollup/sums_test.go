package rollup_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"docket/internal/numbers"
	"docket/internal/testkit/testdb"
)

// TestRead_SumsOfManyDays counts half hours of 80 days, adds them up in any order, changes some of them later, and reads ranges of any
// length.
func TestRead_SumsOfManyDays(t *testing.T) {
	t.Parallel()
	r, pool := open(t, testdb.New(t).Primary)
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	begin := time.UnixMilli(1_700_006_400_000).Truncate(24 * time.Hour)
	const count = 80 * 48
	at := func(i int) time.Time { return begin.Add(time.Duration(i) * slot) }
	submitted, took := map[int]int64{}, map[int]int64{}
	change := func(i int) {
		execute(t, pool, "DELETE FROM rollup_slots WHERE at_ms = $1", at(i).UnixMilli())
		delete(submitted, i)
		delete(took, i)
		if random.IntN(3) > 0 {
			submitted[i], took[i] = 1+random.Int64N(9), 1+random.Int64N(9)
			execute(t, pool, "INSERT INTO rollup_slots (what, at_ms, key, bucket, n) VALUES ('submitted', $1, '', 0, $2), ('agent_time', $1, 'ann', $4, $3)",
				at(i).UnixMilli(), submitted[i], took[i], i%5)
		}
	}
	addUp := func(day int) { execute(t, pool, "SELECT rollup_add_up($1)", at(day*48).UnixMilli()) }
	for range 150 {
		change(random.IntN(count))
	}
	for _, day := range random.Perm(80) {
		addUp(day)
	}
	for round := range 40 {
		late := random.IntN(count)
		change(late)
		addUp(late / 48)
		first := random.IntN(count - 1)
		last := first + 1 + random.IntN(min(31*48, count-first-1))
		read, err := r.Read(t.Context(), at(first), at(last), at(last))
		if err != nil {
			t.Fatal(err)
		}
		var wantSubmitted int64
		var missing numbers.Durations // how long what is not in the answer took
		for i := first; i < last; i++ {
			if wantSubmitted += submitted[i]; took[i] > 0 {
				missing.AddTo(i%5, took[i])
			}
		}
		missing.Add(read.Totals.Agents["ann"].Time, -1)
		if got := read.Totals; got.Submitted != wantSubmitted || slices.ContainsFunc(missing, func(n int64) bool { return n != 0 }) {
			t.Fatalf("round %d, half hours %d to %d: %d, and %v are missing, want %d and none", round, first, last, got.Submitted, missing, wantSubmitted)
		}
	}
}

// TestRead_ManyWait reads what waits from the last count, where that is more than a reader counts.
func TestRead_ManyWait(t *testing.T) {
	t.Parallel()
	r, pool := open(t, testdb.New(t).Primary)
	now := time.Now()
	add := func(from, to int, age time.Duration) {
		execute(t, pool, `INSERT INTO tickets (id, user_id, status, extra, queue, created_at_ms, updated_at_ms)
			SELECT gen_random_uuid(), n::text, 'processing', '{}', 'high', $3, $3 FROM generate_series($1::integer, $2::integer) n`, from, to, now.Add(-age).UnixMilli())
	}
	waiting := func() numbers.Waiting {
		t.Helper()
		read, err := r.Read(t.Context(), now.Add(-time.Hour), now, now)
		if err != nil {
			t.Fatal(err)
		}
		return read.Waiting
	}
	add(1, 900, 100*time.Hour)
	add(901, 1200, 0)
	if got := waiting(); !got.More || got.Sum() != numbers.MaxWaiting+1 || got.Ages[len(got.Ages)-1] != 900 {
		t.Errorf("before they are counted %+v, want one more than %d", got, numbers.MaxWaiting)
	}
	if err := r.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := numbers.Ages{300, 0, 0, 0, 0, 900}
	if got := waiting(); got.More || got.Ages != want || got.Queues["high"] != want {
		t.Errorf("%+v, want %v", got, want)
	}
	execute(t, pool, "UPDATE tickets SET status = 'withdrawn', version = 2, updated_at_ms = created_at_ms WHERE user_id::integer > 500")
	if err := r.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	want = numbers.Ages{0, 0, 0, 0, 0, 500}
	if got := waiting(); got.More || got.Ages != want {
		t.Errorf("after most were withdrawn %+v, want %v", got, want)
	}
}
