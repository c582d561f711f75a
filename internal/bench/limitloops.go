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

// serveLoop does one kind of work with 32 workers inside this process and answers with the sample.
func (l *limits) serveLoop(w http.ResponseWriter, r *http.Request) {
	duration, err := strconv.ParseInt(r.URL.Query().Get("ms"), 10, 64)
	if err != nil {
		writeJSON(w, nil, err)
		return
	}
	work := map[string]func(context.Context, int64) (sample, error){
		"insert": l.insertRows, "submit": l.submitTickets,
		"wait": l.openTickets("tickets"), "decide": l.decideByStore, "wait-by-hand": l.openTickets("raw_tickets"), "decide-by-hand": l.decideByHand,
	}[r.PathValue("name")]
	s, err := work(r.Context(), duration)
	if err != nil {
		fmt.Fprintln(w, err)
		return
	}
	writeJSON(w, s, nil)
}

func sameForAll(do func(n int64) error) func(int) (func(int64) error, error) {
	return func(int) (func(int64) error, error) { return do, nil }
}

// insertRows commits one INSERT at a time and nothing else.
func (l *limits) insertRows(ctx context.Context, ms int64) (sample, error) {
	body := l.answers.answersOf(1)
	return burst{workers: workers, duration: time.Duration(ms) * time.Millisecond}.run(ctx, sameForAll(func(int64) error {
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

// submitTickets does what the store does: id, fingerprint, guarded insert, event by trigger, notification.
func (l *limits) submitTickets(ctx context.Context, ms int64) (sample, error) {
	body := l.answers.answersOf(1)
	return burst{workers: workers, duration: time.Duration(ms) * time.Millisecond}.run(ctx, sameForAll(func(int64) error {
		key := uuid.NewString()
		_, err := l.desk.Submit(ctx, ticket.Submission{UserID: key, Extra: body, FormVersion: "v", By: "key:bench", Key: key, OneOpen: true})
		return err
	}))
}

// decideByStore approves the open tickets as the store does, one agent for each worker.
func (l *limits) decideByStore(ctx context.Context, count int64) (sample, error) {
	return burst{workers: workers, ops: count}.run(ctx, sameForAll(func(n int64) error {
		_, err := l.desk.Decide(ctx, l.open[n], 1, ticket.Approve(ticket.Agent(agentID(int(n%workers))), ""))
		return err
	}))
}

// decideByHand approves them with the plainest transaction: begin, update, upsert, commit.
func (l *limits) decideByHand(ctx context.Context, count int64) (sample, error) {
	return burst{workers: workers, ops: count}.run(ctx, sameForAll(func(n int64) error {
		return pgx.BeginFunc(ctx, l.work, func(tx pgx.Tx) error { return decideInTransaction(ctx, tx, l.open[n], int(n%workers)) })
	}))
}

func decideInTransaction(ctx context.Context, tx pgx.Tx, id uuid.UUID, agent int) error {
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

// openTickets makes the open tickets that the next loop decides; making them is not measured.
func (l *limits) openTickets(table string) func(context.Context, int64) (sample, error) {
	return func(ctx context.Context, count int64) (sample, error) {
		rows, err := l.work.Query(ctx, `INSERT INTO `+table+` (id, user_id, status, extra, form_version, created_at_ms, updated_at_ms)
			SELECT gen_random_uuid(), gen_random_uuid()::text, 'processing', $1, 'v', ms, ms FROM generate_series(1, $2::bigint), now_ms() AS ms RETURNING id`,
			l.answers.answersOf(1), count)
		if err != nil {
			return sample{}, err
		}
		l.open, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		return sample{Ops: int64(len(l.open))}, err
	}
}
