package app_test

import (
	"strings"
	"testing"

	"docket/internal/audit"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestAudit_Alerts makes an agent see what the alerts are about: the metrics count it, and the log names the agent.
func TestAudit_Alerts(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 1, testdb.New(t))
	for action, times := range map[audit.Action]int{audit.UnclaimedOpened: 31, audit.FileSeen: 2} {
		for range times {
			if err := s.Instances[0].Audit.Record(t.Context(), audit.Entry{Actor: "agent:quick", Action: action}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for !strings.Contains(s.Log.String(), `"actor":"agent:quick"`) { // the entries are in the database a little later
		if err := s.Instances[0].Audit.ReportBursts(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	text := scrape(t, s)
	for _, line := range []string{
		`docket_audit_entries_total{action="unclaimed_ticket_opened"} 31`, `docket_audit_entries_total{action="file_seen"} 2`,
		`docket_audit_entries_total{action="ticket_opened"} 0`, `docket_view_bursts_total 1`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("the metrics lack %s", line)
		}
	}
}
