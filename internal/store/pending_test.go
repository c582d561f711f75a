package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"docket/db"
	"docket/internal/claim"
	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/ticket"
)

// deciders makes n accounts of agents.
func deciders(t *testing.T, p *postgres.Pool, n int) []uuid.UUID {
	t.Helper()
	ids := make([]uuid.UUID, n)
	for i := range ids {
		ids[i] = uuid.New()
		if _, err := p.Exec(t.Context(), "INSERT INTO accounts (id, email, role, password_hash) VALUES ($1, $2, 'agent', 'x')", ids[i], ids[i].String()+"@example.com"); err != nil {
			t.Fatal(err)
		}
	}
	return ids
}

func approval(by uuid.UUID) ticket.Decision { return ticket.Approve(ticket.Agent(by.String()), "") }

// postpone approves a new ticket of a user, to be made in a minute.
func postpone(t *testing.T, d ticket.Desk, user string, by uuid.UUID) ticket.Ticket {
	t.Helper()
	made := submit(t, d, user)
	if err := d.Postpone(t.Context(), made.ID, made.Version, approval(by), time.Minute); err != nil {
		t.Fatalf("postpone: %v", err)
	}
	return made
}

// makeDue makes every pending decision due now.
func makeDue(t *testing.T, p *postgres.Pool) {
	t.Helper()
	if _, err := p.Exec(t.Context(), "UPDATE pending_decisions SET due_at_ms = now_ms() WHERE due_at_ms IS NOT NULL"); err != nil {
		t.Fatal(err)
	}
}

func TestPostpone_HiddenUntilDue(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agent := deciders(t, p, 1)[0]
	made := postpone(t, d, "ann", agent)
	if decided, wait, err := d.DecideDue(t.Context()); err != nil || len(decided) != 0 || wait <= 0 {
		t.Errorf("before it is due: %d decided, wait %s, %v", len(decided), wait, err)
	}
	if seen, err := d.Ticket(t.Context(), made.ID); err != nil || seen.Status != ticket.Processing || seen.Version != made.Version {
		t.Errorf("before it is due: %+v, %v; want the ticket as it was", seen, err)
	}
	if _, err := d.Latest(t.Context(), "ann"); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("look-up before it is due: %v, want ErrNotFound", err)
	}
	if waiting, err := d.Backlog(t.Context(), time.Now().Add(time.Minute)); err != nil || waiting.Count != 0 {
		t.Errorf("before it is due %d tickets wait, %v; want none", waiting.Count, err)
	}
	pending, err := d.Pending(t.Context(), agent)
	if err != nil || len(pending) != 1 || pending[0].TicketID != made.ID || pending[0].Left <= 0 || pending[0].Left > time.Minute {
		t.Errorf("pending: %+v, %v", pending, err)
	}
	makeDue(t, p)
	decided, _, err := d.DecideDue(t.Context())
	if err != nil || len(decided) != 1 || decided[0].Status != ticket.Approved || decided[0].Decision.By != ticket.Agent(agent.String()) {
		t.Fatalf("when it is due: %+v, %v", decided, err)
	}
	if latest, err := d.Latest(t.Context(), "ann"); err != nil || latest.TicketID != made.ID {
		t.Errorf("look-up: %+v, %v", latest, err)
	}
	if left, err := d.Pending(t.Context(), agent, made.ID); err != nil || len(left) != 0 {
		t.Errorf("still pending: %+v, %v", left, err)
	}
}

func TestPostpone_Rejection(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agent := deciders(t, p, 1)[0]
	made := submit(t, d, "ann")
	rejection := ticket.Reject(ticket.Agent(agent.String()), "other", "Please sign it.", "seen twice")
	rejection.Rows = []string{"owners.1", "owners.2"}
	if err := d.Postpone(t.Context(), made.ID, 1, rejection, time.Minute); err != nil {
		t.Fatal(err)
	}
	makeDue(t, p)
	decided, _, err := d.DecideDue(t.Context())
	if err != nil || len(decided) != 1 || !rejection.Repeats(decided[0].Decision) {
		t.Errorf("decided %+v, %v; want %+v", decided, err, rejection)
	}
}

func TestPostpone_OthersRefused(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents := deciders(t, p, 2)
	made := postpone(t, d, "ann", agents[0])
	for name, try := range map[string]struct {
		do   func() error
		want error
	}{
		"decision of a program": {func() error {
			_, err := d.Decide(t.Context(), made.ID, 1, ticket.Approve("key:all", ""))
			return err
		}, ticket.ErrClaimed},
		"decision of the same agent": {func() error {
			_, err := d.Decide(t.Context(), made.ID, 1, approval(agents[0]))
			return err
		}, ticket.ErrClaimed},
		"postponed by a colleague": {func() error {
			return d.Postpone(t.Context(), made.ID, 1, approval(agents[1]), time.Minute)
		}, ticket.ErrClaimed},
		"another by the same agent": {func() error {
			return d.Postpone(t.Context(), made.ID, 1, ticket.Reject(ticket.Agent(agents[0].String()), "other", "x", ""), time.Minute)
		}, ticket.ErrClaimed},
		"the same again": {func() error {
			return d.Postpone(t.Context(), made.ID, 1, approval(agents[0]), time.Hour)
		}, nil},
		"undone by a colleague": {func() error { return d.Undo(t.Context(), made.ID, agents[1]) }, ticket.ErrClaimed},
		"made by a colleague": {func() error {
			_, err := d.DecideNow(t.Context(), made.ID, agents[1])
			return err
		}, ticket.ErrClaimed},
		"claimed by a colleague": {func() error {
			_, err := claim.New(p).Take(t.Context(), agents[1], made.ID)
			return err
		}, ticket.ErrClaimed},
		"taken by a colleague as the next one": {func() error {
			_, err := claim.New(p).Next(t.Context(), agents[1])
			return err
		}, ticket.ErrNotFound},
	} {
		if err := try.do(); !errors.Is(err, try.want) {
			t.Errorf("%s: %v, want %v", name, err, try.want)
		}
	}
	pending, err := d.Pending(t.Context(), agents[0])
	if err != nil || len(pending) != 1 || pending[0].Left > time.Minute {
		t.Errorf("pending %+v, %v; want one with its first time", pending, err)
	}
}

func TestPostpone_Refused(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents := deciders(t, p, 2)
	own, open, held, closed := submit(t, d, agents[0].String()), submit(t, d, "bob"), submit(t, d, "cid"), approve(t, d, submit(t, d, "dan"))
	if _, err := claim.New(p).Take(t.Context(), agents[1], held.ID); err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]struct {
		id      uuid.UUID
		version int64
		want    error
	}{
		"unknown ticket":      {uuid.New(), 1, ticket.ErrNotFound},
		"own ticket":          {own.ID, 1, ticket.ErrOwnTicket},
		"other version":       {open.ID, 2, ticket.ErrStale},
		"held by a colleague": {held.ID, 1, ticket.ErrClaimed},
		"closed ticket":       {closed.ID, closed.Version, ticket.ErrDecided},
	} {
		if err := d.Postpone(t.Context(), try.id, try.version, approval(agents[0]), time.Minute); !errors.Is(err, try.want) {
			t.Errorf("%s: %v, want %v", name, err, try.want)
		}
	}
}

// A decision that waits for the ticket while another is postponed does not see that one, and must not be made.
func TestPostpone_HandedOver(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents, claims := deciders(t, p, 3), claim.New(p)
	for _, statement := range []string{"INSERT INTO team_members (team, account_id) VALUES ('fraud', $1)", "UPDATE accounts SET role = 'admin' WHERE id = $1"} {
		if _, err := p.Exec(t.Context(), statement, agents[1]); err != nil {
			t.Fatal(err)
		}
	}
	for user, to := range map[string]ticket.Receiver{"ann": {Agent: agents[2]}, "bob": {Team: "fraud"}} {
		made := submit(t, d, user)
		if err := claims.HandOver(t.Context(), agents[0], made.ID, to); err != nil {
			t.Fatal(err)
		}
		if err := d.Postpone(t.Context(), made.ID, 1, approval(agents[0]), time.Minute); !errors.Is(err, ticket.ErrHandedOver) {
			t.Errorf("%s, by somebody else: %v, want ErrHandedOver", user, err)
		}
		if _, err := d.Decide(t.Context(), made.ID, 1, approval(agents[0])); !errors.Is(err, ticket.ErrHandedOver) {
			t.Errorf("%s, by somebody else at once: %v, want ErrHandedOver", user, err)
		}
		if err := d.Postpone(t.Context(), made.ID, 1, approval(agents[1]), time.Minute); err != nil {
			t.Errorf("%s, by an admin who is in the team: %v", user, err)
		}
	}
}

// TestDecide_HandedOver decides what was handed over to an agent, at once: that agent may, and a system, which no handover is about.
func TestDecide_HandedOver(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents, claims := deciders(t, p, 2), claim.New(p)
	for user, decision := range map[string]ticket.Decision{"ann": approval(agents[1]), "bob": ticket.Approve("key:core", "")} {
		made := submit(t, d, user)
		if err := claims.HandOver(t.Context(), agents[0], made.ID, ticket.Receiver{Agent: agents[1]}); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Decide(t.Context(), made.ID, 1, decision); err != nil {
			t.Errorf("%s, by %s: %v", user, decision.By, err)
		}
	}
}

// TestDecideDue_LeftTheTeam makes a decision of a ticket whose agent left its team meanwhile: they were in it when they decided.
func TestDecideDue_LeftTheTeam(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents, claims := deciders(t, p, 2), claim.New(p)
	made := submit(t, d, "ann")
	if _, err := p.Exec(t.Context(), "INSERT INTO team_members (team, account_id) VALUES ('fraud', $1)", agents[1]); err != nil {
		t.Fatal(err)
	}
	if err := claims.HandOver(t.Context(), agents[0], made.ID, ticket.Receiver{Team: "fraud"}); err != nil {
		t.Fatal(err)
	}
	if err := d.Postpone(t.Context(), made.ID, 1, approval(agents[1]), time.Minute); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Exec(t.Context(), "DELETE FROM team_members"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.DecideNow(t.Context(), made.ID, agents[1]); err != nil {
		t.Errorf("the decision is not made: %v", err)
	}
}

// readPlan keeps the plan of a statement that lists rows.
type readPlan struct {
	pgx.Tx
	plan string
}

func (r *readPlan) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	_, rest, _ := strings.Cut(sql, "\n") // without the name of the statement
	rows, err := r.Tx.Query(ctx, "EXPLAIN (COSTS OFF) "+rest, args...)
	if err != nil {
		return nil, err
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	r.plan = strings.Join(lines, "\n")
	return r.Tx.Query(ctx, sql, args...)
}

// The look for decisions that are due reads those alone: every instance does so each second.
func TestDecideDue_Plan(t *testing.T) {
	t.Parallel()
	_, p := desk(t)
	tx, err := p.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "SET LOCAL enable_seqscan = off"); err != nil {
		t.Fatal(err)
	}
	read := &readPlan{Tx: tx}
	if _, err := db.New().PendingSoon(t.Context(), read, 10); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(read.plan, "Index Cond: (due_at_ms < ") {
		t.Errorf("it reads decisions that are not due:\n%s", read.plan)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestPostpone_DecisionThatWaited(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agent := deciders(t, p, 1)[0]
	made := submit(t, d, "ann")
	tx, err := p.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `WITH open AS (SELECT id, user_id FROM tickets WHERE id = $1 FOR UPDATE)
		INSERT INTO pending_decisions (user_id, ticket_id, version, status, decided_by, note, due_at_ms)
		SELECT user_id, id, 1, 'approved', $2, '', now_ms() + 60000 FROM open`, made.ID, ticket.Agent(agent.String())); err != nil {
		t.Fatal(err)
	}
	decided := make(chan error, 1)
	go func() {
		_, err := retrying{d}.Decide(t.Context(), made.ID, 1, ticket.Approve("key:all", ""))
		decided <- err
	}()
	for count(t.Context(), t, p, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0 {
		if t.Context().Err() != nil {
			return
		}
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-decided; !errors.Is(err, ticket.ErrClaimed) {
		t.Errorf("the decision that waited: %v, want ErrClaimed", err)
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM pending_decisions"); n != 1 {
		t.Errorf("%d pending decisions, want 1", n)
	}
}

func TestUndo_GivesTicketBack(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents := deciders(t, p, 2)
	made := postpone(t, d, "ann", agents[0])
	for range 2 {
		if err := d.Undo(t.Context(), made.ID, agents[0]); err != nil {
			t.Fatalf("undo: %v", err)
		}
	}
	makeDue(t, p)
	if decided, _, err := d.DecideDue(t.Context()); err != nil || len(decided) != 0 {
		t.Errorf("an undone decision was made: %+v, %v", decided, err)
	}
	if _, err := claim.New(p).Take(t.Context(), agents[1], made.ID); !errors.Is(err, ticket.ErrClaimed) {
		t.Errorf("a colleague takes it: %v, want ErrClaimed", err)
	}
	pending, err := d.Pending(t.Context(), agents[0], made.ID)
	if err != nil || len(pending) != 1 || !pending[0].Undone {
		t.Errorf("what was typed: %+v, %v", pending, err)
	}
	if err := d.Postpone(t.Context(), made.ID, 1, ticket.Reject(ticket.Agent(agents[0].String()), "other", "x", ""), time.Minute); err != nil {
		t.Fatalf("decide again: %v", err)
	}
	makeDue(t, p)
	if decided, _, err := d.DecideDue(t.Context()); err != nil || len(decided) != 1 || decided[0].Status != ticket.Rejected {
		t.Errorf("decided %+v, %v; want a rejection", decided, err)
	}
	if err := d.Undo(t.Context(), made.ID, agents[0]); !errors.Is(err, ticket.ErrDecided) {
		t.Errorf("too late: %v, want ErrDecided", err)
	}
}

func TestDecideNow_BeforeDue(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agent := deciders(t, p, 1)[0]
	made := postpone(t, d, "ann", agent)
	for range 2 {
		if decided, err := d.DecideNow(t.Context(), made.ID, agent); err != nil || decided.Status != ticket.Approved {
			t.Errorf("decided %+v, %v", decided, err)
		}
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM ticket_events WHERE kind = 'approved'"); n != 1 {
		t.Errorf("%d approvals, want 1", n)
	}
}

func TestPostpone_ClosedMeanwhile(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agent := deciders(t, p, 1)[0]
	withdrawn, erased := postpone(t, d, "ann", agent), postpone(t, d, "bob", agent)
	if _, err := d.Withdraw(t.Context(), "ann", withdrawn.ID); err != nil {
		t.Fatalf("withdraw: %v", err)
	}
	if _, err := p.Exec(t.Context(), "SELECT erase_user('bob', 'cli', 'request')"); err != nil {
		t.Fatalf("erase: %v", err)
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM pending_decisions"); n != 0 {
		t.Errorf("%d pending decisions, want none", n)
	}
	for _, made := range []ticket.Ticket{withdrawn, erased} {
		if err := d.Undo(t.Context(), made.ID, agent); !errors.Is(err, ticket.ErrDecided) {
			t.Errorf("undo: %v, want ErrDecided", err)
		}
		if _, err := d.DecideNow(t.Context(), made.ID, agent); !errors.Is(err, ticket.ErrDecided) {
			t.Errorf("decide now: %v, want ErrDecided", err)
		}
	}
}

// What an agent decided stays decided, whatever becomes of their account.
func TestDecideDue_AgentDisabled(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agent := deciders(t, p, 1)[0]
	postpone(t, d, "ann", agent)
	if _, err := p.Exec(t.Context(), "UPDATE accounts SET disabled_at_ms = now_ms()"); err != nil {
		t.Fatal(err)
	}
	makeDue(t, p)
	if decided, _, err := d.DecideDue(t.Context()); err != nil || len(decided) != 1 {
		t.Errorf("decided %+v, %v", decided, err)
	}
}

// Of several instances exactly one makes each decision.
func TestDecideDue_ManyInstances(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agent := deciders(t, p, 1)[0]
	const tickets = 30
	for i := range tickets {
		postpone(t, d, fmt.Sprint("user ", i), agent)
	}
	makeDue(t, p)
	var g errgroup.Group
	for range 6 {
		other := store.New(p, silent)
		g.Go(func() error {
			for count(t.Context(), t, p, "SELECT count(*) FROM pending_decisions") > 0 {
				if _, _, err := other.DecideDue(t.Context()); err != nil && !errors.Is(err, ticket.ErrOverloaded) {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM ticket_events WHERE kind = 'approved'"); n != tickets {
		t.Errorf("%d approvals, want %d", n, tickets)
	}
	if !invariantHolds(t, p) {
		t.Error("there are users whose latest approval is wrong")
	}
}

// A decision is undone or made, never both and never neither.
func TestUndo_WhileDue(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agent := deciders(t, p, 1)[0]
	made := make([]ticket.Ticket, 40)
	for i := range made {
		made[i] = postpone(t, d, fmt.Sprint("user ", i), agent)
	}
	makeDue(t, p)
	undone := make([]error, len(made))
	var g errgroup.Group
	g.Go(func() error {
		_, _, err := store.New(p, silent).DecideDue(t.Context())
		return err
	})
	g.Go(func() error {
		for i := len(made) - 1; i >= 0; i-- { // towards the other
			_, undone[i] = retry(func() (any, error) { return nil, d.Undo(t.Context(), made[i].ID, agent) })
		}
		return nil
	})
	if err := g.Wait(); err != nil && !errors.Is(err, ticket.ErrOverloaded) {
		t.Fatal(err)
	}
	makeDue(t, p)
	for i, of := range made {
		seen, err := d.Ticket(t.Context(), of.ID)
		switch {
		case err != nil:
			t.Fatal(err)
		case undone[i] == nil && seen.Status != ticket.Processing, errors.Is(undone[i], ticket.ErrDecided) && seen.Status != ticket.Approved:
			t.Errorf("undo said %v, and the ticket is %s", undone[i], seen.Status)
		case undone[i] != nil && !errors.Is(undone[i], ticket.ErrDecided):
			t.Errorf("undo: %v", undone[i])
		}
	}
}
