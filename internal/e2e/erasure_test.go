package e2e

import (
	"testing"

	"docket/internal/account"
)

func TestErasure_ByAdmin(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]option{"desktop": {desktop, dark}, "phone": {phone}, "without script": {noScript}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSite(t)
			customer, user := openAsCustomer(t, s, "customer")
			customer.submit()
			admin, _ := openAs(t, s, "admin", account.Admin, options...)
			look := admin.look
			if name == "without script" { // axe is one
				look = func(string) {}
			}
			admin.visit("/review?user=" + user)
			admin.follow("Data of this user")
			look("user")
			admin.fill("Why the data must be kept; only admins read it", "A lawsuit")
			admin.press("Hold the data")
			admin.seeText("End the hold before you erase.")
			look("user-held")
			admin.press("End the hold")
			admin.expectStatus(422)
			admin.press("Erase everything")
			admin.seeMessage("Reason", "Choose a reason.")
			admin.seeMessage("Type the user's id to confirm", "This is not the id of the user.")
			look("user-wrong")
			admin.choose("Reason", "The user asked for it")
			admin.fill("Type the user's id to confirm", user)
			admin.press("Erase everything")
			admin.seeText("There is nothing to erase.")
			look("user-erased")
			admin.visit("/review?status=withdrawn&user=" + user)
			admin.must(admin.Locator("[data-row] a").First().Click(), "open the ticket")
			admin.seeText("The answers were erased on")
			look("review-erased")
			customer.visit("/tickets")
			customer.seeHeading("Sign in")
		})
	}
}
