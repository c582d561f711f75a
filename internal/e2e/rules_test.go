package e2e

import (
	"fmt"
	"testing"

	"docket/internal/account"
	"docket/internal/ticket"
)

func TestRules_ComparedWithAgents(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	desk := s.Instances[0].Desk
	for i := range 12 {
		user := fmt.Sprint("user-", i)
		said := ticket.Verdict{Rule: "known-country", Hash: "5b7e0c1f9a42", Shadow: true, Outcome: ticket.OutcomeApprove}
		if i%4 == 0 {
			said.Outcome, said.Reason = ticket.OutcomeReject, "document_expired"
		}
		sent, err := desk.Submit(t.Context(), ticket.Submission{
			UserID: user, By: ticket.User(user), Key: user, Extra: []byte(`{"full_name":"A"}`), Evaluation: ticket.Evaluation{Verdicts: []ticket.Verdict{said}},
		})
		if err != nil {
			t.Fatal(err)
		}
		decision := ticket.Approve(ticket.Agent("back-office"), "")
		if i%5 == 1 {
			decision = ticket.Reject(ticket.Agent("back-office"), "image_blurry", "Again, please.", "")
		}
		if _, err := desk.Decide(t.Context(), sent.ID, sent.Version, decision); err != nil {
			t.Fatal(err)
		}
	}
	waitForReplica(t, s)
	for _, how := range []option{desktop, phone} {
		p, _ := openAs(t, s, fmt.Sprintf("admin-%p", how), account.Admin, how)
		p.visit("/review")
		p.follow("Rules")
		p.seeHeading("Rules")
		p.seeText("Agents agree in 6 of 12 cases (50.0 %).")
		p.look("rules")
		p.fill("From", "2020-01-01")
		p.fill("To", "2020-01-09")
		p.press("Show")
		p.seeText("No rule said anything about these tickets.")
		p.look("rules-empty")
	}
}
