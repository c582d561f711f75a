package e2e

import (
	"bytes"
	"testing"
	"time"

	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// startLooks runs a site on which every decided ticket is drawn for a second look.
func startLooks(t *testing.T) *testsite.Site {
	t.Helper()
	f, err := formfile.Parse(bytes.Replace(testsite.FormFile(), []byte("undo_seconds: 10\n"), []byte("second_look: 100%\n"), 1))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.NewWithReplica(t))
	drawLooks(t, s)
	return s
}

// drawLooks draws of what was decided before now.
func drawLooks(t *testing.T, s *testsite.Site) {
	t.Helper()
	for begin := time.Now(); time.Since(begin) < 2*time.Millisecond; {
		if err := s.Instances[0].Looks.Draw(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Instances[0].Looks.Draw(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestSecondLook_Keyboard(t *testing.T) {
	t.Parallel()
	s := startLooks(t)
	customer, _ := openAsCustomer(t, s, "customer")
	customer.submit()
	first := openAsAgent(t, s, "first")
	first.follow("Nguyễn Văn A")
	first.tick(formfile.Default().Reasons[0].Label)
	first.press("Reject")
	first.seeText("Rejected by")
	drawLooks(t, s)
	second := openAsAgent(t, s, "second", sized(1280, 600))
	second.follow("Second look 1")
	second.seeText("Nguyễn Văn A")
	second.look("second-looks")
	second.keys("n")
	second.seeText("What would you have decided?")
	second.seeInView("Approve A", "Reject")
	second.seeNoText("first@example.com")
	second.look("second-look")
	second.waitForKeys()
	second.keys("r", "1", "Enter")
	second.seeText("The second look agrees")
	second.seeText("first@example.com")
	second.look("second-look-given")
	second.keys("n")
	second.seeText("Nothing to look at again")
	second.look("second-looks-given")
}

func TestSecondLook_WithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := startLooks(t)
	customer, _ := openAsCustomer(t, s, "customer", noScript)
	customer.submit()
	first := openAsAgent(t, s, "first", noScript)
	first.follow("Nguyễn Văn A")
	first.press("Approve")
	drawLooks(t, s)
	second := openAsAgent(t, s, "second", noScript)
	second.visit("/review/second-looks")
	second.press("Next second look")
	second.tick(formfile.Default().Reasons[0].Label)
	second.press("Reject")
	second.seeText("The second look differs")
}
