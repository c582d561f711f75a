package form_test

import (
	"encoding/json"
	"strings"
	"testing"

	"docket/internal/form"
)

func TestTimes(t *testing.T) {
	t.Parallel()
	f := parse(t, head+`time_zone: Europe/Berlin
fields:
  - {name: at, label: At, type: time, min: "08:00", max: "18:00"}
  - {name: until, label: Until, type: time}
  - {name: start, label: Start, type: datetime, min: today, max: today+400d}
  - {name: day, label: Day, type: date}
checks:
  - {when: until < at, fields: [until], text: Too early.}
  - {when: start < day, fields: [start], text: Before the day.}
`)
	for _, test := range []struct{ name, given, want string }{
		{"at", "8:30", `{"at":"08:30"}`},
		{"at", "08:30:00", `{"at":"08:30"}`},
		{"at", "08:30:01", "at: not_a_time"},
		{"at", "25:00", "at: not_a_time"},
		{"at", "7:59", "at: too_early"},
		{"at", "18:01", "at: too_late"},
		{"at,until", "9:00,8:59", "until: check_failed"},
		{"at,until", "9:00,10:00", `{"at":"09:00","until":"10:00"}`},
		{"until", "08:00", `{"until":"08:00"}`},
		{"start", "2026-03-04T00:00", `{"start":"2026-03-04T00:00:00+01:00"}`},
		{"start", "2026-07-04 09:30", `{"start":"2026-07-04T09:30:00+02:00"}`},
		{"start", "2026-07-04T00:30:00Z", `{"start":"2026-07-04T02:30:00+02:00"}`},
		{"start", "2026-03-03T23:59", "start: too_early"},
		{"start", "2026-03-29T02:30", "start: not_a_time"}, // clocks go from two to three
		{"start", "2028-03-29T02:30", "start: too_late"},
		{"start", "2026-02-30T02:30", "start: not_a_time"},
		{"start", "2026-03-05", "start: not_a_time"},
		{"start,day", "2026-03-05T23:00,2026-03-06", "start: check_failed"},
		{"start,day", "2026-03-06T00:00,2026-03-06", `{"start":"2026-03-06T00:00:00+01:00","day":"2026-03-06"}`},
	} {
		given, texts := form.Input{}, strings.Split(test.given, ",")
		for i, name := range strings.Split(test.name, ",") {
			given.Set(name, texts[i])
		}
		answers, err := f.Check(given, noon)
		got := string(answers.JSON())
		if err != nil {
			got = strings.TrimPrefix(err.Error(), "invalid answers: ")
		}
		if got != test.want {
			t.Errorf("%s %q: got %s, want %s", test.name, test.given, got, test.want)
		}
	}
	const extra = `{"start":"2026-07-04T09:30:00+02:00"}`
	if got := f.InputFromAnswers(json.RawMessage(extra)).Text("start"); got != "2026-07-04T09:30" {
		t.Errorf("a page asks for %q", got)
	}
	if got := f.Summary(json.RawMessage(extra)); got != "" {
		t.Errorf("the summary is %q", got)
	}
	if got := f.Show(json.RawMessage(extra))[0].Rows[2].Text; got != "4 Jul 2026, 09:30" {
		t.Errorf("a person reads %q", got)
	}
}
