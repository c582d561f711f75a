package e2e

import (
	"testing"
	"time"

	"docket/internal/app"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// startUndo runs a site on which a decision can be undone for so long.
func startUndo(t *testing.T, window time.Duration) *testsite.Site {
	t.Helper()
	return testsite.StartWith(t, testdb.NewWithReplica(t), app.Config{Undo: &window})
}

func TestUndo_Keyboard(t *testing.T) {
	t.Parallel()
	s := startUndo(t, time.Minute)
	for _, name := range []string{"ann", "bob", "cid"} {
		customer, _ := openAsCustomer(t, s, name)
		customer.submit()
	}
	agent := openAsAgent(t, s, "agent")
	agent.keys("n")
	agent.seeText("Put back")
	first := agent.URL()
	agent.waitForKeys()
	agent.fill("Internal note (optional)", "a note")
	agent.keys("Escape", "a")
	agent.seeText("Approved: Nguyễn Văn A")
	agent.seeText("Put back") // of the next one
	agent.look("review-toast")
	agent.waitForKeys()
	agent.keys("z")
	agent.at(first[len(s.URL):])
	agent.seeValue("Internal note (optional)", "a note")
	agent.seeNoText("Approved: Nguyễn Văn A")
	agent.waitForKeys()
	agent.keys("Escape", "a")
	agent.seeText("Approved: Nguyễn Văn A")
	agent.fill("Internal note (optional)", "of the next one")
	agent.press("Send now")
	agent.seeText("Approved: Nguyễn Văn A")
	agent.must(agent.expect.Locator(agent.Locator("#toast form")).ToHaveCount(0), "see nothing to undo any more")
	agent.seeValue("Internal note (optional)", "of the next one")
}

// The page of a ticket whose decision is pending shows the outcome by itself when that is made.
func TestUndo_GoesOut(t *testing.T) {
	t.Parallel()
	s := startUndo(t, 5*time.Second)
	customer, user := openAsCustomer(t, s, "customer")
	customer.submit()
	agent := openAsAgent(t, s, "agent")
	agent.follow("Nguyễn Văn A")
	agent.tick(formfile.Default().Reasons[0].Label)
	agent.press("Reject")
	agent.seeText("Your decision goes out in")
	agent.seeText("Rejected by agent@example.com")
	agent.seeNoText("Your decision goes out in")
	if found := latestApproved(t, s, user); found != nil {
		t.Errorf("the JSON says %v, want nothing", found)
	}
}

func TestUndo_WithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := startUndo(t, time.Minute)
	customer, user := openAsCustomer(t, s, "customer")
	customer.submit()
	agent := openAsAgent(t, s, "agent", noScript)
	agent.press("Take next")
	agent.press("Approve")
	agent.seeText("Approved: Nguyễn Văn A")
	agent.seeText("No ticket is waiting that you can take.")
	agent.press("Undo")
	agent.at("/review/[0-9a-f-]{36}")
	agent.press("Approve")
	customer.Reload()
	customer.seeHeading("In review")
	agent.press("Send now")
	agent.seeText("No ticket is waiting that you can take.") // the page it was pressed on
	if found := latestApproved(t, s, user); found == nil {
		t.Error("the JSON has no approval after it was sent")
	}
}
