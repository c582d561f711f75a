package store_test

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"docket/internal/report"
	"docket/internal/ticket"
)

// decideByRule is what a rule says that decides.
func decideByRule(d ticket.Decision) ticket.Evaluation {
	d.Hash = "0123456789ab"
	verdict := ticket.Verdict{Rule: "r", Hash: d.Hash, Outcome: ticket.OutcomeApprove}
	if d.Status == ticket.Rejected {
		verdict.Outcome, verdict.Reason = ticket.OutcomeReject, d.Reason()
	}
	return ticket.Evaluation{Verdicts: []ticket.Verdict{verdict}, Decision: d}
}

var (
	ruleApproves = decideByRule(ticket.Approve(ticket.Rule("r"), ""))
	ruleRejects  = decideByRule(ticket.Reject(ticket.Rule("r"), "blurry", "Again, please.", ""))
)

func TestSubmit_DecidedByRule(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	for user, evaluation := range map[string]ticket.Evaluation{"ann": ruleApproves, "bob": ruleRejects} {
		s := submission(user, "k")
		s.Evaluation = evaluation
		first, err := d.Submit(t.Context(), s)
		if err != nil || first.Status != evaluation.Decision.Status || first.Version != 2 || first.Decision.By != "rule:r" || first.Decision.Hash != evaluation.Decision.Hash {
			t.Fatalf("submitted %+v, %v; want it decided by the rule", first, err)
		}
		history, err := d.History(t.Context(), first.ID)
		if err != nil || len(history) != 2 || history[0].Actor != "user:"+user || history[1].Actor != "rule:r" || history[1].Hash != evaluation.Decision.Hash {
			t.Errorf("history %+v, %v; want it submitted by the user and decided by the rule, with its hash", history, err)
		}
		again, err := d.Submit(t.Context(), s)
		if err != nil || again.ID != first.ID || again.Status != first.Status || again.Version != 2 {
			t.Errorf("the second time: %+v, %v; want what the first made", again, err)
		}
	}
	latest, err := d.Latest(t.Context(), "ann")
	if err != nil || latest.DecidedBy != "rule:r" {
		t.Errorf("latest of ann %+v, %v; want the rule's approval", latest, err)
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM verdicts WHERE hash = '0123456789ab' AND NOT shadow"); n != 2 {
		t.Errorf("%d verdicts, want 2", n)
	}
}

func TestSubmit_ShadowRule(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	s := submission("ann", "k")
	s.Evaluation.Verdicts = []ticket.Verdict{
		{Rule: "a", Hash: "1", Shadow: true, Outcome: ticket.OutcomeReject, Reason: "blurry"}, {Rule: "b", Hash: "2", Outcome: ticket.OutcomeFailed},
	}
	made, err := d.Submit(t.Context(), s)
	if err != nil || !made.Status.Open() || made.Version != 1 {
		t.Fatalf("submitted %+v, %v; want an open ticket", made, err)
	}
	if n := count(t.Context(), t, p, `SELECT count(*) FROM verdicts WHERE ticket_id = $1 AND at_ms = $2
		AND (rule, shadow, outcome, reason) IN (('a', true, 'reject', 'blurry')) OR (rule, outcome) = ('b', 'failed') AND reason IS NULL`,
		made.ID, made.CreatedAt.UnixMilli()); n != 2 {
		t.Errorf("%d verdicts are as they were given, want 2", n)
	}
}

// With one open ticket for each user, concurrent submissions are evaluated one after the other: only one is the first.
func TestSubmit_RuleSeesOtherTickets(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	var g errgroup.Group
	for i := range 20 {
		g.Go(func() error {
			s := submission("ann", fmt.Sprint(i))
			s.Evaluate = func(others ticket.Others) ticket.Evaluation {
				if others.Counts[ticket.Approved]+others.Counts[ticket.Rejected]+others.Counts[ticket.Processing] == 0 {
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
		t.Errorf("%d were approved as the user's first, want 1", n)
	}
}

func TestSubmit_ManyDecidedByRule(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	g, ctx := errgroup.WithContext(t.Context())
	g.SetLimit(8)
	all, users := 10_000, 2_000
	if testing.Short() {
		all, users = 2_000, 400
	}
	for i := range all {
		g.Go(func() error {
			s := submission(fmt.Sprint("u", i%users), fmt.Sprint(i))
			s.OneOpen, s.Evaluation = false, ruleApproves
			if i%users%5 == 0 || i%3 == 0 {
				s.Evaluation = ruleRejects
			}
			_, err := retrying{d}.Submit(ctx, s)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{
		"SELECT count(*) FROM tickets": all, "SELECT count(*) FROM verdicts": all, "SELECT count(*) FROM ticket_events": 2 * all,
		"SELECT count(*) FROM tickets WHERE status = 'processing'":                          0,
		"SELECT count(*) FROM ticket_events WHERE kind = 'submitted' AND rule_hash IS NULL": all,
		"SELECT count(*) FROM user_tickets WHERE decided_by = 'rule:r'":                     users * 4 / 5,
		"SELECT abs(count(*) FILTER (WHERE status = 'approved') - (SELECT count(*) FROM ticket_events WHERE kind = 'approved' AND actor = 'rule:r' AND rule_hash IS NOT NULL)) FROM tickets": 0,
		"SELECT abs(count(*) FILTER (WHERE status = 'rejected') - (SELECT count(*) FROM ticket_events WHERE kind = 'rejected' AND actor = 'rule:r' AND rule_hash IS NOT NULL)) FROM tickets": 0,
		"SELECT abs(count(DISTINCT user_id) - (SELECT count(*) FROM user_tickets)) FROM tickets WHERE status = 'approved'":                                                                   0,
	} {
		if n := count(t.Context(), t, p, query); n != want {
			t.Errorf("%s: %d, want %d", query, n, want)
		}
	}
	found := func(problem string) error { t.Error(problem); return nil }
	if err := report.Verify(t.Context(), p, found, report.Progress{Begin: func(string, int64) {}, Done: func(int64) {}}); err != nil {
		t.Error(err)
	}
}

// TestSubmit_LimitOfASum has a rule that approves as long as the sum of a user is at most 3. Of submissions at the same moment no more pass.
func TestSubmit_LimitOfASum(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	submitters, ctx := errgroup.WithContext(t.Context())
	for i := range 8 {
		submitters.Go(func() error {
			s := submission("ann", fmt.Sprint("k", i))
			s.OneOpen, s.Extra = false, []byte(`{"amount": 1}`)
			s.Windows = []ticket.Window{{Name: "sum", Field: "amount", Length: time.Hour}, {Name: "count", Status: "approved", Length: time.Hour}}
			s.Evaluate = func(others ticket.Others) ticket.Evaluation {
				if others.Windows["sum"] < 3 && others.Windows["count"] < 3 {
					return ruleApproves
				}
				return ruleRejects
			}
			_, err := retrying{d}.Submit(ctx, s)
			return err
		})
	}
	if err := submitters.Wait(); err != nil {
		t.Fatal(err)
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM tickets WHERE status = 'approved'"); n != 3 {
		t.Errorf("%d were approved, want 3", n)
	}
}
