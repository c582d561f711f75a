package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"docket/db"
	"docket/internal/ticket"
)

// found are the tickets that a search finds.
func found(t *testing.T, d ticket.Desk, s ticket.Search) (ids []uuid.UUID) {
	t.Helper()
	if s.To.IsZero() {
		s.From, s.To = time.Now().Add(-7*24*time.Hour), time.Now().Add(time.Hour)
	}
	s.Limit = max(s.Limit, 10)
	if len(s.Words) == 0 {
		s.Words = []string{"-"}
	}
	list, err := d.Search(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range list.Tickets {
		ids = append(ids, one.ID)
	}
	return ids
}

// submitFound submits a ticket that is found by these.
func submitFound(t *testing.T, d ticket.Desk, user string, words []string, whole ...string) ticket.Ticket {
	t.Helper()
	sub := submission(user, uuid.NewString())
	sub.Words, sub.Whole = words, whole
	made, err := d.Submit(t.Context(), sub)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestSearch_WordsAndNumbers(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	an := submitFound(t, d, "ann", []string{"nguyen", "an", "d'arc"}, "=b1234567")
	binh := submitFound(t, d, "bob", []string{"nguyen", "binh", `back\slash`})
	lastMonth := time.Now().Add(-40 * 24 * time.Hour)
	for name, c := range map[string]struct {
		search ticket.Search
		want   []uuid.UUID
	}{
		"a prefix, newest first":     {ticket.Search{Words: []string{"ngu"}}, []uuid.UUID{binh.ID, an.ID}},
		"two prefixes":               {ticket.Search{Words: []string{"b", "nguyen"}}, []uuid.UUID{binh.ID}},
		"not inside of a word":       {ticket.Search{Words: []string{"guyen"}}, nil},
		"a quote":                    {ticket.Search{Words: []string{"d'a"}}, []uuid.UUID{an.ID}},
		"a backslash":                {ticket.Search{Words: []string{`back\`}}, []uuid.UUID{binh.ID}},
		"an operator":                {ticket.Search{Words: []string{"x:*|y"}}, nil},
		"words of another time":      {ticket.Search{Words: []string{"ngu"}, From: lastMonth, To: lastMonth.Add(time.Hour)}, nil},
		"a number, whatever time":    {ticket.Search{Whole: []string{"=b1234567"}, From: lastMonth, To: lastMonth.Add(time.Hour)}, []uuid.UUID{an.ID}},
		"not the start of a number":  {ticket.Search{Whole: []string{"=b12"}}, nil},
		"the number of a ticket":     {ticket.Search{Whole: []string{"=" + strings.ToLower(ticket.Number(binh.ID))}}, []uuid.UUID{binh.ID}},
		"the id of a ticket":         {ticket.Search{ID: an.ID}, []uuid.UUID{an.ID}},
		"a user id":                  {ticket.Search{UserID: "bob"}, []uuid.UUID{binh.ID}},
		"an address without account": {ticket.Search{Email: "nobody@mail.example"}, nil},
	} {
		if got := found(t, d, c.search); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	// What is erased is not found.
	if _, err := d.Withdraw(t.Context(), "ann", an.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Exec(t.Context(), "SELECT erase_user('ann', 'cli', 'asked')"); err != nil {
		t.Fatal(err)
	}
	if got := found(t, d, ticket.Search{Words: []string{"an"}, Whole: []string{"=b1234567"}}); got != nil {
		t.Errorf("after the erasure: %v", got)
	}
}

// TestSearch_Pages goes through a list page by page, over several days.
func TestSearch_Pages(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	now := time.Now()
	var want []uuid.UUID
	for i := range 23 {
		id := uuid.New()
		at := now.Add(-time.Duration(i) * 17 * time.Hour).UnixMilli()
		if _, err := p.Exec(t.Context(), `INSERT INTO tickets (id, user_id, status, extra, created_at_ms, updated_at_ms)
			VALUES ($1, $2, 'processing', '{}', $3, $3)`, id, id.String(), at); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Exec(t.Context(), `INSERT INTO ticket_words (user_id, ticket_id, words, created_at_ms)
			VALUES ($1::uuid::text, $1, array_to_tsvector(ARRAY[($2::bigint / 86400000)::text || ' nguyen']), $2)`, id, at); err != nil {
			t.Fatal(err)
		}
		want = append(want, id)
	}
	var got []uuid.UUID
	s := ticket.Search{Words: []string{"ng"}, From: now.Add(-31 * 24 * time.Hour), To: now.Add(time.Minute), Page: ticket.Page{Limit: 5}}
	for {
		page, err := d.Search(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range page.Tickets {
			got = append(got, one.ID)
		}
		if page.Next.IsZero() {
			break
		}
		s.After = page.Next
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages give\n%v, want\n%v", got, want)
	}
}

func TestSamePerson_OtherUsersOnly(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	identity := ticket.Identity{Name: "document_number", Hash: []byte("0123456789abcdef")}
	var made []ticket.Ticket
	for _, user := range []string{"ann", "bob", "cid"} {
		sub := submission(user, user)
		sub.Identities = []ticket.Identity{identity, {Name: "person", Hash: []byte(user + "0123456789abc")}}
		one, err := d.Submit(t.Context(), sub)
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, one)
	}
	same := func(i ticket.Identity, most int) (ids []uuid.UUID) {
		t.Helper()
		found, err := d.SamePerson(t.Context(), "ann", i, most)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range found {
			ids = append(ids, one.ID)
		}
		return ids
	}
	if got, want := same(identity, 5), []uuid.UUID{made[2].ID, made[1].ID}; !slices.Equal(got, want) {
		t.Errorf("the same document: %v, want %v", got, want)
	}
	if got, want := same(identity, 1), []uuid.UUID{made[2].ID}; !slices.Equal(got, want) {
		t.Errorf("one at most: %v, want %v", got, want)
	}
	if got := same(ticket.Identity{Name: "person", Hash: []byte("ann0123456789abc")}, 5); got != nil {
		t.Errorf("an identity of ann alone: %v", got)
	}
	if _, err := p.Exec(t.Context(), "SELECT erase_user('bob', 'cli', 'asked')"); err != nil {
		t.Fatal(err)
	}
	if got, want := same(identity, 5), []uuid.UUID{made[2].ID}; !slices.Equal(got, want) {
		t.Errorf("after an erasure: %v, want %v", got, want)
	}
}

// TestSubmit_RuleSeesSamePerson: of users who submit the same identity at the same time, one is the first.
func TestSubmit_RuleSeesSamePerson(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	var g errgroup.Group
	for i := range 12 {
		g.Go(func() error {
			s := submission(fmt.Sprint("user", i), "key")
			s.CountSamePerson = true
			s.Identities = []ticket.Identity{{Name: "a", Hash: []byte("0123456789abcdef")}, {Name: "b", Hash: []byte("fedcba9876543210")}}
			if i%2 == 0 {
				slices.Reverse(s.Identities)
			}
			s.Evaluate = func(others ticket.Others) ticket.Evaluation {
				if others.SamePerson == 0 {
					return ruleApproves
				}
				return decideByRule(ticket.Approve(ticket.Rule("later"), ""))
			}
			_, err := retrying{d}.Submit(t.Context(), s)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM tickets WHERE decided_by = 'rule:r'"); n != 1 {
		t.Errorf("%d were approved as the first of their identity, want 1", n)
	}
}

// TestSearch_PlanHidesValues: a plan that depends on no value is made once. Of many tickets, planning takes longer than reading.
func TestSearch_PlanHidesValues(t *testing.T) {
	t.Parallel()
	_, p := desk(t)
	var plan string
	_, err := db.New().TicketFindWords(t.Context(), planned{Pool: p, plan: &plan}, db.TicketFindWordsParams{
		Words: "'word'", FromMs: 1_111_111, AfterMs: 2_222_222, AfterID: uuid.Max, Max: 51,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{"word'", "1111111", "2222222", uuid.Max.String()} {
		if strings.Contains(plan, value) {
			t.Errorf("the plan depends on %s:\n%s", value, plan)
		}
	}
}
