package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"docket/internal/claim"
	"docket/internal/opinion"
	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/ticket"
)

// submitSteps adds a ticket of ann with steps.
func submitSteps(t *testing.T, d *store.Store, steps ...ticket.NewStep) ticket.Ticket {
	t.Helper()
	s := submission("ann", uuid.NewString())
	s.Steps = steps
	made, err := d.Submit(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// emailOf is the address of an account.
func emailOf(t *testing.T, p *postgres.Pool, id uuid.UUID) (email string) {
	t.Helper()
	if err := p.QueryRow(t.Context(), "SELECT email FROM accounts WHERE id = $1", id).Scan(&email); err != nil {
		t.Fatal(err)
	}
	return email
}

func join(t *testing.T, p *postgres.Pool, team string, agents ...uuid.UUID) {
	t.Helper()
	for _, agent := range agents {
		if _, err := p.Exec(t.Context(), "INSERT INTO team_members (team, account_id) VALUES ($1, $2)", team, agent); err != nil {
			t.Fatal(err)
		}
	}
}

// step approves or rejects as an agent, at once.
func step(t *testing.T, d *store.Store, id, agent uuid.UUID, status ticket.Status) (ticket.Ticket, error) {
	t.Helper()
	return decideSecond(t, d, id, agent, status, false)
}

// A ticket whose step asks somebody is handed over to nobody else, who could not decide it, and would keep it from those who can.
func TestSteps_HandOver(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents, claims := deciders(t, p, 4), claim.New(p)
	manager, colleague, member, other := agents[0], agents[1], agents[2], agents[3]
	join(t, p, "security", member)
	join(t, p, "leads", other)
	made := submitSteps(t, d, ticket.NewStep{Turn: 1, Name: "manager", Email: emailOf(t, p, manager), StandIn: time.Hour, StandInTeam: "leads"},
		ticket.NewStep{Turn: 2, Name: "security", Team: "security"})
	for name, to := range map[string]ticket.Receiver{"a colleague": {Agent: colleague}, "a team": {Team: "security"}, "a later step": {Agent: member}, "who stands in later": {Team: "leads"}} {
		if err := claims.HandOver(t.Context(), colleague, made.ID, to); !errors.Is(err, ticket.ErrStep) {
			t.Errorf("handed over to %s: %v, want ErrStep", name, err)
		}
	}
	for _, to := range []ticket.Receiver{{Agent: manager}, {}} {
		if err := claims.HandOver(t.Context(), colleague, made.ID, to); err != nil {
			t.Errorf("handed over to %+v: %v", to, err)
		}
	}
	if _, err := p.Exec(t.Context(), "UPDATE approval_steps SET since_ms = since_ms - 3600001 WHERE ticket_id = $1 AND since_ms IS NOT NULL", made.ID); err != nil {
		t.Fatal(err)
	}
	for _, to := range []ticket.Receiver{{Team: "leads"}, {Agent: other}} {
		if err := claims.HandOver(t.Context(), colleague, made.ID, to); err != nil {
			t.Errorf("handed over to %+v, who stands in: %v", to, err)
		}
	}
}

func TestSteps_InOrder(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents, claims := deciders(t, p, 4), claim.New(p)
	manager, security, both := agents[0], agents[1], agents[2]
	join(t, p, "security", security, both)
	made := submitSteps(t, d, ticket.NewStep{Turn: 1, Name: "manager", Email: emailOf(t, p, manager)}, ticket.NewStep{Turn: 2, Name: "security", Team: "security"})
	for _, agent := range []uuid.UUID{security, agents[3]} {
		if _, err := step(t, d, made.ID, agent, ticket.Approved); !errors.Is(err, ticket.ErrStep) {
			t.Errorf("before its turn: %v, want ErrStep", err)
		}
		if _, err := step(t, d, made.ID, agent, ticket.Rejected); !errors.Is(err, ticket.ErrStep) {
			t.Errorf("rejected before its turn: %v, want ErrStep", err)
		}
		if _, err := claims.Next(t.Context(), agent); !errors.Is(err, ticket.ErrNotFound) {
			t.Errorf("offered before its turn: %v", err)
		}
	}
	if _, err := d.Decide(t.Context(), made.ID, 1, ticket.Approve("key:all", "")); !errors.Is(err, ticket.ErrStep) {
		t.Errorf("a key: %v, want ErrStep", err)
	}
	if got, err := claims.Next(t.Context(), manager); err != nil || got != made.ID {
		t.Fatalf("the manager is offered %s, %v", got, err)
	}
	if seen, err := step(t, d, made.ID, manager, ticket.Approved); err != nil || !seen.Status.Open() {
		t.Fatalf("after the first step: %+v, %v", seen, err)
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM user_tickets WHERE $1::uuid IS NOT NULL", made.ID); n != 0 {
		t.Error("the first step moved the latest approval")
	}
	if _, err := step(t, d, made.ID, manager, ticket.Approved); !errors.Is(err, ticket.ErrStep) && !errors.Is(err, ticket.ErrClaimed) {
		t.Errorf("the same person again: %v", err)
	}
	if _, err := claims.Next(t.Context(), manager); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("offered to who has given a step: %v", err)
	}
	if got, err := claims.Next(t.Context(), security); err != nil || got != made.ID {
		t.Fatalf("security is offered %s, %v", got, err)
	}
	decided, err := step(t, d, made.ID, security, ticket.Approved)
	if err != nil || decided.Status != ticket.Approved || decided.Decision.By != ticket.Agent(security.String()) {
		t.Fatalf("after the last step: %+v, %v", decided, err)
	}
	if latest, err := d.Latest(t.Context(), "ann"); err != nil || latest.TicketID != made.ID {
		t.Errorf("latest %+v, %v", latest, err)
	}
	events, err := d.History(t.Context(), made.ID)
	if err != nil || len(events) != 3 || events[1].Kind != ticket.EventStep || events[1].Step != "manager" || events[1].Actor != ticket.Agent(manager.String()) {
		t.Errorf("history %+v, %v", events, err)
	}
	steps, err := opinion.New(p).Steps(t.Context(), made.ID)
	if err != nil || len(steps[made.ID]) != 2 || steps[made.ID][0].Waits() || steps[made.ID][1].Waits() {
		t.Errorf("steps %+v, %v; want two that are over", steps, err)
	}
}

func TestSteps_RejectedAtTheFirst(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents := deciders(t, p, 2)
	join(t, p, "leads", agents[0])
	join(t, p, "security", agents[1])
	made := submitSteps(t, d, ticket.NewStep{Turn: 1, Name: "lead", Team: "leads"}, ticket.NewStep{Turn: 2, Name: "security", Team: "security"})
	decided, err := step(t, d, made.ID, agents[0], ticket.Rejected)
	if err != nil || decided.Status != ticket.Rejected {
		t.Fatalf("rejected: %+v, %v", decided, err)
	}
	if _, err := step(t, d, made.ID, agents[1], ticket.Approved); !errors.Is(err, ticket.ErrDecided) {
		t.Errorf("approved after it: %v, want ErrDecided", err)
	}
}

// Of two agents who give the last step at once one does, and whoever has given the step before cannot.
func TestSteps_RaceOnTheLast(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents := deciders(t, p, 4)
	join(t, p, "leads", agents...)
	made := submitSteps(t, d, ticket.NewStep{Turn: 1, Name: "one", Team: "leads"}, ticket.NewStep{Turn: 2, Name: "two", Team: "leads"})
	if _, err := step(t, d, made.ID, agents[0], ticket.Approved); err != nil {
		t.Fatal(err)
	}
	won := make(chan uuid.UUID, len(agents))
	var g errgroup.Group
	for _, agent := range agents {
		g.Go(func() error {
			switch seen, err := step(t, d, made.ID, agent, ticket.Approved); {
			case err == nil && seen.Status == ticket.Approved && seen.Decision.By == ticket.Agent(agent.String()):
				won <- agent
			case err != nil && !errors.Is(err, ticket.ErrClaimed) && !errors.Is(err, ticket.ErrDecided) && !errors.Is(err, ticket.ErrStep):
				return err
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if len(won) != 1 || <-won == agents[0] {
		t.Error("not exactly one other agent gave the last step")
	}
}

func TestSteps_SideBySide(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents := deciders(t, p, 3)
	for i, team := range []string{"a", "b", "c"} {
		join(t, p, team, agents[i])
	}
	made := submitSteps(t, d, ticket.NewStep{Turn: 1, Name: "a", Team: "a"}, ticket.NewStep{Turn: 1, Name: "b", Team: "b"}, ticket.NewStep{Turn: 3, Name: "c", Team: "c"})
	if _, err := step(t, d, made.ID, agents[2], ticket.Approved); !errors.Is(err, ticket.ErrStep) {
		t.Errorf("the last one first: %v, want ErrStep", err)
	}
	for i := range 2 { // the second one first
		if seen, err := step(t, d, made.ID, agents[1-i], ticket.Approved); err != nil || !seen.Status.Open() {
			t.Fatalf("step %d: %+v, %v", 2-i, seen, err)
		}
	}
	if seen, err := step(t, d, made.ID, agents[2], ticket.Approved); err != nil || seen.Status != ticket.Approved {
		t.Errorf("the last one: %+v, %v", seen, err)
	}
}

// A stand-in may give a step when it has waited, and not before; a key where a step names it; an admin always; nobody their own.
func TestSteps_WhoElse(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents, claims := deciders(t, p, 3), claim.New(p)
	join(t, p, "leads", agents[0])
	made := submitSteps(t, d, ticket.NewStep{Turn: 1, Name: "manager", Email: "nobody@example.com", StandIn: time.Hour, StandInTeam: "leads"}, ticket.NewStep{Turn: 2, Name: "ledger", Key: "ledger"},
		ticket.NewStep{Turn: 3, Name: "last", Team: "nobody"})
	if _, err := step(t, d, made.ID, agents[0], ticket.Approved); !errors.Is(err, ticket.ErrStep) {
		t.Errorf("before the stand-in's time: %v, want ErrStep", err)
	}
	if _, err := p.Exec(t.Context(), "UPDATE approval_steps SET since_ms = since_ms - 3600001 WHERE ticket_id = $1 AND since_ms IS NOT NULL", made.ID); err != nil {
		t.Fatal(err)
	}
	if got, err := claims.Next(t.Context(), agents[0]); err != nil || got != made.ID {
		t.Fatalf("the stand-in is offered %s, %v", got, err)
	}
	if _, err := step(t, d, made.ID, agents[0], ticket.Approved); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Decide(t.Context(), made.ID, 1, ticket.Approve("key:other", "")); !errors.Is(err, ticket.ErrStep) {
		t.Errorf("another key: %v, want ErrStep", err)
	}
	for range 2 {
		if seen, err := d.Decide(t.Context(), made.ID, 1, ticket.Approve("key:ledger", "")); err != nil || !seen.Status.Open() {
			t.Errorf("the key: %+v, %v", seen, err)
		}
	}
	if _, err := p.Exec(t.Context(), "UPDATE accounts SET role = 'admin' WHERE id = $1", agents[2]); err != nil {
		t.Fatal(err)
	}
	if seen, err := step(t, d, made.ID, agents[2], ticket.Approved); err != nil || seen.Status != ticket.Approved {
		t.Errorf("an admin: %+v, %v", seen, err)
	}
	own := submission(agents[0].String(), uuid.NewString())
	own.Steps = []ticket.NewStep{{Turn: 1, Name: "lead", Team: "leads"}, {Turn: 2, Name: "last", Team: "nobody"}}
	mine, err := d.Submit(t.Context(), own)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := step(t, d, mine.ID, agents[0], ticket.Approved); !errors.Is(err, ticket.ErrOwnTicket) {
		t.Errorf("a step of an own ticket: %v, want ErrOwnTicket", err)
	}
}

// The database refuses an approval that lacks a step, a step by somebody else, and other steps than were submitted, whatever writes them.
func TestSteps_Guards(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents := deciders(t, p, 3)
	join(t, p, "leads", agents[0], agents[1])
	made := submitSteps(t, d, ticket.NewStep{Turn: 1, Name: "one", Team: "leads"}, ticket.NewStep{Turn: 2, Name: "two", Team: "leads"})
	sent := submission(agents[0].String(), uuid.NewString())
	sent.Steps = []ticket.NewStep{{Turn: 1, Name: "one", Team: "leads"}, {Turn: 2, Name: "two", Team: "leads"}}
	own, err := d.Submit(t.Context(), sent)
	if err != nil {
		t.Fatal(err)
	}
	const approve = "WITH l AS (INSERT INTO user_tickets (user_id, ticket_id, extra, decided_by, created_at_ms, updated_at_ms) SELECT user_id, id, extra, $2, $3::bigint, $3 FROM tickets WHERE id = $1) " +
		"UPDATE tickets SET status = 'approved', version = 2, decided_by = $2, decided_at_ms = $3, updated_at_ms = $3 WHERE id = $1"
	const give = "INSERT INTO opinions (user_id, ticket_id, step, ordinal, given_by, verdict) SELECT user_id, id, $2, 1, $3, 'approved' FROM tickets WHERE id = $1"
	const reject = "UPDATE tickets SET status = 'rejected', version = 2, decided_by = $2, decided_at_ms = $3, updated_at_ms = $3, reject_reason = 'other', reject_comment = 'x' WHERE id = $1"
	at := made.CreatedAt.UnixMilli() + 1
	lead, other := ticket.Agent(agents[0].String()), ticket.Agent(agents[2].String())
	for what, statement := range map[string][]any{
		"an approval without the first step": {approve, made.ID, lead, at},
		"a rejection by somebody else":       {reject, made.ID, other, at},
		"a step before its turn":             {give, made.ID, 2, lead},
		"a step by somebody else":            {give, made.ID, 1, other},
		"a step that there is not":           {give, made.ID, 3, lead},
		"a step by who sent it in":           {give, own.ID, 1, lead},
		"fewer steps":                        {"DELETE FROM approval_steps WHERE ticket_id = $1", made.ID},
		"another team":                       {"UPDATE approval_steps SET team = 'x' WHERE ticket_id = $1", made.ID},
	} {
		if _, err := p.Exec(t.Context(), statement[0].(string), statement[1:]...); err == nil {
			t.Errorf("the database let %s pass", what)
		}
	}
	if _, err := p.Exec(t.Context(), give, made.ID, 1, lead); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Exec(t.Context(), give, made.ID, 2, lead); err == nil {
		t.Error("the database let one person give both steps")
	}
	for _, by := range []string{lead, other} {
		if _, err := p.Exec(t.Context(), approve, made.ID, by, at); err == nil {
			t.Errorf("the database let %s give the last step", by)
		}
	}
	if _, err := p.Exec(t.Context(), approve, made.ID, ticket.Agent(agents[1].String()), at); err != nil {
		t.Error(err)
	}
}

func TestSteps_UndoneAndErased(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents := deciders(t, p, 2)
	email := emailOf(t, p, agents[0])
	made := submitSteps(t, d, ticket.NewStep{Turn: 1, Name: "one", Email: email}, ticket.NewStep{Turn: 2, Name: "two", Team: "leads"})
	if err := d.Postpone(t.Context(), made.ID, 1, approval(agents[0]), time.Minute); err != nil {
		t.Fatal(err)
	}
	if err := d.Undo(t.Context(), made.ID, agents[0]); err != nil {
		t.Fatal(err)
	}
	if steps, err := opinion.New(p).Steps(t.Context(), made.ID); err != nil || !steps[made.ID][0].Waits() {
		t.Errorf("steps %+v, %v; want the first to wait", steps, err)
	}
	if _, err := p.Exec(t.Context(), "SELECT erase_user('ann', 'cli', 'request')"); err != nil {
		t.Fatal(err)
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM approval_steps WHERE ticket_id = $1 AND (email <> '' OR since_ms IS NOT NULL)", made.ID); n != 0 {
		t.Error("an erased ticket says whom its step asked, or waits")
	}
}
