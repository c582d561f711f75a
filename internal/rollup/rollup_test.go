package rollup_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sync/errgroup"

	"docket/internal/numbers"
	"docket/internal/postgres"
	"docket/internal/rollup"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

const slot = 30 * time.Minute

func open(t *testing.T, url string) (*rollup.Rollups, *postgres.Pool) {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	r := rollup.New(pool, func() []*postgres.Pool { return []*postgres.Pool{pool} })
	r.SettleAfter(0)
	return r, pool
}

// executor is a pool or a transaction.
type executor interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

func execute(t *testing.T, on executor, statement string, args ...any) {
	t.Helper()
	if _, err := on.Exec(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// count counts until all slots before this one are settled. Transactions of other tests, in other databases, delay that.
func count(t *testing.T, r *rollup.Rollups, pool *postgres.Pool) {
	t.Helper()
	goal := time.Now().Truncate(slot).UnixMilli()
	for until := time.Now().Add(time.Minute); ; {
		var settled int64
		err := r.Count(t.Context())
		if err == nil {
			err = pool.QueryRow(t.Context(), "SELECT settled_ms FROM rollup_state").Scan(&settled)
		}
		if err != nil {
			t.Fatal(err)
		}
		if settled >= goal {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("settled up to %d, want %d", settled, goal)
		}
	}
}

// addHistory adds tickets of the last days with random events, as a superuser can: the triggers are off.
func addHistory(t *testing.T, pool *postgres.Pool, random *rand.Rand, tickets int, now time.Time) {
	t.Helper()
	deciders := []string{"agent:" + uuid.NewString(), "agent:" + uuid.NewString(), "rule:too_young", "key:crm"}
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "SET LOCAL session_replication_role = replica"); err != nil {
			return err
		}
		batch := &pgx.Batch{}
		event := func(user string, id uuid.UUID, version int, kind, actor string, at time.Time, reasons []string) {
			batch.Queue("INSERT INTO ticket_events (user_id, ticket_id, version, kind, actor, at_ms, reasons) VALUES ($1, $2, $3, $4, $5, $6, $7)", user, id, version, kind, actor, at.UnixMilli(), reasons)
		}
		for range tickets {
			user, id, created := uuid.NewString(), uuid.New(), now.Add(-time.Duration(random.Int64N(int64(100*time.Hour))))
			closed := created.Add(time.Duration(random.Int64N(1 + int64(now.Sub(created)))))
			by, kind := deciders[random.IntN(len(deciders))], []string{"processing", "approved", "rejected", "withdrawn"}[random.IntN(4)]
			batch.Queue(`INSERT INTO tickets (id, user_id, status, version, extra, decided_by, decided_at_ms, reject_reason, reject_comment, attempt, created_at_ms, updated_at_ms)
				VALUES ($1, $2, $3, 9, '{}', CASE WHEN $3 IN ('approved', 'rejected') THEN $4 END, CASE WHEN $3 IN ('approved', 'rejected') THEN $6::bigint END,
					CASE $3 WHEN 'rejected' THEN 'blurry' END, CASE $3 WHEN 'rejected' THEN '' END, $7, $5, $6)`,
				id, user, kind, by, created.UnixMilli(), closed.UnixMilli(), 1+random.IntN(3))
			event(user, id, 1, "submitted", "user:x", created, nil)
			switch kind {
			case "rejected":
				event(user, id, 2, kind, by, closed, []string{"blurry", "glare"}[:1+random.IntN(2)])
			case "approved", "withdrawn":
				event(user, id, 2, kind, by, closed, nil)
			}
			if kind == "approved" && random.IntN(4) == 0 {
				event(user, id, 3, "revoked", "agent:"+uuid.NewString(), closed.Add(now.Sub(closed)/2), nil)
			}
			if random.IntN(5) == 0 {
				event(user, id, 4, "erased", "retention", now, nil)
			}
			if random.IntN(3) == 0 && (kind == "approved" || kind == "rejected") {
				verdict := []string{"approved", "rejected"}[random.IntN(2)]
				batch.Queue(`INSERT INTO second_looks (user_id, ticket_id, decided_by, status, decided_at_ms, given_by, verdict, reasons, note, given_at_ms)
					VALUES ($8, $1, $2, $3, $4, 'agent:looker', $5, CASE $5 WHEN 'rejected' THEN ARRAY[$6] END, '', $7)`,
					id, by, kind, closed.UnixMilli(), verdict, []string{"blurry", "glare"}[random.IntN(2)], closed.Add(now.Sub(closed)/3).UnixMilli(), user)
				batch.Queue(`INSERT INTO opinions (user_id, ticket_id, ordinal, given_by, verdict, at_ms) VALUES ($1, $2, 1, $3, $4, $5)`,
					user, id, "agent:"+uuid.NewString(), verdict, created.UnixMilli())
			}
			if random.IntN(3) == 0 && kind == "rejected" {
				batch.Queue(`INSERT INTO reopenings (ticket_id, user_id, reopened_by, note, at_ms) VALUES ($1, $2, 'agent:x', 'x', $3)`, id, user, closed.Add(now.Sub(closed)/4).UnixMilli())
			}
			if strings.HasPrefix(by, "agent:") {
				opened := closed.Add(-time.Duration(random.Int64N(int64(90 * time.Minute))))
				batch.Queue("INSERT INTO audit (at_ms, actor, action, object) VALUES ($1, $2, 'ticket_opened', $3)", opened.UnixMilli(), by, "ticket:"+id.String())
			}
		}
		return tx.SendBatch(t.Context(), batch).Close()
	})
	if err != nil {
		t.Fatal(err)
	}
}

// counted are counts by what, key and bucket.
type counted map[string]int64

func bucket(ms int64) int { return int(math.Floor(4 * math.Log2(max(float64(ms)/1000, 1)))) }

// countDirectly counts the events of a range one by one.
func countDirectly(t *testing.T, pool *postgres.Pool, from, to time.Time) counted {
	t.Helper()
	type opening struct{ actor, object string }
	opened := map[opening][]int64{}
	rows, err := pool.Query(t.Context(), "SELECT actor, object, at_ms FROM audit")
	if err != nil {
		t.Fatal(err)
	}
	var o opening
	var at int64
	if _, err := pgx.ForEachRow(rows, []any{&o.actor, &o.object, &at}, func() error { opened[o] = append(opened[o], at); return nil }); err != nil {
		t.Fatal(err)
	}
	rows, err = pool.Query(t.Context(), `SELECT e.ticket_id, e.kind, e.actor, e.at_ms, e.reasons, t.created_at_ms, t.attempt FROM ticket_events e
		JOIN tickets t ON t.id = e.ticket_id ORDER BY e.ticket_id, e.version`)
	if err != nil {
		t.Fatal(err)
	}
	var id uuid.UUID
	var kind, actor string
	var reasons []string
	var created int64
	var attempt int
	found, approvers := counted{}, map[uuid.UUID]string{}
	add := func(what, key string, bucket int) { found[fmt.Sprint(what, " ", key, " ", bucket)]++ }
	_, err = pgx.ForEachRow(rows, []any{&id, &kind, &actor, &at, &reasons, &created, &attempt}, func() error {
		by, who, _ := strings.Cut(actor, ":")
		if kind == "approved" {
			approvers[id] = actor
		}
		if at < from.UnixMilli() || at >= to.UnixMilli() {
			return nil
		}
		switch kind {
		case "submitted", "withdrawn":
			add(kind, "", 0)
		case "revoked":
			add(kind, "", 0)
			if agent, ok := strings.CutPrefix(approvers[id], "agent:"); ok {
				add("agent_revoked", agent, 0)
			}
		case "approved", "rejected":
			add(kind, by, 0)
			if by != "rule" {
				add("wait", "", bucket(at-created))
			}
			if by == "agent" || by == "rule" {
				add(by+"_"+kind, who, 0)
			}
			if kind == "approved" {
				add("attempts", strconv.Itoa(attempt), 0)
			}
			for _, reason := range reasons {
				add("reason", reason, 0)
			}
			for _, begin := range opened[opening{actor, "ticket:" + id.String()}] {
				if begin >= at-time.Hour.Milliseconds() {
					add("agent_time", who, bucket(at-begin))
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	countQuality(t, pool, from, to, add)
	return found
}

// countQuality counts what did not stand of decisions, and second looks, one by one.
func countQuality(t *testing.T, pool *postgres.Pool, from, to time.Time, add func(what, key string, bucket int)) {
	t.Helper()
	var what, by string
	var decided, verdict string
	var reasons []string
	rows, err := pool.Query(t.Context(), `SELECT 'reopened', t.decided_by, '', '', NULL::text[] FROM reopenings r JOIN tickets t ON t.id = r.ticket_id WHERE r.at_ms >= $1 AND r.at_ms < $2
		UNION ALL SELECT 'overruled', o.given_by, '', '', NULL FROM opinions o JOIN tickets t ON t.id = o.ticket_id WHERE t.status <> o.verdict AND t.decided_at_ms >= $1 AND t.decided_at_ms < $2
		UNION ALL SELECT 'look', decided_by, status, verdict, reasons FROM second_looks WHERE given_at_ms >= $1 AND given_at_ms < $2`, from.UnixMilli(), to.UnixMilli())
	if err != nil {
		t.Fatal(err)
	}
	_, err = pgx.ForEachRow(rows, []any{&what, &by, &decided, &verdict, &reasons}, func() error {
		kind, who, _ := strings.Cut(by, ":")
		result := map[bool]string{true: "look_agreed", false: "look_differed"}
		switch {
		case what != "look" && kind == "agent":
			add("agent_"+what, who, 0)
		case what == "look":
			add(result[decided == verdict], kind, 0)
			if kind != "key" {
				add(kind+"_"+result[decided == verdict], who, 0)
			}
			if decided == "rejected" {
				add("reason_"+result[slices.Contains(reasons, "blurry")], "blurry", 0)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// flatten is what was read of the roll-up, as countDirectly has it.
func flatten(totals numbers.Totals) counted {
	found := counted{}
	add := func(what, key string, bucket int, n int64) {
		if n > 0 {
			found[fmt.Sprint(what, " ", key, " ", bucket)] += n
		}
	}
	add("submitted", "", 0, totals.Submitted)
	add("withdrawn", "", 0, totals.Withdrawn)
	add("revoked", "", 0, totals.Revoked)
	for by, o := range totals.Decided {
		add("approved", by, 0, o.Approved)
		add("rejected", by, 0, o.Rejected)
	}
	for name, o := range totals.Rules {
		add("rule_approved", name, 0, o.Approved)
		add("rule_rejected", name, 0, o.Rejected)
	}
	for code, n := range totals.Reasons {
		add("reason", code, 0, n)
	}
	for prefix, looks := range map[string]map[string]numbers.Agreement{"": totals.Looks.Kinds, "rule_": totals.Looks.Rules, "reason_": totals.Looks.Reasons} {
		for key, a := range looks {
			add(prefix+"look_agreed", key, 0, a.Agreed)
			add(prefix+"look_differed", key, 0, a.Differed)
		}
	}
	for attempt, n := range totals.Attempts {
		add("attempts", strconv.Itoa(attempt), 0, n)
	}
	for b, n := range totals.Wait {
		add("wait", "", b, n)
	}
	for id, agent := range totals.Agents {
		add("agent_approved", id, 0, agent.Approved)
		add("agent_rejected", id, 0, agent.Rejected)
		add("agent_revoked", id, 0, agent.Revoked)
		add("agent_reopened", id, 0, agent.Reopened)
		add("agent_overruled", id, 0, agent.Overruled)
		add("agent_look_agreed", id, 0, agent.Looks.Agreed)
		add("agent_look_differed", id, 0, agent.Looks.Differed)
		for b, n := range agent.Time {
			add("agent_time", id, b, n)
		}
	}
	return found
}

// compare compares what is read of ranges with what a direct count says.
func compare(t *testing.T, when string, r *rollup.Rollups, pool *postgres.Pool, random *rand.Rand, now time.Time) {
	t.Helper()
	for range 12 {
		from := now.Add(-time.Duration(random.Int64N(int64(110 * time.Hour)))).Truncate(slot)
		to := from.Add(slot + time.Duration(random.Int64N(int64(now.Add(slot).Sub(from))))).Truncate(slot)
		read, err := r.Read(t.Context(), from, to, now)
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct{ got, want counted }{
			"the range":  {flatten(read.Totals), countDirectly(t, pool, from, to)},
			"the before": {flatten(read.Before), countDirectly(t, pool, from.Add(from.Sub(to)), from)},
		} {
			if !maps.Equal(c.got, c.want) {
				t.Fatalf("%s, %s from %v to %v:\n%v, want\n%v", when, name, from, to, c.got, c.want)
			}
		}
		one := random.IntN(len(read.Parts))
		begin, end := read.Parts[one].Begin, to
		if one+1 < len(read.Parts) {
			end = read.Parts[one+1].Begin
		}
		got, want := flatten(numbers.Totals{Submitted: read.Parts[one].Submitted, Wait: read.Parts[one].Wait}), countDirectly(t, pool, begin, end)
		maps.DeleteFunc(want, func(what string, _ int64) bool {
			return !strings.HasPrefix(what, "submitted") && !strings.HasPrefix(what, "wait")
		})
		if !maps.Equal(got, want) {
			t.Fatalf("%s, the part from %v to %v:\n%v, want\n%v", when, begin, end, got, want)
		}
		var submitted, decided int64
		for _, part := range read.Parts {
			submitted, decided = submitted+part.Submitted, decided+part.Sum()
		}
		if submitted != read.Totals.Submitted || decided != read.Totals.DecidedBy().Sum() {
			t.Errorf("%s: the parts have %d submitted and %d decided of %d and %d", when, submitted, decided, read.Totals.Submitted, read.Totals.DecidedBy().Sum())
		}
	}
}

// addClosed adds a rejected ticket from elsewhere, with its events, which happened at a time.
func addClosed(t *testing.T, on executor, at time.Time) {
	t.Helper()
	execute(t, on, `INSERT INTO tickets (id, user_id, status, version, extra, decided_by, decided_at_ms, reject_reason, reject_reasons, reject_comment, created_at_ms, updated_at_ms)
		VALUES ($1, $2, 'rejected', 2, '{}', 'agent:late', $3, 'blurry', '{blurry}', '', $3, $3)`, uuid.New(), uuid.NewString(), at.UnixMilli())
}

func TestCount_RandomHistories(t *testing.T) {
	t.Parallel()
	r, pool := open(t, testdb.New(t).Primary)
	random, now := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0)), time.Now()
	addHistory(t, pool, random, 400, now)
	count(t, r, pool)
	compare(t, "after the first count", r, pool, random, now)

	for range 40 { // the database notes as late what is older than an hour; slots are settled at once here, younger ones, too
		addClosed(t, pool, now.Add(-61*time.Minute-time.Duration(random.Int64N(int64(89*time.Hour)))))
	}
	desk := store.New(pool, slog.New(slog.DiscardHandler))
	t.Cleanup(desk.Finish)
	for i := range 5 {
		made, err := desk.Submit(t.Context(), ticket.Submission{UserID: fmt.Sprint("u", i), By: "key:crm", Key: uuid.NewString(), Extra: []byte(`{}`)})
		if err == nil {
			_, err = desk.Decide(t.Context(), made.ID, 1, ticket.Approve("agent:"+uuid.NewString(), ""))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	count(t, r, pool)
	compare(t, "after events that came late", r, pool, random, now.Add(slot))
}

// TestCount_TransactionThatEndsLater has an event that nobody sees until half an hour after its slot is over.
func TestCount_TransactionThatEndsLater(t *testing.T) {
	t.Parallel()
	r, pool := open(t, testdb.New(t).Primary)
	now := time.Now()
	addClosed(t, pool, now.Add(-2*time.Hour)) // there is something to begin with
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	addClosed(t, tx, now.Add(-50*time.Minute)) // not late enough to be noted
	for range 3 {
		if err := r.Count(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	count(t, r, pool)
	if read := readAll(t, r); read.Submitted != 2 {
		t.Errorf("counted %d tickets, want both", read.Submitted)
	}
}

func readAll(t *testing.T, r *rollup.Rollups) numbers.Totals {
	t.Helper()
	now := time.Now()
	read, err := r.Read(t.Context(), now.Add(-120*time.Hour), now.Add(time.Hour), now)
	if err != nil {
		t.Fatal(err)
	}
	return read.Totals
}

// TestCount_LateInTwoTransactions has two transactions that add events to the same old slot; one of them ends after a count.
func TestCount_LateInTwoTransactions(t *testing.T) {
	t.Parallel()
	r, pool := open(t, testdb.New(t).Primary)
	long := time.Now().Add(-50 * time.Hour)
	addClosed(t, pool, long)
	count(t, r, pool)
	addClosed(t, pool, long) // its note is there when the next one looks for one
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	addClosed(t, tx, long)
	if err := r.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	count(t, r, pool)
	if read := readAll(t, r); read.Submitted != 3 {
		t.Errorf("counted %d tickets, want 3", read.Submitted)
	}
	var notes int
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM rollup_late").Scan(&notes); err != nil || notes != 0 {
		t.Errorf("%d notes are left (%v), want none", notes, err)
	}
}

func TestCount_TwoInstances(t *testing.T) {
	t.Parallel()
	url := testdb.New(t).Primary
	r, pool := open(t, url)
	other, _ := open(t, url)
	random, now := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0)), time.Now()
	addHistory(t, pool, random, 200, now)
	var both errgroup.Group
	for _, each := range []*rollup.Rollups{r, other, r, other} {
		both.Go(func() error { return each.Count(t.Context()) })
	}
	if err := both.Wait(); err != nil {
		t.Fatal(err)
	}
	count(t, r, pool)
	compare(t, "after both have counted", other, pool, random, now)
}

// TestCount_ConnectionLost cuts the connection at many places.
func TestCount_ConnectionLost(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	whole, pool := open(t, db.Primary)
	random, now := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0)), time.Now()
	addHistory(t, pool, random, 100, now)
	relay := testdb.NewRelay(t, db.Primary)
	cut, _ := open(t, relay.URL)
	sent := 0
	relay.SetRule(func(b testdb.Bytes) testdb.Action {
		if b.ToServer && (b.Has("rollup_add_up") || b.Has("commit")) {
			if sent++; sent == 7 {
				return testdb.Cut
			}
		}
		return testdb.Pass
	})
	for cut.Count(t.Context()) == nil {
	}
	count(t, whole, pool)
	compare(t, "after a count that was broken off", whole, pool, random, now)
}

func TestRead_WaitingByAge(t *testing.T) {
	t.Parallel()
	r, pool := open(t, testdb.New(t).Primary)
	now := time.Now()
	for i, age := range []time.Duration{0, 59 * time.Minute, 2 * time.Hour, 9 * time.Hour, 100 * time.Hour, 200 * time.Hour} {
		execute(t, pool, "INSERT INTO tickets (id, user_id, status, extra, queue, created_at_ms, updated_at_ms) VALUES ($1, $2, 'processing', '{}', $4, $3, $3)",
			uuid.New(), uuid.NewString(), now.Add(-age).UnixMilli(), []string{"", "high"}[i%2])
	}
	read, err := r.Read(t.Context(), now.Add(-time.Hour), now, now)
	if want := []int64{2, 1, 0, 1, 0, 2}; err != nil || !slices.Equal(read.Waiting.Ages[:], want) {
		t.Errorf("waiting by age %v (%v), want %v", read.Waiting.Ages, err, want)
	}
	if high, others := read.Waiting.Queues["high"], read.Waiting.Queues[""]; high != (numbers.Ages{1, 0, 0, 1, 0, 1}) || others != (numbers.Ages{1, 1, 0, 0, 0, 1}) {
		t.Errorf("waiting by age in the queue %v, in none %v", high, others)
	}
}

// TestRead_Partial says that counting goes on while there is something older than a day that is not counted, and not of a new system.
func TestRead_Partial(t *testing.T) {
	t.Parallel()
	r, pool := open(t, testdb.New(t).Primary)
	now := time.Now()
	partial := func() bool {
		t.Helper()
		read, err := r.Read(t.Context(), now.AddDate(0, 0, -7), now, now)
		if err != nil {
			t.Fatal(err)
		}
		return read.Partial
	}
	addClosed(t, pool, now.Add(-time.Minute))
	if err := r.Count(t.Context()); err != nil {
		t.Fatal(err)
	}
	if partial() {
		t.Error("a system that began a minute ago is said to be counted in part")
	}
	addClosed(t, pool, now.Add(-25*time.Hour))
	if !partial() {
		t.Error("a ticket of yesterday is not counted, and nothing says so")
	}
	execute(t, pool, "UPDATE rollup_state SET settled_ms = $1", now.Add(-2*time.Hour).UnixMilli())
	if partial() {
		t.Error("all is counted, and said not to be")
	}
}

func TestUsual_OfTheLastWeek(t *testing.T) {
	t.Parallel()
	r, pool := open(t, testdb.New(t).Primary)
	now := time.Now()
	if wait := r.Usual(t.Context(), now); wait != 0 {
		t.Errorf("without tickets %v is usual", wait)
	}
	for range 20 {
		addClosed(t, pool, now.Add(-50*time.Hour))
		addClosed(t, pool, now.Add(-20*24*time.Hour))
	}
	count(t, r, pool)
	if wait := r.Usual(t.Context(), now.Add(time.Minute)); wait != 0 {
		t.Errorf("%v was read again at once", wait)
	}
	if wait := r.Usual(t.Context(), now.Add(10*time.Minute)); wait != 10*time.Minute {
		t.Errorf("%v is usual, want 10 minutes", wait)
	}
}

// TestCount_AppsRole counts and reads as the role of docket serve.
func TestCount_AppsRole(t *testing.T) {
	t.Parallel()
	url := testdb.New(t).Primary
	_, owner := open(t, url)
	grants, err := os.ReadFile("../../docs/role.sql")
	if err != nil {
		t.Fatal(err)
	}
	role := "app_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	execute(t, owner, strings.ReplaceAll(string(grants), "docket_app", role))
	r, app := open(t, url+"&options=-c%20role%3D"+role)
	addClosed(t, app, time.Now().Add(-40*time.Hour)) // it comes late
	count(t, r, app)
	if read := readAll(t, r); read.Submitted != 1 {
		t.Errorf("counted %d tickets, want 1", read.Submitted)
	}
	app.Close()
	execute(t, owner, "DROP OWNED BY "+role)
	execute(t, owner, "DROP ROLE "+role)
}
