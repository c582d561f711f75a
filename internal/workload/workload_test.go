package workload

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/postgres"
	"docket/internal/sla"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

func TestWorkload_CountsOnceASecond(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	agent, now := uuid.New(), time.Now()
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := pool.Exec(t.Context(), statement, args...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	exec("INSERT INTO accounts (id, email, role, password_hash) VALUES ($1, 'a@example.com', 'agent', 'x')", agent)
	exec("INSERT INTO team_members (team, account_id) VALUES ('vip', $1)", agent)
	const add = "INSERT INTO tickets (id, user_id, status, extra, created_at_ms, updated_at_ms) VALUES ($1, text($1::uuid), 'processing', '{}', $2, $2)"
	var ids []uuid.UUID
	for i := range 4 {
		ids = append(ids, uuid.New())
		exec(add, ids[i], now.Add(-time.Duration(4-i)*time.Hour).UnixMilli())
	}
	exec("INSERT INTO placements (user_id, ticket_id, snoozed_until_ms, placed_by) VALUES (text($1::uuid), $1, now_ms() + 3600000, 'agent:x')", ids[0])
	exec("INSERT INTO placements (user_id, ticket_id, account_id, placed_by) VALUES (text($1::uuid), $1, $2, 'agent:x')", ids[1], agent)
	exec("INSERT INTO claims (user_id, ticket_id, account_id, until_ms) VALUES (text($1::uuid), $1, $2, now_ms() + 600000), (text($3::uuid), $3, $2, now_ms() + 600000)", ids[1], agent, ids[2])
	exec("UPDATE tickets SET status = 'rejected', version = 2, decided_by = $2, decided_at_ms = $3, updated_at_ms = $3, reject_reason = 'x', reject_comment = '' WHERE id = $1",
		ids[3], ticket.Agent(agent.String()), now.UnixMilli())

	w := New(pool, sla.SLA{Late: 150 * time.Minute}, true)
	w.now = func() time.Time { return now }
	counts := func(ctx context.Context) Counts {
		t.Helper()
		c, err := w.Counts(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	own := func(ctx context.Context, since time.Time) Own {
		t.Helper()
		o, err := w.Own(ctx, agent, since)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	first := Counts{Waiting: 2, Late: 2, Snoozed: 1, Oldest: time.UnixMilli(now.Add(-3 * time.Hour).UnixMilli())}
	if got := counts(t.Context()); got != first {
		t.Errorf("counts %+v, want %+v", got, first)
	}
	if got, want := own(t.Context(), now.Add(-time.Minute)), (Own{Mine: 2, Decided: 1, Teams: []string{"vip"}}); !reflect.DeepEqual(got, want) {
		t.Errorf("the agent's own %+v, want %+v", got, want)
	}
	exec(add, uuid.New(), now.UnixMilli())
	exec("DELETE FROM claims")
	if got, err := w.OwnLately(t.Context(), agent, now); err != nil || got.Mine != 2 {
		t.Errorf("lately %+v, %v; want what was counted last", got, err)
	}
	if got := counts(t.Context()); got != first {
		t.Errorf("within the same second it counts again: %+v", got)
	}
	if got, want := own(ticket.Fresh(t.Context()), now.Add(time.Minute)), (Own{Mine: 1, Teams: []string{"vip"}}); !reflect.DeepEqual(got, want) {
		t.Errorf("after a write of the agent %+v, want %+v", got, want)
	}
	if got := counts(ticket.Fresh(t.Context())); got.Waiting != 3 {
		t.Errorf("after a write of the agent %+v, want 3 that wait", got)
	}
	if got, err := w.CountsLately(ticket.Fresh(t.Context())); err != nil || got.Waiting != 3 {
		t.Errorf("others see %+v, %v; want what was counted last", got, err)
	}
	exec(add, uuid.New(), now.UnixMilli())
	if got, err := w.CountsLately(ticket.Fresh(t.Context())); err != nil || got.Waiting != 3 {
		t.Errorf("lately %+v, %v; want what was counted last", got, err)
	}
	now = now.Add(life)
	if got := counts(t.Context()); got.Waiting != 4 {
		t.Errorf("a second later %+v", got)
	}
}

// A ticket whose decision is pending waits for nobody.
func TestWorkload_DecisionPending(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	agent, now := uuid.New(), time.Now()
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := pool.Exec(t.Context(), statement, args...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	exec("INSERT INTO accounts (id, email, role, password_hash) VALUES ($1, 'a@example.com', 'agent', 'x')", agent)
	var ids []uuid.UUID
	for i := range 3 {
		ids = append(ids, uuid.New())
		exec("INSERT INTO tickets (id, user_id, status, extra, created_at_ms, updated_at_ms) VALUES ($1, text($1::uuid), 'processing', '{}', $2, $2)",
			ids[i], now.Add(-time.Duration(4-i)*time.Hour).UnixMilli())
		exec("INSERT INTO placements (user_id, ticket_id, account_id, placed_by) VALUES (text($1::uuid), $1, $2, 'agent:x')", ids[i], agent)
	}
	for i, due := range []string{"now_ms() + 60000", "NULL"} { // the second was undone
		exec("INSERT INTO pending_decisions (user_id, ticket_id, version, status, decided_by, note, due_at_ms) VALUES (text($1::uuid), $1, 1, 'approved', 'agent:x', '', "+due+")", ids[i])
	}
	w := New(pool, sla.SLA{Late: time.Hour}, false)
	want := Counts{Waiting: 2, Late: 2, Oldest: time.UnixMilli(now.Add(-3 * time.Hour).UnixMilli())}
	if got, err := w.Counts(t.Context()); err != nil || got != want {
		t.Errorf("counts %+v, %v; want %+v", got, err, want)
	}
	if got, err := w.Own(t.Context(), agent, now); err != nil || got.Mine != 2 {
		t.Errorf("the agent's own %+v, %v; want 2", got, err)
	}
}

func TestWorkload_BacklogOnceASecond(t *testing.T) {
	t.Parallel()
	w, now := New(nil, sla.SLA{}, false), time.Now()
	w.now = func() time.Time { return now }
	counted := int64(0)
	backlog := func(before time.Time) int64 {
		t.Helper()
		b, err := w.Backlog(t.Context(), before, func(context.Context, time.Time) (ticket.Backlog, error) {
			counted++
			return ticket.Backlog{Count: counted}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return b.Count
	}
	if first, again := backlog(now), backlog(now.Truncate(life)); first != 1 || again != 1 {
		t.Errorf("counted %d and %d, want one count for both", first, again)
	}
	if other := backlog(now.Add(-time.Hour)); other != 2 {
		t.Errorf("of another time %d, want a count of its own", other)
	}
	now = now.Add(life)
	if later := backlog(now.Add(-life)); later != 3 {
		t.Errorf("a second later %d, want another count", later)
	}
}

// What is snoozed does not use up what is counted.
func TestWorkload_ManyWait(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	w := New(pool, sla.SLA{Late: time.Hour}, false)
	for _, step := range []struct {
		statement string
		want      Counts
	}{
		{`INSERT INTO tickets (id, user_id, status, extra, created_at_ms, updated_at_ms)
			SELECT gen_random_uuid(), n::text, 'processing', '{}', n, n FROM generate_series(1, 1200) n`, Counts{Waiting: Most + 1, Late: Most + 1, Oldest: time.UnixMilli(1)}},
		{`INSERT INTO placements (user_id, ticket_id, snoozed_until_ms, placed_by)
			SELECT user_id, id, now_ms() + 3600000, 'agent:x' FROM tickets WHERE created_at_ms <= 300`, Counts{Waiting: 900, Late: Most + 1, Snoozed: 300, Oldest: time.UnixMilli(301)}},
		{`INSERT INTO tickets (id, user_id, status, extra, created_at_ms, updated_at_ms)
			SELECT gen_random_uuid(), n::text, 'processing', '{}', n, n FROM generate_series(1201, 1400) n`, Counts{Waiting: Most + 1, Late: Most + 1, Snoozed: 300, Oldest: time.UnixMilli(301)}},
	} {
		if _, err := pool.Exec(t.Context(), step.statement); err != nil {
			t.Fatal(err)
		}
		if got, err := w.Counts(ticket.Fresh(t.Context())); err != nil || got != step.want {
			t.Errorf("counts %+v, %v; want %+v", got, err, step.want)
		}
	}
}
