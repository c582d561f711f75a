package e2e

import (
	"testing"

	"docket/internal/account"
)

func TestRevoke_AdminAndCustomer(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	for name, options := range map[string][]option{"phone": {phone}, "desktop": {desktop, dark}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			customer, user := openAsCustomer(t, s, "customer-"+name, options...)
			customer.submit()
			ticket := customer.URL()[len(s.URL+"/tickets/"):]
			admin, _ := openAs(t, s, "admin-"+name, account.Admin, options...)
			admin.visit("/review/" + ticket)
			admin.must(admin.Locator("#decision button.approve").Click(), "approve")
			admin.seeText("Approved by")
			admin.must(admin.Locator(".revoke summary").Click(), "open what takes the approval back")
			admin.seeText("no earlier one takes its place")
			admin.look("review-revoke")
			admin.choose("Why", "Name differs from the document")
			admin.fill("Internal note (optional)", "seen elsewhere")
			admin.press("Take back the approval")
			admin.seeText("Approval taken back by")
			admin.look("review-revoked")
			if found := latestApproved(t, s, user); found != nil {
				t.Errorf("the JSON says %v, want nothing", found)
			}
			customer.visit("/tickets/" + ticket)
			customer.seeHeading("Revoked")
			customer.seeText("The approval has been taken back")
			customer.look("ticket-revoked")
			customer.follow("Start a new ticket")
			customer.at("/tickets/new")
		})
	}
}
