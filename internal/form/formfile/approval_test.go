package formfile_test

import (
	"encoding/json"
	"testing"
	"time"
)

// terms has each way in which a form says when approvals end, and what they are for.
func TestApproval_Terms(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	const fields = "time_zone: Asia/Ho_Chi_Minh\nfields:\n  - {name: until, label: Until, type: date}\n  - {name: meeting, label: Meeting, type: datetime}\n  - {name: system, label: System}\n"
	const asks = "decisions: {approve: {asks: [{name: end, label: End, type: date}, {name: role, label: Role, max_length: 20}]}}\n"
	for name, try := range map[string]struct {
		keys, extra, grant, until, subject string
	}{
		"two years":         {"approval: {valid_for: 2y}\n", `{}`, ``, "2028-11-26T12:00:00Z", ""},
		"a month":           {"approval: {valid_for: 1m}\n", `{}`, ``, "2026-12-26T12:00:00Z", ""},
		"minutes":           {"approval: {valid_for: 30min}\n", `{}`, ``, "2026-11-26T12:30:00Z", ""},
		"the end of a day":  {"approval: {until: answers.until}\n", `{"until":"2027-05-03"}`, ``, "2027-05-03T17:00:00Z", ""},
		"no such answer":    {"approval: {until: answers.until}\n", `{}`, ``, "", ""},
		"a time":            {"approval: {until: answers.meeting}\n", `{"meeting":"2027-05-03T08:30:00+07:00"}`, ``, "2027-05-03T01:30:00Z", ""},
		"days later":        {"approval: {until: answers.until + days(2)}\n", `{"until":"2027-05-03"}`, ``, "2027-05-05T17:00:00Z", ""},
		"the earlier one":   {"approval: {valid_for: 2y, until: until}\n", `{"until":"2027-05-03"}`, ``, "2027-05-03T17:00:00Z", ""},
		"the earlier other": {"approval: {valid_for: 1h, until: until}\n", `{"until":"2027-05-03"}`, ``, "2026-11-26T13:00:00Z", ""},
		"granted":           {asks + "approval: {until: grant.end}\n", `{}`, `{"end":"2027-05-03"}`, "2027-05-03T17:00:00Z", ""},
		"not granted":       {asks + "approval: {valid_for: 1h, until: grant.end}\n", `{}`, ``, "2026-11-26T13:00:00Z", ""},
		"a granted subject": {asks + "latest_per: grant.role\n", `{}`, `{"role":"reader"}`, "", "reader"},
	} {
		got := parse(t, head+fields+try.keys).TermsOf(json.RawMessage(try.extra), json.RawMessage(try.grant), at)
		until := ""
		if !got.Until.IsZero() {
			until = got.Until.UTC().Format(time.RFC3339)
		}
		if until != try.until || got.Subject != try.subject {
			t.Errorf("%s: until %q for %q, want %q for %q", name, until, got.Subject, try.until, try.subject)
		}
	}
}
