package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/progress"
	"docket/internal/ticket"
)

type fill struct {
	DatabaseURL string `env:"DATABASE_URL" required:"" placeholder:"URL" help:"An empty, migrated database, by a superuser: the triggers that write the history are off while it is filled."`
	Tickets     int    `default:"1000000" help:"How many tickets (${default})."`
	Users       int    `help:"How many users may have them; by Zipf, so not all do. Default: as many as tickets."`
	Waiting     int    `help:"About how many of them wait, all of the last week, so that databases with different numbers of tickets have as many to do. Default: one in fifty."`
	Agents      int    `help:"How many agents decide them, so that databases with different numbers of tickets have as many. Default: one for each 450 tickets a day."`
	Seed        uint64 `default:"1" help:"The same seed makes the same tickets (${default})."`
}

func (f fill) Run(ctx context.Context) error {
	if f.Users == 0 {
		f.Users = f.Tickets
	}
	if f.Agents == 0 {
		f.Agents = agentsFor(f.Tickets)
	}
	conn, err := pgx.Connect(ctx, f.DatabaseURL)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	began := time.Now()
	if err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return f.fillTables(ctx, tx) }); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "VACUUM (ANALYZE)"); err != nil {
		return err
	}
	took := time.Since(began)
	fmt.Printf("%d tickets in %s, %.0f/s, with their events, indexes and statistics\n",
		f.Tickets, took.Round(100*time.Millisecond), float64(f.Tickets)/took.Seconds())
	return nil
}

// fillTables fills the database in one transaction: when interrupted it changes nothing. Rows come before indexes, which are
// then built by sorting.
func (f fill) fillTables(ctx context.Context, tx pgx.Tx) error {
	p := &history{seed: f.Seed, tickets: f.Tickets, users: f.Users, agents: f.Agents, waiting: f.Waiting, until: time.Now().Truncate(time.Minute), reasons: reasonsWithText()}
	if err := truncateTables(ctx, tx); err != nil {
		return err
	}
	rebuild, err := dropIndexes(ctx, tx)
	if err != nil {
		return err
	}
	for _, table := range []func(context.Context, pgx.Tx, *history) error{f.copyTickets, f.copyEvents, f.copyLatest, f.copyWords} {
		if err := table(ctx, tx, p); err != nil {
			return err
		}
	}
	if err := buildIndexes(ctx, tx, rebuild); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "ANALYZE tickets, ticket_events"); err != nil { // for the plans of what follows
		return err
	}
	if err := fillDesk(ctx, tx, p.agents); err != nil {
		return err
	}
	return countAll(ctx, tx, p.until)
}

// reasonsWithText are the reasons that have a text of their own.
func reasonsWithText() (reasons []form.Reason) {
	for _, reason := range formfile.Default().Reasons {
		if reason.Text != "" {
			reasons = append(reasons, reason)
		}
	}
	return reasons
}

// truncateTables refuses a database with tickets. It disables triggers in this transaction and truncates the tables.
func truncateTables(ctx context.Context, tx pgx.Tx) error {
	var filled bool
	if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM tickets)").Scan(&filled); err != nil {
		return err
	}
	if filled {
		return errors.New("the database has tickets already: fill an empty one")
	}
	_, err := tx.Exec(ctx, `SET LOCAL session_replication_role = replica; SET LOCAL maintenance_work_mem = '512MB';
		TRUNCATE tickets, ticket_events, ticket_words CASCADE`)
	return err
}

// dropIndexes drops those that enforce no constraint and returns the statements that make them again.
func dropIndexes(ctx context.Context, tx pgx.Tx) ([]string, error) {
	rows, err := tx.Query(ctx, `
		SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
		WHERE i.indrelid IN ('tickets'::regclass, 'user_tickets'::regclass, 'ticket_events'::regclass, 'ticket_words'::regclass)
		  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)`)
	if err != nil {
		return nil, err
	}
	var rebuild []string
	var name, definition, drop string
	_, err = pgx.ForEachRow(rows, []any{&name, &definition}, func() error {
		drop += "DROP INDEX " + name + ";"
		rebuild = append(rebuild, definition)
		return nil
	})
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, drop)
	return rebuild, err
}

func buildIndexes(ctx context.Context, tx pgx.Tx, indexes []string) error {
	bar := progress.New("indexes", int64(len(indexes)))
	defer bar.End()
	for _, index := range indexes {
		if _, err := tx.Exec(ctx, index); err != nil {
			return fmt.Errorf("%s: %w", index, err)
		}
		bar.Add(1)
	}
	return nil
}

func (f fill) copyTickets(ctx context.Context, tx pgx.Tx, p *history) error {
	bar := progress.New("tickets", int64(f.Tickets))
	defer bar.End()
	maker, version := answersOfHistory(f.Seed, f.Tickets), formfile.Default().Version
	_, err := copyRows(ctx, tx, "tickets", `id, user_id, status, version, extra, form_version, one_open, submitted_by, submission_key,
		submission_hash, decided_by, decided_at_ms, reject_reason, reject_comment, note, created_at_ms, updated_at_ms`, func(r *rowWriter) {
		for m := range p.eachTicket() {
			r.beginRow(17)
			r.uuid(m.id)
			r.text(userID(m.user))
			r.text(string(m.status))
			r.number(m.version())
			r.json(maker.answersOf(m.number))
			r.text(version)
			r.yes()
			r.text("key:fill")
			r.text(uuid.UUID(m.id).String())
			r.text("")
			m.writeDecision(r)
			r.number(m.createdMS)
			r.number(m.changedMS())
			bar.Add(1)
		}
	})
	return err
}

func (m madeTicket) version() int64 {
	if m.status.Open() {
		return 1
	}
	return 2
}

func (m madeTicket) changedMS() int64 {
	if m.status.Open() {
		return m.createdMS
	}
	return m.decidedMS
}

// writeDecision writes who decided and when, the reason and its text.
func (m madeTicket) writeDecision(r *rowWriter) {
	if m.status.Open() {
		for range 5 {
			r.null()
		}
		return
	}
	r.text(ticket.Agent(agentID(m.agent)))
	r.number(m.decidedMS)
	m.writeReason(r)
}

func (m madeTicket) writeReason(r *rowWriter) {
	if m.status == ticket.Rejected {
		r.text(m.reason.Code)
		r.text(m.reason.Text)
	} else {
		r.null()
		r.null()
	}
	r.text("")
}

func (f fill) copyEvents(ctx context.Context, tx pgx.Tx, p *history) error {
	bar := progress.New("events", int64(f.Tickets))
	defer bar.End()
	_, err := copyRows(ctx, tx, "ticket_events", "user_id, ticket_id, version, kind, actor, at_ms, reason, comment, note", func(r *rowWriter) {
		for m := range p.eachTicket() {
			r.beginRow(9)
			r.text(userID(m.user))
			r.uuid(m.id)
			r.number(1)
			r.text("submitted")
			r.text("key:fill")
			r.number(m.createdMS)
			r.null()
			r.null()
			r.null()
			if !m.status.Open() {
				m.writeClosing(r)
			}
			bar.Add(1)
		}
	})
	return err
}

func (m madeTicket) writeClosing(r *rowWriter) {
	r.beginRow(9)
	r.text(userID(m.user))
	r.uuid(m.id)
	r.number(2)
	r.text(string(m.status))
	r.text(ticket.Agent(agentID(m.agent)))
	r.number(m.decidedMS)
	m.writeReason(r)
}

// copyLatest copies the last approval of every user; it goes through the history once more to find the ticket.
func (f fill) copyLatest(ctx context.Context, tx pgx.Tx, p *history) error {
	last := p.userStates
	bar := progress.New("latest", int64(f.Tickets))
	defer bar.End()
	maker := answersOfHistory(f.Seed, f.Tickets)
	_, err := copyRows(ctx, tx, "user_tickets", "user_id, ticket_id, extra, decided_by, created_at_ms, updated_at_ms", func(r *rowWriter) {
		for m := range p.eachTicket() {
			bar.Add(1)
			if last[m.user].latest != m.number {
				continue
			}
			r.beginRow(6)
			r.text(userID(m.user))
			r.uuid(m.id)
			r.json(maker.answersOf(m.number))
			r.text(ticket.Agent(agentID(m.agent)))
			r.number(last[m.user].firstMS)
			r.number(last[m.user].latestMS)
		}
	})
	return err
}
