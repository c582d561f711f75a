package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/internal/ticket"
)

const workers = 32

// rawTables are those of docket with their indexes and checks, but without triggers and foreign keys.
const rawTables = `
	DROP TABLE IF EXISTS raw_user_tickets, raw_tickets;
	CREATE TABLE raw_tickets (LIKE tickets INCLUDING ALL);
	CREATE TABLE raw_user_tickets (LIKE user_tickets INCLUDING ALL)`

// loop does one kind of work with 32 workers, inside of this process, and tells how it went.
func (l *limits) loop(w http.ResponseWriter, r *http.Request) {
	lasts, err := strconv.ParseInt(r.URL.Query().Get("ms"), 10, 64)
	if err != nil {
		answer(w, nil, err)
		return
	}
	work := map[string]func(context.Context, int64) (sample, error){
		"insert": l.insert, "submit": l.submit,
		"wait": l.wait("tickets"), "decide": l.decideDesk, "wait-by-hand": l.wait("raw_tickets"), "decide-by-hand": l.decideByHand,
	}[r.PathValue("name")]
	s, err := work(r.Context(), lasts)
	if err != nil {
		fmt.Fprintln(w, err)
		return
	}
	answer(w, s, nil)
}

func each(do func(n int64) error) func(int) (func(int64) error, error) {
	return func(int) (func(int64) error, error) { return do, nil }
}

// insert is one INSERT for each commit, and nothing else.
func (l *limits) insert(ctx context.Context, ms int64) (sample, error) {
	body := l.said.of(1)
	return burst{workers: workers, lasts: time.Duration(ms) * time.Millisecond}.run(ctx, each(func(int64) error {
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		now := time.Now().UnixMilli()
		_, err = l.work.Exec(ctx, `INSERT INTO raw_tickets (id, user_id, status, extra, form_version, submitted_by, submission_key, created_at_ms, updated_at_ms)
			VALUES ($1, $2, 'processing', $3, 'v', 'key:bench', $2, $4, $4)`, id, id.String(), body, now)
		return err
	}))
}

// submit is the store's way: id, fingerprint, guarded insert, the event by trigger, and the word to other instances.
func (l *limits) submit(ctx context.Context, ms int64) (sample, error) {
	body := l.said.of(1)
	return burst{workers: workers, lasts: time.Duration(ms) * time.Millisecond}.run(ctx, each(func(int64) error {
		key := uuid.NewString()
		_, err := l.desk.Submit(ctx, ticket.Submission{UserID: key, Extra: body, FormVersion: "v", By: "key:bench", Key: key, OneOpen: true})
		return err
	}))
}

// decideDesk approves the tickets that wait, one agent each, as the store does it.
func (l *limits) decideDesk(ctx context.Context, count int64) (sample, error) {
	return burst{workers: workers, ops: count}.run(ctx, each(func(n int64) error {
		_, err := l.desk.Decide(ctx, l.waiting[n], 1, ticket.Approve(ticket.Agent(agentID(int(n%workers))), ""))
		return err
	}))
}

// decideByHand does what one would write first: begin, update, upsert, commit.
func (l *limits) decideByHand(ctx context.Context, count int64) (sample, error) {
	return burst{workers: workers, ops: count}.run(ctx, each(func(n int64) error {
		return pgx.BeginFunc(ctx, l.work, func(tx pgx.Tx) error { return byHand(ctx, tx, l.waiting[n], int(n%workers)) })
	}))
}

func byHand(ctx context.Context, tx pgx.Tx, id uuid.UUID, agent int) error {
	var user string
	var extra json.RawMessage
	by, now := ticket.Agent(agentID(agent)), time.Now().UnixMilli()
	err := tx.QueryRow(ctx, `UPDATE raw_tickets SET status = 'approved', version = version + 1, decided_by = $2, decided_at_ms = $3, updated_at_ms = $3
		WHERE id = $1 AND status = 'processing' RETURNING user_id, extra`, id, by, now).Scan(&user, &extra)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO raw_user_tickets (user_id, ticket_id, extra, decided_by, created_at_ms, updated_at_ms) VALUES ($1, $2, $3, $4, $5, $5)
		ON CONFLICT (user_id) DO UPDATE SET ticket_id = excluded.ticket_id, extra = excluded.extra, decided_by = excluded.decided_by, updated_at_ms = excluded.updated_at_ms`,
		user, id, extra, by, now)
	return err
}

// wait makes open tickets to decide: first, as they are no part of what is measured.
func (l *limits) wait(table string) func(context.Context, int64) (sample, error) {
	return func(ctx context.Context, count int64) (sample, error) {
		rows, err := l.work.Query(ctx, `INSERT INTO `+table+` (id, user_id, status, extra, form_version, created_at_ms, updated_at_ms)
			SELECT gen_random_uuid(), gen_random_uuid()::text, 'processing', $1, 'v', ms, ms FROM generate_series(1, $2::bigint), now_ms() AS ms RETURNING id`,
			l.said.of(1), count)
		if err != nil {
			return sample{}, err
		}
		l.waiting, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		return sample{Ops: int64(len(l.waiting))}, err
	}
}
