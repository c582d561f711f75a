package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/internal/form"
	"docket/internal/progress"
	"docket/internal/ticket"
)

type fill struct {
	DatabaseURL string `env:"DATABASE_URL" required:"" placeholder:"URL" help:"An empty, migrated database, by a superuser: the triggers that write the history are off while it is filled."`
	Tickets     int    `default:"1000000" help:"How many tickets (${default})."`
	Users       int    `help:"How many users may have them; by Zipf, so not all do. Default: as many as tickets."`
	Seed        uint64 `default:"1" help:"The same seed makes the same tickets (${default})."`
}

func (f fill) Run(ctx context.Context) error {
	if f.Users == 0 {
		f.Users = f.Tickets
	}
	conn, err := pgx.Connect(ctx, f.DatabaseURL)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	began := time.Now()
	if err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return f.all(ctx, tx) }); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "ANALYZE"); err != nil {
		return err
	}
	took := time.Since(began)
	fmt.Printf("%d tickets in %s, %.0f/s, with their events, indexes and statistics\n",
		f.Tickets, took.Round(100*time.Millisecond), float64(f.Tickets)/took.Seconds())
	return nil
}

// all fills the database in one transaction: what is broken off leaves it as it was. Rows come before indexes, which
// then are built by sorting.
func (f fill) all(ctx context.Context, tx pgx.Tx) error {
	p := &past{seed: f.Seed, tickets: f.Tickets, users: f.Users, until: time.Now().Truncate(time.Minute), reasons: worded()}
	if err := empty(ctx, tx); err != nil {
		return err
	}
	rebuild, err := dropIndexes(ctx, tx)
	if err != nil {
		return err
	}
	for _, table := range []func(context.Context, pgx.Tx, *past) error{f.tickets, f.events, f.latest} {
		if err := table(ctx, tx, p); err != nil {
			return err
		}
	}
	return build(ctx, tx, rebuild)
}

// worded are the reasons that have a text of their own.
func worded() (reasons []form.Reason) {
	for _, reason := range form.Default().Reasons {
		if reason.Text != "" {
			reasons = append(reasons, reason)
		}
	}
	return reasons
}

// empty makes sure that nothing is lost, turns the triggers off for this transaction, and makes the tables new in it.
func empty(ctx context.Context, tx pgx.Tx) error {
	var filled bool
	if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM tickets)").Scan(&filled); err != nil {
		return err
	}
	if filled {
		return errors.New("the database has tickets already: fill an empty one")
	}
	_, err := tx.Exec(ctx, `SET LOCAL session_replication_role = replica; SET LOCAL maintenance_work_mem = '512MB';
		TRUNCATE tickets, ticket_events CASCADE`)
	return err
}

// dropIndexes drops those that enforce no constraint and returns the statements that make them again.
func dropIndexes(ctx context.Context, tx pgx.Tx) ([]string, error) {
	rows, err := tx.Query(ctx, `
		SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
		WHERE i.indrelid IN ('tickets'::regclass, 'user_tickets'::regclass, 'ticket_events'::regclass)
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

func build(ctx context.Context, tx pgx.Tx, indexes []string) error {
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

func (f fill) tickets(ctx context.Context, tx pgx.Tx, p *past) error {
	bar := progress.New("tickets", int64(f.Tickets))
	defer bar.End()
	said, version := &answers{seed: f.Seed}, form.Default().Version
	_, err := load(ctx, tx, "tickets", `id, user_id, status, version, extra, form_version, one_open, submitted_by, submission_key,
		submission_hash, decided_by, decided_at_ms, reject_reason, reject_comment, note, created_at_ms, updated_at_ms`, func(r *rows) {
		for m := range p.all() {
			r.row(17)
			r.uuid(m.id)
			r.text(userID(m.user))
			r.text(string(m.status))
			r.number(m.version())
			r.json(said.of(m.number))
			r.text(version)
			r.yes()
			r.text("key:fill")
			r.text(uuid.UUID(m.id).String())
			r.text("")
			m.decision(r)
			r.number(m.createdMS)
			r.number(m.changedMS())
			bar.Add(1)
		}
	})
	return err
}

func (m made) version() int64 {
	if m.status.Open() {
		return 1
	}
	return 2
}

func (m made) changedMS() int64 {
	if m.status.Open() {
		return m.createdMS
	}
	return m.decidedMS
}

// decision writes who decided and when, and why and in what words.
func (m made) decision(r *rows) {
	if m.status.Open() {
		for range 5 {
			r.null()
		}
		return
	}
	r.text(ticket.Agent(agentID(m.agent)))
	r.number(m.decidedMS)
	m.words(r)
}

func (m made) words(r *rows) {
	if m.status == ticket.Rejected {
		r.text(m.reason.Code)
		r.text(m.reason.Text)
	} else {
		r.null()
		r.null()
	}
	r.text("")
}

func (f fill) events(ctx context.Context, tx pgx.Tx, p *past) error {
	bar := progress.New("events", int64(f.Tickets))
	defer bar.End()
	_, err := load(ctx, tx, "ticket_events", "ticket_id, version, kind, actor, at_ms, reason, comment, note", func(r *rows) {
		for m := range p.all() {
			r.row(8)
			r.uuid(m.id)
			r.number(1)
			r.text("submitted")
			r.text("key:fill")
			r.number(m.createdMS)
			r.null()
			r.null()
			r.null()
			if !m.status.Open() {
				m.closing(r)
			}
			bar.Add(1)
		}
	})
	return err
}

func (m made) closing(r *rows) {
	r.row(8)
	r.uuid(m.id)
	r.number(2)
	r.text(string(m.status))
	r.text(ticket.Agent(agentID(m.agent)))
	r.number(m.decidedMS)
	m.words(r)
}

// latest copies the last approval of every user, whose ticket is found by going through the history once more.
func (f fill) latest(ctx context.Context, tx pgx.Tx, p *past) error {
	last := p.people
	bar := progress.New("latest", int64(f.Tickets))
	defer bar.End()
	said := &answers{seed: f.Seed}
	_, err := load(ctx, tx, "user_tickets", "user_id, ticket_id, extra, decided_by, created_at_ms, updated_at_ms", func(r *rows) {
		for m := range p.all() {
			bar.Add(1)
			if last[m.user].latest != m.number {
				continue
			}
			r.row(6)
			r.text(userID(m.user))
			r.uuid(m.id)
			r.json(said.of(m.number))
			r.text(ticket.Agent(agentID(m.agent)))
			r.number(last[m.user].firstMS)
			r.number(last[m.user].latestMS)
		}
	})
	return err
}
