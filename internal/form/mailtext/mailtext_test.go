package mailtext_test

import (
	"errors"
	"testing"

	"docket/internal/form/mailtext"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		event, text string
		offset      int // of the mistake; -1: there is none
	}{
		{mailtext.Received, "{name}: {ticket} at {time}, {link}", -1},
		{mailtext.Rejected, "{reason}", -1},
		{mailtext.Revoked, "{reason}", -1},
		{mailtext.Approved, "{reason}", 0},
		{mailtext.Step, "Ở đây {Link}", 6},
		{mailtext.Received, "{ link }", 0},
		{mailtext.Received, "{answers.email}", 0},
		{mailtext.Received, "a set {1, 2} and {} and { and {a b}", -1},
	} {
		err := mailtext.Check(test.event, test.text)
		wrong, found := errors.AsType[mailtext.Mistake](err)
		if found != (test.offset >= 0) || found && wrong.Offset != test.offset {
			t.Errorf("%s %q: got %v at %d, want a mistake at %d", test.event, test.text, err, wrong.Offset, test.offset)
		}
	}
}

func TestFill_Once(t *testing.T) {
	t.Parallel()
	got := mailtext.Fill("{reason} {link} {other}", map[string]string{"reason": "see {link}", "link": "https://x.example"})
	if want := "see {link} https://x.example {other}"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
