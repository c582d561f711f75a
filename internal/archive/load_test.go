package archive_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/internal/archive"
	"docket/internal/cache"
	"docket/internal/consistency"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

// loadTime is how long TestRun_UnderLoad goes on: ARCHIVE_LOAD_TIME, such as 10m, or as short as it is worth.
func loadTime(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("ARCHIVE_LOAD_TIME")
	if text == "" {
		return 1500 * time.Millisecond
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// load is clients that change and read tickets of few users on two instances.
type load struct {
	*testing.T
	site    *testsite.Site
	history *consistency.History
}

// loadClient does one thing after the other, and knows the tickets that it closed.
type loadClient struct {
	load
	name   string
	agent  uuid.UUID
	random *rand.Rand
	closed map[string][]ticket.Ticket // by user
}

// TestRun_UnderLoad: whatever is archived while users and agents go on, no promise of docs/consistency.md is broken, and nobody misses a ticket.
// Everything that is closed is due at once: most of what may go wrong lies between two moments.
func TestRun_UnderLoad(t *testing.T) {
	t.Parallel()
	archiveUnderLoad(t, testdb.New(t))
}

func TestCitus_UnderLoad(t *testing.T) { archiveUnderLoad(t, testdb.Citus(t)) }

func archiveUnderLoad(t *testing.T, on testdb.DB) {
	t.Helper()
	s := testsite.Start(t, testsite.Form(), 2, on)
	archiveAtOnce(t, s)
	l := load{t, s, consistency.NewHistory(time.Now)}
	ctx, stop := context.WithTimeout(t.Context(), loadTime(t))
	defer stop()
	var clients sync.WaitGroup
	for i := range 6 {
		c := loadClient{l, fmt.Sprint("client ", i), uuid.New(), rand.New(rand.NewPCG(uint64(i), uint64(time.Now().UnixNano()))), map[string][]ticket.Ticket{}}
		exec(t, s, "INSERT INTO accounts (id, email, role, password_hash) VALUES ($1, $2, 'agent', 'x')", c.agent, c.agent.String()+"@example.com")
		clients.Go(func() { c.run(ctx) })
	}
	moved := l.archiveUntil(ctx)
	clients.Wait()
	t.Logf("%d operations, %d tickets moved", len(l.history.Finished()), moved)
	if moved == 0 {
		t.Error("nothing was archived")
	}
	l.check()
}

// archiveAtOnce makes due what is closed, and has the feed know no event any more.
func archiveAtOnce(t *testing.T, s *testsite.Site) {
	t.Helper()
	exec(t, s, `DO $$ DECLARE f record; BEGIN
		FOR f IN SELECT pg_get_functiondef(p.oid) AS text FROM pg_proc p WHERE p.proname IN ('archive_tickets', 'archive_due') LOOP
			EXECUTE regexp_replace(f.text, '(90|30) \* 86400000', '0 * 86400000', 'g');
		END LOOP;
	END $$`)
}

// archiveUntil moves what is due again and again, and draws some of it for a second look, until ctx ends. It returns how many were moved.
func (l load) archiveUntil(ctx context.Context) (moved int64) {
	primary := postgres.Rewriting{Pool: l.site.Instances[0].Primary}
	for ctx.Err() == nil {
		exec(l.T, l.site, "SELECT feed_state()") // numbers the events of a Citus cluster
		exec(l.T, l.site, "DELETE FROM feed_marks")
		exec(l.T, l.site, "INSERT INTO feed_marks (at_ms, seq) SELECT now_ms() - 1, max(seq) FROM ticket_events HAVING max(seq) IS NOT NULL")
		drawn := make(chan struct{})
		go func() {
			defer close(drawn)
			if _, err := primary.Exec(l.Context(), `INSERT INTO second_looks (user_id, ticket_id, decided_by, status, decided_at_ms)
				SELECT user_id, id, decided_by, status, decided_at_ms FROM tickets WHERE status = 'rejected' ORDER BY random() LIMIT 1 FOR KEY SHARE SKIP LOCKED ON CONFLICT DO NOTHING`); err != nil && !isGone(err) {
				l.Errorf("draw: %v", err)
			}
		}()
		got, err := l.site.Instances[0].Archive.Run(l.Context(), time.Now().Add(time.Hour), false, func(archive.Result) {})
		if <-drawn; err != nil || got.Refused > 0 {
			l.Errorf("archive: %+v, %v", got, err)
			return moved
		}
		moved += got.Moved
	}
	return moved
}

// isGone reports whether a ticket was archived before a row that names it was added: on Citus nothing locks it.
func isGone(err error) bool { return strings.Contains(err.Error(), "SQLSTATE 23503") }

// check looks at what the database has in the end.
func (l load) check() {
	l.Helper()
	approvals, err := consistency.ReadApprovals(l.Context(), l.site.Instances[0].Primary)
	if err != nil {
		l.Fatal(err)
	}
	for promise, example := range consistency.Check(l.history.Finished(), approvals, cache.Life+cache.MaxLag) {
		l.Errorf("%s: %s", promise, example)
	}
	if n := count(l.T, l.site, "SELECT count(*) FROM archived_tickets WHERE history ? 'look' AND NOT history -> 'look' ? 'given_by'"); n != 0 {
		l.Errorf("%d tickets are archived with a second look that nobody has given", n)
	}
	if n := count(l.T, l.site, "SELECT count(*) FROM archived_tickets a JOIN tickets t USING (user_id, id)"); n != 0 {
		l.Errorf("%d tickets are in the archive and where they were", n)
	}
	if n := count(l.T, l.site, `SELECT count(*) FROM (SELECT user_id, status, count(*) AS tickets FROM archived_tickets GROUP BY 1, 2) a
		FULL JOIN archived_counts c USING (user_id, status) WHERE a.tickets IS DISTINCT FROM c.tickets`); n != 0 {
		l.Errorf("%d counts of the archive are wrong", n)
	}
	checkWhole(l.T, l.site)
}

func (c loadClient) run(ctx context.Context) {
	for ctx.Err() == nil {
		user := fmt.Sprint("user ", c.random.IntN(4))
		switch n := c.random.IntN(40); {
		case n < 14:
			c.decideNew(user)
		case n < 17:
			c.revoke(user)
		case n < 18:
			c.erase(user)
		case n < 24:
			c.look(consistency.FreshRead, ticket.Fresh(c.Context()), user)
		case n < 32:
			c.look(consistency.Read, c.Context(), user)
		default:
			c.findClosed(user)
		}
	}
}

func (c loadClient) desk() (desk *cache.Cache, instance string) {
	i := c.random.IntN(2)
	return c.site.Instances[i].Desk, fmt.Sprint(i)
}

// expect fails for an error that is none of those that the other clients explain: a wait for one of them may be given up, too.
func (c loadClient) expect(doing string, err error, allowed ...error) bool {
	if errors.Is(err, ticket.ErrOverloaded) || err != nil && strings.Contains(err.Error(), "SQLSTATE 55P03") {
		return false
	}
	for _, a := range allowed {
		if errors.Is(err, a) {
			return false
		}
	}
	if err != nil {
		c.Errorf("%s: %v", doing, err)
	}
	return err == nil
}

// decideNew submits a ticket and closes it; some after a decision that is undone.
func (c loadClient) decideNew(user string) {
	desk, instance := c.desk()
	made, err := desk.Submit(c.Context(), ticket.Submission{
		UserID: user, OneOpen: c.random.IntN(2) == 0, Extra: []byte(`{"full_name": "X"}`), Key: uuid.NewString(), FormVersion: "f", By: ticket.User(user),
	})
	if errors.Is(err, ticket.ErrResubmissionClosed) {
		_, err := c.site.Instances[0].Reopenings.Add(c.Context(), ticket.Reopening{UserID: user, By: "agent:admin", Note: "once more"}, 0)
		c.expect("reopen", err, ticket.ErrNotFound)
		return
	}
	if !c.expect("submit", err, ticket.ErrOpenTicket) {
		return
	}
	by := "agent:" + c.agent.String()
	if c.random.IntN(3) == 0 && c.expect("postpone", desk.Postpone(c.Context(), made.ID, made.Version, ticket.Approve(by, ""), time.Hour), ticket.ErrDecided) {
		c.expect("undo", desk.Undo(c.Context(), made.ID, c.agent), ticket.ErrDecided)
	}
	decision := reject
	decision.By = by
	if c.random.IntN(2) == 0 {
		decision = ticket.Approve(by, "fine")
	} else if c.random.IntN(4) == 0 {
		decision.Class = ticket.Final
	}
	o := &consistency.Operation{}
	if decision.Status == ticket.Approved {
		o = c.history.Begin(consistency.Operation{Kind: consistency.Approve, Client: c.name, Instance: instance, User: user, Ticket: made.ID})
	}
	decided, err := desk.Decide(c.Context(), made.ID, made.Version, decision)
	if decision.Status == ticket.Approved {
		c.history.End(o, ticket.Approval{TicketID: decided.ID, UpdatedAt: decided.UpdatedAt}, err)
	}
	if c.expect("decide", err, ticket.ErrDecided, ticket.ErrStale) {
		c.closed[user] = append(c.closed[user], decided)
	}
}

// revoke takes back the latest approval of a user.
func (c loadClient) revoke(user string) {
	desk, instance := c.desk()
	latest, err := desk.Latest(ticket.Fresh(c.Context()), user)
	if !c.expect("look up", err, ticket.ErrNotFound) {
		return
	}
	o := c.history.Begin(consistency.Operation{Kind: consistency.Revoke, Client: c.name, Instance: instance, User: user, Revoked: latest.TicketID})
	revoked, err := desk.Revoke(c.Context(), latest.TicketID, 2, ticket.Revocation{By: "agent:" + c.name, Reason: "other", Class: ticket.Retry})
	c.history.End(o, ticket.Approval{UpdatedAt: revoked.Decision.At}, err)
	c.expect("revoke", err, ticket.ErrDecided, ticket.ErrStale)
}

// erase erases a user, as a command does.
func (c loadClient) erase(user string) {
	o := c.history.Begin(consistency.Operation{Kind: consistency.Erase, Client: c.name, User: user})
	var version int64
	err := postgres.Transact(c.Context(), c.site.Instances[0].Primary, func(tx pgx.Tx) error {
		if _, err := tx.Exec(c.Context(), "SELECT erase_user($1, 'cli', 'request')", user); err != nil {
			return err
		}
		return tx.QueryRow(c.Context(), "SELECT coalesce((SELECT version FROM latest_removed WHERE user_id = $1), 0)", user).Scan(&version)
	})
	c.history.End(o, ticket.Approval{UpdatedAt: time.UnixMilli(version)}, err)
	c.expect("erase", err)
}

// look looks a user up.
func (c loadClient) look(kind consistency.Kind, ctx context.Context, user string) {
	desk, instance := c.desk()
	o := c.history.Begin(consistency.Operation{Kind: kind, Client: c.name, Instance: instance, User: user})
	a, err := desk.Latest(ctx, user)
	c.history.End(o, a, err)
	c.expect("look up", err, ticket.ErrNotFound)
}

// findClosed finds a ticket that the client closed by its id, and all of them in the list of the user, each once.
func (c loadClient) findClosed(user string) {
	desk, _ := c.desk()
	closed := c.closed[user]
	if len(closed) == 0 {
		return
	}
	one := closed[c.random.IntN(len(closed))]
	got, err := desk.Ticket(ticket.Fresh(c.Context()), one.ID)
	if c.expect("read a ticket", err) && (got.UserID != user || got.Status != one.Status && got.Status != ticket.Revoked) {
		c.Errorf("ticket %s of %s was %s, and is %s of %s", one.ID, user, one.Status, got.Status, got.UserID)
	}
	const most = 50
	list, err := desk.TicketsOf(ticket.Fresh(c.Context()), user, ticket.Page{Limit: most})
	if !c.expect("list tickets", err) {
		return
	}
	var listed []uuid.UUID
	for _, t := range list.Tickets {
		if slices.Contains(listed, t.ID) {
			c.Errorf("ticket %s of %s is listed twice", t.ID, user)
		}
		listed = append(listed, t.ID)
	}
	for _, t := range closed {
		whole := list.Next.IsZero() || t.CreatedAt.After(list.Tickets[len(list.Tickets)-1].CreatedAt)
		if whole && !slices.Contains(listed, t.ID) {
			c.Errorf("ticket %s of %s is not listed", t.ID, user)
		}
	}
}
