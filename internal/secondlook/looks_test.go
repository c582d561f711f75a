package secondlook_test

import (
	"errors"
	"log/slog"
	"testing"

	"github.com/google/uuid"

	"docket/internal/postgres"
	"docket/internal/secondlook"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// site is a database with a desk and agents.
type site struct {
	desk   *store.Store
	pool   *postgres.Pool
	agents []uuid.UUID
}

func start(t *testing.T) site {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	s := site{desk: store.New(pool, slog.New(slog.DiscardHandler)), pool: pool}
	t.Cleanup(s.desk.Finish)
	for range 3 {
		id := uuid.New()
		s.exec(t, "INSERT INTO accounts (id, email, role, password_hash) VALUES ($1, $2, 'agent', 'x')", id, id.String()+"@example.com")
		s.agents = append(s.agents, id)
	}
	return s
}

func (s site) exec(t *testing.T, statement string, args ...any) {
	t.Helper()
	if _, err := s.pool.Exec(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// decided is a new ticket of a user that somebody has rejected.
func (s site) decided(t *testing.T, user, by string) ticket.Ticket {
	t.Helper()
	made, err := s.desk.Submit(t.Context(), ticket.Submission{UserID: user, By: "key:crm", Key: uuid.NewString(), Extra: []byte(`{}`)})
	if err == nil {
		made, err = s.desk.Decide(t.Context(), made.ID, 1, ticket.Reject(by, "blurry", "text", "note"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// drawing draws a share of what is decided from now on.
func (s site) drawing(t *testing.T, share float64) *secondlook.Looks {
	t.Helper()
	looks := secondlook.New(s.pool, share)
	s.draw(t, looks)
	return looks
}

// draw draws of what was decided so far: of now itself with the next draw.
func (s site) draw(t *testing.T, looks *secondlook.Looks) {
	t.Helper()
	for range 2 {
		if err := looks.Draw(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.exec(t, "SELECT pg_sleep(0.002)")
	}
}

func (s site) offered(t *testing.T, looks *secondlook.Looks, agent uuid.UUID) []uuid.UUID {
	t.Helper()
	ids, err := looks.Offered(t.Context(), agent, 100)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func agree(agent uuid.UUID) ticket.Decision {
	return ticket.Reject(ticket.Agent(agent.String()), "glare", "", "looked")
}

func TestDraw_WhatIsDecidedFromNowOn(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.exec(t, `INSERT INTO tickets (id, user_id, status, version, extra, decided_by, decided_at_ms, reject_reason, reject_reasons, reject_comment, created_at_ms, updated_at_ms)
		SELECT gen_random_uuid(), 'before', 'rejected', 2, '{}', 'agent:x', at, 'blurry', '{blurry}', '', at, at FROM (SELECT now_ms() - 3600000) AS a (at)`)
	looks := s.drawing(t, 1)
	if got := s.offered(t, looks, s.agents[0]); len(got) != 0 {
		t.Errorf("%d looks at what was decided before", len(got))
	}
	want := map[uuid.UUID]bool{}
	for _, by := range []string{"agent:x", "rule:too_young", "key:crm"} {
		want[s.decided(t, by, by).ID] = true
	}
	s.draw(t, looks)
	got := s.offered(t, looks, s.agents[0])
	for _, id := range got {
		delete(want, id)
	}
	if len(want) != 0 {
		t.Errorf("%d looks, %d are missing", len(got), len(want))
	}
}

func TestDraw_Share(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.drawing(t, 0.2)
	s.exec(t, `INSERT INTO tickets (id, user_id, status, version, extra, decided_by, decided_at_ms, reject_reason, reject_reasons, reject_comment, created_at_ms, updated_at_ms)
		SELECT gen_random_uuid(), 'u' || n, 'rejected', 2, '{}', 'agent:x', now, 'blurry', '{blurry}', '', now, now FROM generate_series(1, 1000) n, now_ms() AS now`)
	looks := secondlook.New(s.pool, 0.2)
	s.draw(t, looks)
	var drawn int
	if err := s.pool.QueryRow(t.Context(), "SELECT count(*) FROM second_looks").Scan(&drawn); err != nil {
		t.Fatal(err)
	}
	if drawn < 120 || drawn > 280 { // six standard deviations
		t.Errorf("%d of 1000 are drawn, want about 200", drawn)
	}
}

func TestGive_BlindAndOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	looks := s.drawing(t, 1)
	decider, opened, looker := s.agents[0], s.agents[1], s.agents[2]
	made := s.decided(t, "ann", ticket.Agent(decider.String()))
	own := s.decided(t, looker.String(), ticket.Agent(decider.String()))
	s.draw(t, looks)
	s.exec(t, "INSERT INTO audit (actor, action, object) VALUES ($1, 'ticket_opened', $2)", ticket.Agent(opened.String()), "ticket:"+made.ID.String())
	for name, agent := range map[string]uuid.UUID{"who decided": decider, "who has seen the decision": opened} {
		for _, id := range s.offered(t, looks, agent) {
			if id == made.ID {
				t.Errorf("the look is offered to %s", name)
			}
		}
		if err := looks.Give(t.Context(), agent, made.ID, agree(agent)); !errors.Is(err, ticket.ErrDecided) {
			t.Errorf("by %s: %v, want ErrDecided", name, err)
		}
		if _, err := s.pool.Exec(t.Context(), "UPDATE second_looks SET given_by = $2, verdict = 'approved', note = '', given_at_ms = 1 WHERE ticket_id = $1", made.ID, ticket.Agent(agent.String())); err == nil {
			t.Errorf("the database lets %s give the look", name)
		}
	}
	if err := looks.Give(t.Context(), looker, own.ID, agree(looker)); !errors.Is(err, ticket.ErrDecided) {
		t.Errorf("at the agent's own ticket: %v, want ErrDecided", err)
	}
	if next, err := looks.TakeNext(t.Context(), looker); err != nil || next != made.ID {
		t.Fatalf("next is %v, %v; want %v", next, err, made.ID)
	}
	if err := errors.Join(looks.Give(t.Context(), looker, made.ID, agree(looker)), looks.Give(t.Context(), looker, made.ID, agree(looker))); err != nil {
		t.Errorf("given twice: %v", err)
	}
	if err := looks.Give(t.Context(), looker, made.ID, ticket.Approve(ticket.Agent(looker.String()), "")); !errors.Is(err, ticket.ErrDecided) {
		t.Errorf("given differently: %v, want ErrDecided", err)
	}
	look, err := looks.Of(t.Context(), made.ID)
	if err != nil || !look.Given() || !look.Agrees() || look.By != ticket.Agent(decider.String()) || look.Second.Note != "looked" {
		t.Errorf("the look %+v, %v", look, err)
	}
	for _, statement := range []string{"UPDATE second_looks SET verdict = 'approved', reasons = NULL", "UPDATE second_looks SET note = 'x'", "DELETE FROM second_looks"} {
		if _, err := s.pool.Exec(t.Context(), statement+" WHERE given_by IS NOT NULL"); err == nil {
			t.Errorf("%s is allowed", statement)
		}
	}
	if after, err := s.desk.Ticket(t.Context(), made.ID); err != nil || after.Version != made.Version || after.Decision.Note != "note" {
		t.Errorf("the ticket changed: %+v, %v", after, err)
	}
}

func TestTake_OneAgentAtATime(t *testing.T) {
	t.Parallel()
	s := start(t)
	looks := s.drawing(t, 1)
	made := s.decided(t, "ann", "rule:too_young")
	s.draw(t, looks)
	if next, err := looks.TakeNext(t.Context(), s.agents[0]); err != nil || next != made.ID {
		t.Fatalf("next is %v, %v", next, err)
	}
	if again, err := looks.TakeNext(t.Context(), s.agents[0]); err != nil || again != made.ID {
		t.Errorf("again %v, %v; want the one that the agent has", again, err)
	}
	if err := looks.Take(t.Context(), s.agents[1], made.ID); !errors.Is(err, ticket.ErrClaimed) {
		t.Errorf("a colleague takes it: %v, want ErrClaimed", err)
	}
	if _, err := looks.TakeNext(t.Context(), s.agents[1]); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("a colleague is offered it: %v, want ErrNotFound", err)
	}
	s.exec(t, "UPDATE second_looks SET taken_until_ms = now_ms()")
	if err := looks.Take(t.Context(), s.agents[1], made.ID); err != nil {
		t.Errorf("after ten minutes: %v", err)
	}
}

// TestTakeNext_AtOnce has every agent ask for the next look at the same time: each gets one, and no two the same.
func TestTakeNext_AtOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	looks := s.drawing(t, 1)
	for range s.agents {
		s.decided(t, uuid.NewString(), "rule:too_young")
	}
	s.draw(t, looks)
	type taken struct {
		id  uuid.UUID
		err error
	}
	all := make(chan taken, len(s.agents))
	for _, agent := range s.agents {
		go func() {
			id, err := looks.TakeNext(t.Context(), agent)
			all <- taken{id, err}
		}()
	}
	seen := map[uuid.UUID]bool{}
	for range s.agents {
		if got := <-all; got.err != nil || seen[got.id] {
			t.Errorf("an agent took %s (%v), want a look that nobody has", got.id, got.err)
		} else {
			seen[got.id] = true
		}
	}
}

func TestGive_Erased(t *testing.T) {
	t.Parallel()
	s := start(t)
	looks := s.drawing(t, 1)
	made, waiting := s.decided(t, "ann", "rule:too_young"), s.decided(t, "ben", "rule:too_young")
	s.draw(t, looks)
	if err := looks.Give(t.Context(), s.agents[0], made.ID, agree(s.agents[0])); err != nil {
		t.Fatal(err)
	}
	for _, user := range []string{"ann", "ben"} {
		s.exec(t, "SELECT erase_user($1, 'cli', 'request')", user)
	}
	if look, err := looks.Of(t.Context(), made.ID); err != nil || look.Second.Note != "" || look.Second.Reasons[0] != "glare" {
		t.Errorf("the look %+v, %v; want it without its note", look, err)
	}
	if _, err := looks.Of(t.Context(), waiting.ID); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("a look that nobody has given: %v, want ErrNotFound", err)
	}
}
