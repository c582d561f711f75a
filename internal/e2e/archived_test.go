package e2e

import (
	"testing"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// TestArchived shows a ticket of the archive to its owner and to an agent, on screens of every width.
func TestArchived(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	customer, user := openAsCustomer(t, s, "ann")
	customer.submit()
	id := uuid.MustParse(customer.URL()[len(customer.URL())-36:])
	desk := s.Instances[0].Desk
	if _, err := desk.Decide(t.Context(), id, 1, ticket.Reject("agent:"+uuid.NewString(), "blurry", "The photo is not sharp.", "seen twice")); err != nil {
		t.Fatal(err)
	}
	next, err := desk.Submit(t.Context(), ticket.Submission{UserID: user, Key: "next", FormVersion: "f", By: ticket.User(user), Extra: []byte(`{"full_name": "X"}`), OneOpen: builtInForm().OneOpen})
	if err == nil {
		_, err = desk.Withdraw(t.Context(), user, next.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.MoveToArchive(t, 1)
	agent := openAsAgent(t, s, "agent")
	for _, seen := range []struct {
		*page
		name, path string
	}{{customer, "ticket-archived", "/tickets/"}, {agent, "review-archived", "/review/"}} {
		seen.visit(seen.path + id.String())
		seen.seeText("is in the archive")
		seen.seeText("The photo is not sharp.")
		seen.seeNoText("Fix and send again")
		for _, width := range []int{360, 768, 1280, 1920} {
			seen.must(seen.SetViewportSize(width, 800), "make the window %d wide", width)
			seen.fits()
			seen.shot(seen.name)
		}
		axe(t, seen.page)
	}
}
