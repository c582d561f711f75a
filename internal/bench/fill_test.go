package main

import (
	"testing"
	"time"

	"docket/internal/postgres"
	"docket/internal/report"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

func TestFill_Verifies(t *testing.T) {
	t.Parallel()
	url := testdb.New(t).Primary
	if err := (fill{DatabaseURL: url, Tickets: 3000, Users: 500, Seed: 7}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	pool, err := postgres.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	parts := map[string]int64{}
	err = report.Verify(t.Context(), pool, func(problem string) error { t.Error(problem); return nil }, report.Progress{
		Begin: func(part string, tickets int64) { parts[part] = tickets },
		Done:  func(int64) {},
	})
	if err != nil || parts["histories"] != 3000 || parts["approvals"] != 3000 {
		t.Errorf("verified %v, %v; want 3000 of both parts", parts, err)
	}
	found, err := store.NewReader(pool).Search(t.Context(), ticket.Search{Words: []string{"nguy"}, From: time.Now().AddDate(0, 0, -31), To: time.Now(), Page: ticket.Page{Limit: 5}})
	if err != nil || len(found.Tickets) != 5 {
		t.Errorf("%d tickets are found by a name, %v; want 5", len(found.Tickets), err)
	}
	if err := (fill{DatabaseURL: url, Tickets: 1}).Run(t.Context()); err == nil {
		t.Error("a database with tickets was filled again, and lost them")
	}
}

func TestHistory_OneOpenTicketPerUser(t *testing.T) {
	t.Parallel()
	p := &history{seed: 3, tickets: 20_000, users: 5_000, agents: 3, until: time.Now(), reasons: reasonsWithText()}
	waits, kinds := map[int]bool{}, map[string]int{}
	for m := range p.eachTicket() {
		if waits[m.user] {
			t.Fatalf("ticket %d is of user %d, whose last one waits", m.number, m.user)
		}
		waits[m.user] = m.status.Open()
		kinds[string(m.status)]++
	}
	if n := kinds["approved"]; n < 17_500 || n > 18_500 {
		t.Errorf("%v, want 90 %% approved", kinds)
	}
	if n := kinds["processing"]; n < 300 || n > 500 {
		t.Errorf("%v, want 2 %% processing", kinds)
	}
}

func TestHistory_AsManyWait(t *testing.T) {
	t.Parallel()
	for _, tickets := range []int{10_000, 100_000} {
		p, waiting := &history{seed: 3, tickets: tickets, users: tickets, agents: agentsFor(tickets), waiting: 600, until: time.Now(), reasons: reasonsWithText()}, 0
		for m := range p.eachTicket() {
			if m.status.Open() {
				waiting++
			}
		}
		if waiting < 540 || waiting > 660 {
			t.Errorf("of %d tickets %d wait, want about 600", tickets, waiting)
		}
	}
}

func TestHistory_AgentsByVolume(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ tickets, agents, first int }{{10_000, agentsFor(10_000), 9_400}, {10_000, 247, 4_700}, {100_000, agentsFor(100_000), 40_000}} {
		p, decided := &history{seed: 3, tickets: c.tickets, users: c.tickets, agents: c.agents, waiting: 600, until: time.Now(), reasons: reasonsWithText()}, map[int]int{}
		for m := range p.eachTicket() {
			if !m.status.Open() {
				decided[m.agent]++
			}
		}
		if len(decided) != c.agents || decided[1] < c.first*95/100 || decided[1] > c.first*105/100 {
			t.Errorf("of %d tickets %d agents decided, the first %d, want %d and %d", c.tickets, len(decided), decided[1], c.agents, c.first)
		}
	}
}
