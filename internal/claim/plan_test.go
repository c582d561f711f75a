package claim_test

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/claim"
	"docket/internal/postgres"
)

// planned runs each statement for its plan alone.
type planned struct {
	pgx.Tx
	plan *string
}

func (p planned) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	_, rest, _ := strings.Cut(sql, "\n") // without the name of the statement
	rows, err := p.Query(ctx, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) "+rest, args...)
	if err == nil {
		var lines []string
		lines, err = pgx.CollectRows(rows, pgx.RowTo[string])
		*p.plan = strings.Join(lines, "\n")
	}
	if err != nil {
		*p.plan = err.Error()
	}
	return p.Tx.QueryRow(ctx, sql, args...)
}

// fill adds open tickets in three queues, and closed ones; every hundredth open ticket is snoozed.
func fill(t *testing.T, p *postgres.Pool, snoozedBy uuid.UUID) {
	t.Helper()
	mustExec(t, p, `ALTER TABLE tickets DISABLE TRIGGER USER`)
	for from := range 10 { // within the limit of a statement
		mustExec(t, p, `INSERT INTO tickets (id, user_id, status, version, extra, one_open, queue, created_at_ms, updated_at_ms)
			SELECT gen_random_uuid(), 'u' || i, CASE WHEN i % 4 = 0 THEN 'withdrawn' ELSE 'processing' END, 1, '{}', false, (ARRAY['', 'high', 'low'])[1 + i % 3], i, i
			FROM generate_series($1::int, $1::int + 1999) i`, 1+2000*from)
	}
	mustExec(t, p, `ALTER TABLE tickets ENABLE TRIGGER USER`)
	mustExec(t, p, `INSERT INTO placements (user_id, ticket_id, snoozed_until_ms, placed_by)
		SELECT user_id, id, now_ms() + 1000000, 'agent:' || $1::text FROM tickets WHERE status = 'processing' AND created_at_ms % 100 = 1`, snoozedBy)
	mustExec(t, p, `VACUUM ANALYZE tickets, placements, claims, ticket_notes`)
}

// TestNext_Plan keeps the cost of the next ticket that of a few of them, however many wait.
func TestNext_Plan(t *testing.T) {
	t.Parallel()
	_, _, p := open(t)
	who := agents(t, p, 1)[0]
	fill(t, p, who)
	var plan string
	err := pgx.BeginFunc(t.Context(), p, func(tx pgx.Tx) error {
		_, err := db.New().ClaimNext(t.Context(), planned{tx, &plan}, db.ClaimNextParams{
			AccountID: who, LeaseMs: 1000, TeamQueues: []string{"high"}, QueueTeams: []string{"seniors"}, Most: claim.MostHeld,
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	reads := regexp.MustCompile(`(\S+ Scan)( using \w+)? on tickets \w+ \((?:never executed|actual rows=([0-9.]+))`).FindAllStringSubmatch(plan, -1)
	if len(reads) < 3 {
		t.Errorf("the plan reads tickets %d times:\n%s", len(reads), plan)
	}
	for _, read := range reads {
		if rows, _ := strconv.ParseFloat(read[3], 64); read[2] == "" || rows > 5 {
			t.Errorf("%s reads %s tickets, want an index and at most 5:\n%s", read[1], read[3], plan)
		}
	}
	for _, notes := range regexp.MustCompile(` on ticket_notes .* loops=(\d+)`).FindAllStringSubmatch(plan, -1) {
		if notes[1] != "1" {
			t.Errorf("what the agent has skipped is read %s times, want once in each part:\n%s", notes[1], plan)
		}
	}
}
