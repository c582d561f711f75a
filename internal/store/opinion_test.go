package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/claim"
	"docket/internal/opinion"
	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/ticket"
)

func opinionsOf(t *testing.T, p *postgres.Pool, id uuid.UUID) []ticket.Opinion {
	t.Helper()
	given, err := opinion.New(p).List(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return given[id]
}

// decideSecond decides a ticket as an agent; second says that two people have to think the same.
func decideSecond(t *testing.T, d *store.Store, id, agent uuid.UUID, status ticket.Status, second bool) (ticket.Ticket, error) {
	t.Helper()
	decision := approval(agent)
	if status == ticket.Rejected {
		decision = ticket.Reject(ticket.Agent(agent.String()), "other", "text", "a note")
	}
	decision.Second = second
	if err := d.Postpone(t.Context(), id, 1, decision, time.Minute); err != nil {
		return ticket.Ticket{}, err
	}
	return d.DecideNow(t.Context(), id, agent)
}

func TestOpinion_Agreement(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents := deciders(t, p, 3)
	made := submit(t, d, "ann")
	first, err := decideSecond(t, d, made.ID, agents[0], ticket.Rejected, true)
	if err != nil || !first.Status.Open() {
		t.Fatalf("after the first: %+v, %v; want an open ticket", first, err)
	}
	if given := opinionsOf(t, p, made.ID); len(given) != 1 || given[0].Decision.Status != ticket.Rejected || given[0].Decision.Note != "a note" {
		t.Errorf("opinions %+v", given)
	}
	if _, err := decideSecond(t, d, made.ID, agents[0], ticket.Rejected, false); !errors.Is(err, ticket.ErrClaimed) {
		t.Errorf("the same agent agrees: %v, want ErrClaimed", err)
	}
	if _, err := claim.New(p).Take(t.Context(), agents[0], made.ID); !errors.Is(err, ticket.ErrClaimed) {
		t.Errorf("the same agent takes it: %v, want ErrClaimed", err)
	}
	if _, err := claim.New(p).Next(t.Context(), agents[0]); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("the same agent is offered it: %v, want ErrNotFound", err)
	}
	if got, err := claim.New(p).Next(t.Context(), agents[1]); err != nil || got != made.ID {
		t.Errorf("a colleague is offered %s, %v", got, err)
	}
	decided, err := decideSecond(t, d, made.ID, agents[1], ticket.Rejected, false)
	if err != nil || decided.Status != ticket.Rejected || decided.Decision.By != ticket.Agent(agents[1].String()) {
		t.Errorf("after the second: %+v, %v", decided, err)
	}
	if given := opinionsOf(t, p, made.ID); len(given) != 1 {
		t.Errorf("%d opinions, want the first alone", len(given))
	}
}

// A ticket that is handed over to an agent is everybody else's after the agent's opinion, and not handed over to them again.
func TestOpinion_HandedOver(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents, claims := deciders(t, p, 2), claim.New(p)
	made := submit(t, d, "ann")
	if err := claims.HandOver(t.Context(), agents[1], made.ID, ticket.Receiver{Agent: agents[0]}); err != nil {
		t.Fatal(err)
	}
	if _, err := decideSecond(t, d, made.ID, agents[0], ticket.Approved, true); err != nil {
		t.Fatal(err)
	}
	if err := claims.HandOver(t.Context(), agents[1], made.ID, ticket.Receiver{Agent: agents[0]}); !errors.Is(err, ticket.ErrStale) {
		t.Errorf("handed over to who gave the opinion: %v, want ErrStale", err)
	}
	if got, err := claims.Next(t.Context(), agents[1]); err != nil || got != made.ID {
		t.Errorf("a colleague is offered %s, %v; want %s", got, err, made.ID)
	}
}

func TestOpinion_Disagreement(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents := deciders(t, p, 4)
	admin := agents[3]
	if _, err := p.Exec(t.Context(), "UPDATE accounts SET role = 'admin' WHERE id = $1", admin); err != nil {
		t.Fatal(err)
	}
	made := submit(t, d, "ann")
	for i, status := range []ticket.Status{ticket.Approved, ticket.Rejected} {
		if seen, err := decideSecond(t, d, made.ID, agents[i], status, true); err != nil || !seen.Status.Open() {
			t.Fatalf("opinion %d: %+v, %v", i+1, seen, err)
		}
	}
	if err := claim.New(p).Snooze(t.Context(), agents[0], made.ID, time.Now().Add(time.Hour), "x"); !errors.Is(err, ticket.ErrStale) {
		t.Errorf("snoozed by who gave an opinion: %v, want ErrStale", err)
	}
	for _, status := range []ticket.Status{ticket.Approved, ticket.Rejected} {
		if _, err := decideSecond(t, d, made.ID, agents[2], status, false); !errors.Is(err, ticket.ErrClaimed) {
			t.Errorf("a third agent: %v, want ErrClaimed", err)
		}
	}
	if _, err := d.Decide(t.Context(), made.ID, 1, approval(agents[2])); !errors.Is(err, ticket.ErrOpinion) {
		t.Errorf("a third agent, at once: %v, want ErrOpinion", err)
	}
	if _, err := claim.New(p).Next(t.Context(), agents[2]); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("it is offered: %v, want ErrNotFound", err)
	}
	ids, err := opinion.New(p).Disagreed(t.Context(), 10)
	if err != nil || len(ids) != 1 || ids[0] != made.ID {
		t.Errorf("disagreed %v, %v", ids, err)
	}
	if decided, err := decideSecond(t, d, made.ID, admin, ticket.Approved, false); err != nil || decided.Status != ticket.Approved {
		t.Errorf("an admin: %+v, %v", decided, err)
	}
	if ids, err := opinion.New(p).Disagreed(t.Context(), 10); err != nil || len(ids) != 0 {
		t.Errorf("disagreed %v, %v; want none", ids, err)
	}
}

// An admin decides between two, and is none any more when that is due: another one has to.
func TestOpinion_AdminNoMore(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agents := deciders(t, p, 4)
	setRole := func(role string, of ...uuid.UUID) {
		t.Helper()
		if _, err := p.Exec(t.Context(), "UPDATE accounts SET role = $1 WHERE id = ANY ($2)", role, of); err != nil {
			t.Fatal(err)
		}
	}
	setRole("admin", agents[2], agents[3])
	made := submit(t, d, "ann")
	for i, status := range []ticket.Status{ticket.Approved, ticket.Rejected} {
		if _, err := decideSecond(t, d, made.ID, agents[i], status, true); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Postpone(t.Context(), made.ID, 1, approval(agents[2]), time.Minute); err != nil {
		t.Fatal(err)
	}
	setRole("agent", agents[2])
	if _, err := d.DecideNow(t.Context(), made.ID, agents[2]); !errors.Is(err, ticket.ErrOpinion) {
		t.Errorf("before it is due: %v, want ErrOpinion", err)
	}
	makeDue(t, p)
	if decided, _, err := d.DecideDue(t.Context()); err != nil || len(decided) != 0 {
		t.Errorf("when it is due: %d decided, %v; want none", len(decided), err)
	}
	if decided, err := decideSecond(t, d, made.ID, agents[3], ticket.Rejected, false); err != nil || decided.Status != ticket.Rejected {
		t.Errorf("by another admin: %+v, %v", decided, err)
	}
}

// A decision at once, as by a program, counts when somebody else thinks the same.
func TestOpinion_ProgramDecides(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agent := deciders(t, p, 1)[0]
	made := submit(t, d, "ann")
	if _, err := decideSecond(t, d, made.ID, agent, ticket.Approved, true); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Decide(t.Context(), made.ID, 1, ticket.Reject("key:all", "other", "text", "")); !errors.Is(err, ticket.ErrOpinion) {
		t.Errorf("it disagrees: %v, want ErrOpinion", err)
	}
	if _, err := d.Decide(t.Context(), made.ID, 1, approval(agent)); !errors.Is(err, ticket.ErrOpinion) {
		t.Errorf("the same agent: %v, want ErrOpinion", err)
	}
	if decided, err := d.Decide(t.Context(), made.ID, 1, ticket.Approve("key:all", "")); err != nil || decided.Status != ticket.Approved {
		t.Errorf("it agrees: %+v, %v", decided, err)
	}
}

func TestOpinion_Erased(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	agent := deciders(t, p, 1)[0]
	made := submit(t, d, "ann")
	if _, err := decideSecond(t, d, made.ID, agent, ticket.Rejected, true); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Exec(t.Context(), "SELECT erase_user('ann', 'cli', 'request')"); err != nil {
		t.Fatal(err)
	}
	if given := opinionsOf(t, p, made.ID); len(given) != 1 || given[0].Decision.Comment != "" || given[0].Decision.Note != "" {
		t.Errorf("opinions %+v, want one without texts", given)
	}
}
