package form_test

import (
	"testing"
	"time"

	"docket/internal/form"
)

func TestQueueOf_FirstThatHolds(t *testing.T) {
	t.Parallel()
	const queues = `queues:
  - {name: high, when: a >= 1000.0, team: seniors}
  - {name: low, when: a < 10.0}
`
	for _, test := range []struct{ queues, answer, want string }{
		{queues, "1000", "high"},
		{queues, "9", "low"},
		{queues, "10", ""},
		{queues, "", ""}, // a comparison with an answer that is not there does not hold
		{queues + "  - {name: rest, title: All others}\n", "", "rest"},
		{"", "1000", ""},
	} {
		f := parse(t, oneField("type: number")+test.queues)
		answers, err := f.Check(form.Input{"a": {test.answer}}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if got := f.QueueOf(answers, time.Now()); got != test.want {
			t.Errorf("%q with the queues\n%sis put in %q, want %q", test.answer, test.queues, got, test.want)
		}
	}
}
