package e2e

import (
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/testkit/testsite"
)

// TestPeople_ByAdmin lets an admin invite somebody, who then signs in, and make a key; ten minutes later the password is asked again.
func TestPeople_ByAdmin(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]option{"desktop": {desktop, dark}, "phone": {phone}, "without script": {noScript}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSite(t)
			admin, id := openAs(t, s, "admin", account.Admin, options...)
			look := admin.look
			if name == "without script" { // axe is one
				look = func(string) {}
			}
			admin.follow("Admin")
			look("admin")
			admin.follow("People")
			look("people")
			admin.expectStatus(422)
			admin.press("Invite")
			admin.seeMessage("E-mail", "Enter an e-mail address, such as name@example.com.")
			look("people-wrong")
			admin.fill("E-mail", "new@example.com")
			admin.choose("Role", "Agent")
			admin.press("Invite")
			admin.seeHeading("Hand over this link")
			look("people-link")
			invited := open(t, s.URL)
			invited.visit(strings.TrimPrefix(admin.text("#handed code"), s.URL))
			invited.fill("Password", "a long enough battery")
			invited.press("Save the password")
			invited.fill("E-mail", "new@example.com")
			invited.fill("Password", "a long enough battery")
			invited.press("Sign in")
			invited.seeHeading("Queue")

			admin.visit("/admin/people")
			admin.follow("new@example.com")
			look("person")
			if _, err := s.Instances[0].Primary.Exec(t.Context(), "UPDATE sessions SET confirmed_at_ms = now_ms() - 600001 WHERE account_id = $1", id); err != nil {
				t.Fatal(err)
			}
			admin.expectStatus(422)
			admin.press("Sign out everywhere")
			admin.seeText("Confirm that it is you")
			look("person-confirm")
			admin.fill("Present password", testsite.Password)
			admin.press("Sign out everywhere")
			admin.seeText("This person is signed out everywhere.")
			invited.seeHeading("Sign in") // The page goes there by itself.

			admin.visit("/admin/keys")
			admin.fill("Name", "billing")
			admin.tick("latest:read")
			admin.press("Make the key")
			admin.seeText("Give this key to billing.")
			look("key-new")
			admin.visit("/admin/keys")
			look("keys")
			admin.follow("billing")
			look("key")
			admin.press("Revoke")
			admin.seeText("The key is revoked.")
		})
	}
}
