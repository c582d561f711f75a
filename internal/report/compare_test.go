package report_test

import (
	"fmt"
	"testing"
	"time"

	"docket/internal/report"
	"docket/internal/ticket"
)

func TestCompare_RulesBesidePeople(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	said := func(outcome ticket.Outcome) ticket.Evaluation {
		v := ticket.Verdict{Rule: "tried", Hash: "h", Shadow: true, Outcome: outcome}
		if outcome == ticket.OutcomeReject {
			v.Reason = "blurry"
		}
		return ticket.Evaluation{Verdicts: []ticket.Verdict{v}}
	}
	ruleRejects := ticket.Evaluation{
		Verdicts: []ticket.Verdict{{Rule: "r", Hash: "0123456789ab", Outcome: ticket.OutcomeReject, Reason: "blurry"}},
		Decision: ticket.Reject(ticket.Rule("r"), "blurry", "Again, please.", ""),
	}
	ruleRejects.Decision.Hash = "0123456789ab"
	var differ ticket.Ticket
	approves, rejects := ticket.Approve("agent:a", ""), ticket.Reject("agent:a", "blurry", "Again.", "")
	for i, one := range []struct {
		evaluated ticket.Evaluation
		decided   ticket.Decision // zero: none
	}{
		{said(ticket.OutcomeApprove), approves},
		{said(ticket.OutcomeApprove), approves},
		{said(ticket.OutcomeReject), rejects},
		{said(ticket.OutcomeReject), approves},
		{said(ticket.OutcomeFailed), rejects},
		{said(ticket.OutcomeApprove), ticket.Decision{}},
		{ticket.Evaluation{}, approves},
		{ruleRejects, ticket.Decision{}},
		{said(ticket.OutcomeReject), ticket.Approve(ticket.Key("import"), "")}, // no person disagrees
	} {
		s := submission(fmt.Sprint("u", i), "k")
		s.Evaluation = one.evaluated
		made, err := d.Submit(t.Context(), s)
		if err == nil && one.decided.Status != "" {
			made, err = d.Decide(t.Context(), made.ID, 1, one.decided)
		}
		if err != nil {
			t.Fatal(err)
		}
		if i == 3 {
			differ = made
		}
	}
	found, err := report.Compare(t.Context(), p, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	if err != nil || len(found.Rules) != 2 {
		t.Fatalf("compared %+v, %v; want two rules", found, err)
	}
	live, tried := found.Rules[0], found.Rules[1]
	want := "map[approve:map[approved:2 open:1] failed:map[rejected:1] nothing:map[approved:1 key:0 open:0 rejected:0 rule:1] reject:map[approved:1 key:1 rejected:1]]"
	if got := fmt.Sprint(tried.Tickets); got != want || !tried.Shadow {
		t.Errorf("the shadow\n%s, want\n%s", got, want)
	}
	if alike, both := tried.CountAgreed(); alike != 3 || both != 4 {
		t.Errorf("agreed in %d of %d, want 3 of 4", alike, both)
	}
	if live.Rule != "r" || live.Shadow || live.Tickets[ticket.OutcomeReject][ticket.FinalByRule] != 1 {
		t.Errorf("the live rule %+v, want that it decided one", live)
	}
	if len(found.Disagreements) != 1 || found.Disagreements[0].ID != differ.ID || found.Disagreements[0].Outcome != ticket.OutcomeReject {
		t.Errorf("disagreements %+v, want the one on %s", found.Disagreements, differ.ID)
	}
	if before, err := report.Compare(t.Context(), p, time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)); err != nil || len(before.Rules) > 0 {
		t.Errorf("an hour before %+v, %v; want nothing", before, err)
	}
}
