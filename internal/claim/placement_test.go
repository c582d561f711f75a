package claim_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"docket/internal/claim"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// mustExec runs statements.
func mustExec(t *testing.T, p *postgres.Pool, sql string, args ...any) {
	t.Helper()
	if _, err := p.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// wantNext fails unless the next ticket of an agent is want; the zero UUID means none. It puts the ticket back.
func wantNext(t *testing.T, c *claim.Claims, agent, want uuid.UUID, when string) {
	t.Helper()
	got, err := c.Next(t.Context(), agent)
	if want == uuid.Nil {
		if !errors.Is(err, ticket.ErrNotFound) {
			t.Errorf("%s: next %s, %v; want none", when, got, err)
		}
	} else if err != nil || got != want {
		t.Errorf("%s: next %s, %v; want %s", when, got, err, want)
	}
	if err == nil {
		if _, err := c.Release(t.Context(), agent, got); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSkip_NotOfferedToTheAgent(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	who := agents(t, p, 2)
	made := submit(t, d, "ann")
	if _, err := c.Take(t.Context(), who[0], made.ID); err != nil {
		t.Fatal(err)
	}
	if err := c.Skip(t.Context(), who[0], made.ID); err != nil {
		t.Fatal(err)
	}
	wantNext(t, c, who[0], uuid.Nil, "skipped")
	wantNext(t, c, who[1], made.ID, "skipped by a colleague")
	mustExec(t, p, "ALTER TABLE ticket_notes DISABLE TRIGGER ALL; UPDATE ticket_notes SET until_ms = now_ms()")
	wantNext(t, c, who[0], made.ID, "when the time is over")
	approve(t, d, made)
	if err := c.Skip(t.Context(), who[0], made.ID); !errors.Is(err, ticket.ErrDecided) {
		t.Errorf("skip of a closed ticket: %v, want ErrDecided", err)
	}
}

func TestSnooze_BackWhenDue(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	who := agents(t, p, 2)
	made := submit(t, d, "ann")
	if _, err := c.Take(t.Context(), who[0], made.ID); err != nil {
		t.Fatal(err)
	}
	until := time.Now().Add(time.Hour).Truncate(time.Millisecond)
	if err := c.Snooze(t.Context(), who[1], made.ID, until, "x"); !errors.Is(err, ticket.ErrClaimed) {
		t.Errorf("by a colleague: %v, want ErrClaimed", err)
	}
	if err := c.Snooze(t.Context(), who[0], made.ID, until, "The bank answers on Monday."); err != nil {
		t.Fatal(err)
	}
	placed, err := c.Placements(t.Context(), made.ID)
	if at := placed[made.ID]; err != nil || !at.Until.Equal(until) || at.Reason != "The bank answers on Monday." || at.By != ticket.Agent(who[0].String()) {
		t.Errorf("placement %+v, %v", at, err)
	}
	for _, agent := range who {
		wantNext(t, c, agent, uuid.Nil, "snoozed")
	}
	mustExec(t, p, "UPDATE placements SET snoozed_until_ms = now_ms()")
	wantNext(t, c, who[1], made.ID, "when it is due")
	if err := c.Snooze(t.Context(), who[1], made.ID, time.Now().Add(-time.Hour), ""); !errors.Is(err, ticket.ErrStale) {
		t.Errorf("until a time that is over: %v, want ErrStale", err)
	}
	if err := c.Snooze(t.Context(), who[0], made.ID, until, ""); err != nil {
		t.Fatal(err)
	}
	if err := c.Wake(t.Context(), who[1], made.ID); err != nil {
		t.Fatal(err)
	}
	wantNext(t, c, who[1], made.ID, "woken")
	if err := c.Wake(t.Context(), who[1], made.ID); !errors.Is(err, ticket.ErrStale) {
		t.Errorf("waking it again: %v, want ErrStale", err)
	}
}

// What is handed over to a former agent, whose account is disabled or has become that of a customer, is offered to everybody again.
func TestHandOver_ToFormerAgent(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]string{
		"disabled":   "UPDATE accounts SET disabled_at_ms = now_ms() WHERE id = $1",
		"a customer": "UPDATE accounts SET role = 'customer' WHERE id = $1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, c, p := open(t)
			who := agents(t, p, 3) // gives, receives, looks on
			made := submit(t, d, "ann")
			if err := c.HandOver(t.Context(), who[0], made.ID, ticket.Receiver{Agent: who[1]}); err != nil {
				t.Fatal(err)
			}
			putBack := func() {
				t.Helper()
				if err := c.PutBackFromFormerAgents(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			putBack()
			wantNext(t, c, who[2], uuid.Nil, "handed over to an agent")
			if err := c.Snooze(t.Context(), who[1], made.ID, time.Now().Add(time.Hour), "a call"); err != nil {
				t.Fatal(err)
			}
			mustExec(t, p, leave, who[1])
			putBack()
			wantNext(t, c, who[2], uuid.Nil, "snoozed")
			if err := c.Wake(t.Context(), who[2], made.ID); err != nil {
				t.Fatal(err)
			}
			putBack()
			wantNext(t, c, who[2], made.ID, "woken, and of nobody")
		})
	}
}

func TestHandOver_OthersAreNotOfferedIt(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	who := agents(t, p, 4) // gives, receives, looks on, and is an admin
	mustExec(t, p, "UPDATE accounts SET role = 'admin' WHERE id = $1", who[3])
	older, made := submit(t, d, "old"), submit(t, d, "ann")
	if err := c.HandOver(t.Context(), who[0], made.ID, ticket.Receiver{Agent: who[1]}); err != nil {
		t.Fatal(err)
	}
	wantNext(t, c, who[2], older.ID, "handed over to a colleague")
	wantNext(t, c, who[1], made.ID, "handed over to the agent, although another is older")
	if _, err := c.Take(t.Context(), who[2], made.ID); !errors.Is(err, ticket.ErrHandedOver) {
		t.Errorf("claim by another: %v, want ErrHandedOver", err)
	}
	if _, err := c.Take(t.Context(), who[3], made.ID); err != nil {
		t.Errorf("claim by an admin: %v", err)
	}
	if _, err := c.Release(t.Context(), who[3], made.ID); err != nil {
		t.Fatal(err)
	}
	if err := c.HandOver(t.Context(), who[1], made.ID, ticket.Receiver{Team: "fraud"}); err != nil {
		t.Fatal(err)
	}
	mustExec(t, p, "INSERT INTO team_members (team, account_id) VALUES ('fraud', $1)", who[2])
	approve(t, d, older)
	wantNext(t, c, who[1], uuid.Nil, "handed over to a team without the agent")
	wantNext(t, c, who[2], made.ID, "handed over to a team with the agent")
	if err := c.HandOver(t.Context(), who[2], made.ID, ticket.Receiver{}); err != nil {
		t.Fatal(err)
	}
	wantNext(t, c, who[0], made.ID, "given back to everyone")
	owner := submit(t, d, who[1].String())
	if err := c.HandOver(t.Context(), who[0], owner.ID, ticket.Receiver{Agent: who[1]}); !errors.Is(err, ticket.ErrStale) {
		t.Errorf("handed over to its own user: %v, want ErrStale", err)
	}
}

// What is handed over to the agent comes first, then what waits for everyone or for a team of the agent, each oldest first, however much there is.
func TestNext_HandedOverThenOldest(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	who := agents(t, p, 2) // gives, receives
	mustExec(t, p, "INSERT INTO team_members (team, account_id) VALUES ('fraud', $1), ('legal', $1)", who[1])
	var waiting, teams []ticket.Ticket
	for _, user := range strings.Split("u v w x y z", " ") {
		waiting = append(waiting, submit(t, d, user))
	}
	for _, user := range strings.Split("a b c d e f g h i j k l", " ") {
		teams = append(teams, submit(t, d, user))
	}
	own := []ticket.Ticket{submit(t, d, "own"), submit(t, d, "own too")}
	for i, of := range slices.Backward(teams) {
		handOver(t, c, who[0], of, ticket.Receiver{Team: []string{"fraud", "legal"}[i%2]})
	}
	for _, of := range slices.Backward(own) {
		handOver(t, c, who[0], of, ticket.Receiver{Agent: who[1]})
	}
	for _, want := range slices.Concat(own, waiting, teams) {
		wantNext(t, c, who[1], want.ID, "of "+want.UserID)
		if _, err := d.Decide(t.Context(), want.ID, want.Version, ticket.Approve("agent:"+who[1].String(), "")); err != nil {
			t.Fatal(err)
		}
	}
}

func handOver(t *testing.T, c *claim.Claims, by uuid.UUID, of ticket.Ticket, to ticket.Receiver) {
	t.Helper()
	if err := c.HandOver(t.Context(), by, of.ID, to); err != nil {
		t.Fatal(err)
	}
}

func TestPlacements_EndWithTheTicket(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	who := agents(t, p, 1)[0]
	decided, withdrawn := submit(t, d, "ann"), submit(t, d, "bob")
	for _, made := range []ticket.Ticket{decided, withdrawn} {
		if err := c.Snooze(t.Context(), who, made.ID, time.Now().Add(time.Hour), "x"); err != nil {
			t.Fatal(err)
		}
	}
	approve(t, d, decided)
	if _, err := d.Withdraw(t.Context(), "bob", withdrawn.ID); err != nil {
		t.Fatal(err)
	}
	if left, err := c.Placements(t.Context(), decided.ID, withdrawn.ID); err != nil || len(left) != 0 {
		t.Errorf("placements of closed tickets: %v, %v; want none", left, err)
	}
}

func TestNotes_ErasedWithTheTicket(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	who := agents(t, p, 2)
	made := submit(t, d, "ann")
	for _, done := range []error{
		c.Comment(t.Context(), who[0], made.ID, "called, no answer"),
		c.Snooze(t.Context(), who[0], made.ID, time.Now().Add(time.Hour), "calls back"),
		c.HandOver(t.Context(), who[0], made.ID, ticket.Receiver{Agent: who[1]}),
	} {
		if done != nil {
			t.Fatal(done)
		}
	}
	if err := c.Comment(t.Context(), who[0], submit(t, d, who[0].String()).ID, "mine"); !errors.Is(err, ticket.ErrOwnTicket) {
		t.Errorf("comment on an own ticket: %v, want ErrOwnTicket", err)
	}
	notes, err := c.Notes(t.Context(), made.ID)
	if err != nil || len(notes) != 3 || notes[0].Text != "called, no answer" || notes[2].To.Agent != who[1] {
		t.Fatalf("notes %+v, %v", notes, err)
	}
	for _, forbidden := range []string{"UPDATE ticket_notes SET text = ''", "DELETE FROM ticket_notes"} {
		if _, err := p.Exec(t.Context(), forbidden); err == nil {
			t.Errorf("%s is allowed", forbidden)
		}
	}
	mustExec(t, p, "SELECT erase_user('ann', 'cli', 'request')")
	notes, err = c.Notes(t.Context(), made.ID)
	if err != nil || len(notes) != 3 || notes[0].Text != "" || notes[1].Text != "" {
		t.Errorf("after the erasure %+v, %v; want no texts", notes, err)
	}
	if err := c.Comment(t.Context(), who[0], made.ID, "again"); !errors.Is(err, ticket.ErrDecided) {
		t.Errorf("comment on an erased ticket: %v, want ErrDecided", err)
	}
}

func TestTake_AtMostThree(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	who := agents(t, p, 1)[0]
	for _, user := range []string{"a", "b"} {
		if _, err := c.Take(t.Context(), who, submit(t, d, user).ID); err != nil {
			t.Fatal(err)
		}
	}
	third, fourth := submit(t, d, "c"), submit(t, d, "d")
	errs := make(chan error, 2)
	for _, made := range []ticket.Ticket{third, fourth} { // at once: one of them is refused
		go func() { _, err := c.Take(t.Context(), who, made.ID); errs <- err }()
	}
	if one, two := <-errs, <-errs; (one == nil) == (two == nil) || !errors.Is(errors.Join(one, two), ticket.ErrTooManyHeld) {
		t.Errorf("two at once while two are held: %v and %v, want one ErrTooManyHeld", one, two)
	}
	if _, err := c.Next(t.Context(), who); !errors.Is(err, ticket.ErrTooManyHeld) {
		t.Errorf("next with three: %v, want ErrTooManyHeld", err)
	}
	if _, err := c.First(t.Context(), who, []uuid.UUID{third.ID, fourth.ID}, false); !errors.Is(err, ticket.ErrTooManyHeld) {
		t.Errorf("first with three: %v, want ErrTooManyHeld", err)
	}
}

// An undo can give an agent a fourth ticket: the claims on all of them can be renewed.
func TestTake_RenewsFourth(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	who := agents(t, p, 1)[0]
	var last ticket.Ticket
	for _, user := range []string{"a", "b", "c", "d"} {
		last = submit(t, d, user)
		mustExec(t, p, "INSERT INTO claims (user_id, ticket_id, account_id, until_ms) VALUES ($3, $1, $2, now_ms() + 60000)", last.ID, who, user)
	}
	if _, err := c.Take(t.Context(), who, last.ID); err != nil {
		t.Errorf("the fourth again: %v", err)
	}
	if _, err := c.Take(t.Context(), who, submit(t, d, "e").ID); !errors.Is(err, ticket.ErrTooManyHeld) {
		t.Errorf("a fifth: %v, want ErrTooManyHeld", err)
	}
}

func TestWork_PendingOrOwn(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	who := agents(t, p, 2)
	made := submit(t, d, "ann")
	if err := d.Postpone(t.Context(), made.ID, made.Version, ticket.Approve(ticket.Agent(who[0].String()), ""), time.Hour); err != nil {
		t.Fatal(err)
	}
	for name, work := range map[string]func(agent uuid.UUID) error{
		"skip": func(agent uuid.UUID) error { return c.Skip(t.Context(), agent, made.ID) },
		"snooze": func(agent uuid.UUID) error {
			return c.Snooze(t.Context(), agent, made.ID, time.Now().Add(time.Hour), "x")
		},
		"hand over": func(agent uuid.UUID) error {
			return c.HandOver(t.Context(), agent, made.ID, ticket.Receiver{Team: "fraud"})
		},
		"give back": func(agent uuid.UUID) error { return c.HandOver(t.Context(), agent, made.ID, ticket.Receiver{}) },
	} {
		for i, agent := range who {
			if err := work(agent); !errors.Is(err, ticket.ErrStale) {
				t.Errorf("%s by agent %d: %v, want ErrStale", name, i, err)
			}
		}
	}
	own := submit(t, d, who[0].String())
	if err := c.Skip(t.Context(), who[0], own.ID); !errors.Is(err, ticket.ErrOwnTicket) {
		t.Errorf("skip the agent's own: %v, want ErrOwnTicket", err)
	}
	if err := c.Snooze(t.Context(), who[1], own.ID, time.Now().Add(time.Hour), "x"); err != nil {
		t.Fatal(err)
	}
	if err := c.Wake(t.Context(), who[0], own.ID); !errors.Is(err, ticket.ErrOwnTicket) {
		t.Errorf("wake the agent's own: %v, want ErrOwnTicket", err)
	}
}

func TestNext_QueueOfAnotherTeam(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	c = c.WithTeams(map[string]string{"high": "seniors"})
	who := agents(t, p, 2)
	mustExec(t, p, "INSERT INTO team_members (team, account_id) VALUES ('seniors', $1)", who[0])
	high, gone, plain := submitAs(t, d, "ann", "high"), submitAs(t, d, "bob", "gone"), submitAs(t, d, "cid", "")
	wantNext(t, c, who[0], high.ID, "in the team")
	wantNext(t, c, who[1], gone.ID, "not in the team: one of a queue that the form has no more")
	approve(t, d, gone)
	wantNext(t, c, who[1], plain.ID, "not in the team")
	for _, anyQueue := range []bool{false, true} {
		want := map[bool]uuid.UUID{false: plain.ID, true: high.ID}[anyQueue]
		got, err := c.First(t.Context(), who[1], []uuid.UUID{high.ID, plain.ID}, anyQueue)
		if err != nil || got != want {
			t.Errorf("first of a list, any queue %v: %s, %v; want %s", anyQueue, got, err, want)
		}
	}
}

func TestViewers_ExpireAndLeave(t *testing.T) {
	t.Parallel()
	_, c, p := open(t)
	id, ann, bob := uuid.New(), uuid.New(), uuid.New()
	for _, want := range []bool{true, false} {
		if added, err := c.Look(t.Context(), bob, id); err != nil || added != want {
			t.Errorf("look: %v, %v; want %v", added, err, want)
		}
	}
	wantViewers := func(want int) {
		t.Helper()
		if state, err := c.State(t.Context(), ann, id); err != nil || len(state.Viewers) != want {
			t.Errorf("viewers %v, %v; want %d", state.Viewers, err, want)
		}
	}
	wantViewers(1)
	mustExec(t, p, "UPDATE viewers SET seen_at_ms = 0")
	wantViewers(0)
	if _, err := c.Look(t.Context(), bob, id); err != nil {
		t.Fatal(err)
	}
	if err := c.LookAway(t.Context(), bob, id); err != nil {
		t.Fatal(err)
	}
	wantViewers(0)
}

// TestNext_FiftyAtOnce lets 50 agents of two instances ask for the next of 50 tickets at once. Tickets are in queues of teams, some
// are skipped, and one more of each kind that nobody may be offered waits before them.
func TestNext_FiftyAtOnce(t *testing.T) {
	t.Parallel()
	d, _, p := open(t)
	teamOf := map[string]string{"high": "seniors", "closed": "nobody"}
	instances := []*claim.Claims{claim.New(p).WithTeams(teamOf), claim.New(p).WithTeams(teamOf)}
	who := agents(t, p, 50)
	mustExec(t, p, "INSERT INTO team_members (team, account_id) SELECT 'seniors', unnest($1::uuid[])", who[:25])
	submitMany := func(queue string, n int) (ids []uuid.UUID) {
		for i := range n {
			ids = append(ids, submitAs(t, d, fmt.Sprint(queue, "-", i), queue).ID)
		}
		return ids
	}
	submitMany("closed", 1)
	snoozed, handed := submitMany("", 1)[0], submitAs(t, d, "handed", "").ID
	if err := instances[0].Snooze(t.Context(), who[0], snoozed, time.Now().Add(time.Hour), "x"); err != nil {
		t.Fatal(err)
	}
	if err := instances[0].HandOver(t.Context(), who[0], handed, ticket.Receiver{Team: "elsewhere"}); err != nil {
		t.Fatal(err)
	}
	left := map[uuid.UUID]bool{}
	for _, id := range append(submitMany("high", 25), submitMany("low", 25)...) {
		left[id] = true
	}
	skips := submitMany("skip", 10) // each is skipped by all
	for _, id := range skips {
		mustExec(t, p, `INSERT INTO ticket_notes (id, user_id, ticket_id, kind, actor, until_ms)
			SELECT gen_random_uuid(), t.user_id, t.id, 'skipped', 'agent:' || a::text, now_ms() + 600000 FROM tickets t, unnest($2::uuid[]) AS a WHERE t.id = $1`, id, who)
	}
	taken := make(chan uuid.UUID, len(who))
	takeAll := func(agents []uuid.UUID) {
		var g errgroup.Group
		for i, agent := range agents {
			g.Go(func() error {
				id, err := nextPatiently(t.Context(), instances[i%2], agent)
				taken <- id
				return err
			})
		}
		if err := g.Wait(); err != nil {
			t.Error(err)
		}
	}
	takeAll(who)
	close(taken)
	for id := range taken {
		if !left[id] {
			t.Errorf("%s was given twice, or to nobody", id)
		}
		delete(left, id)
	}
	if len(left) != 0 {
		t.Errorf("%d tickets are left, and agents went away with nothing", len(left))
	}
}
