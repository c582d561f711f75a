package web_test

import (
	"encoding/csv"
	"net/url"
	"strings"
	"testing"
	"time"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/views"
)

// readExport reads a file of comma-separated values: its rows by the names of their columns, and the last line.
func readExport(t *testing.T, r reply) (rows []map[string]string, last []string) {
	t.Helper()
	text, ok := strings.CutPrefix(r.body, "\ufeff")
	if !ok || !strings.Contains(text, "\r\n") {
		t.Error("the file has no byte order mark or other ends of lines")
	}
	lines := csv.NewReader(strings.NewReader(text))
	lines.FieldsPerRecord = -1
	all, err := lines.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range all[1:] {
		row := map[string]string{}
		for i, value := range line {
			row[all[0][i]] = value
		}
		rows, last = append(rows, row), line
	}
	return rows, last
}

func TestListExport_WhatIsListed(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	form := answers(someID)
	form.Set("full_name", "@SUM(1+1), Ann")
	form.Set("phone", "+84 24 3825 1234")
	id := strings.TrimPrefix(customer.post("/tickets", form).want(t, 303).location(), "/tickets/")
	agent.get("/review").want(t, 200, `<a href="/review/export.csv" download>`)
	sent := agent.get("/review/export.csv").want(t, 200)
	if got := sent.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename=processing-") {
		t.Errorf("it is sent as %q", got)
	}
	rows, _ := readExport(t, sent)
	if len(rows) != 1 || rows[0]["Ticket"] != id || !strings.HasPrefix(rows[0]["Full name"], "'@SUM") || rows[0]["Closed"] != "" {
		t.Errorf("sent %q", rows)
	}
	if _, err := time.Parse("2006-01-02 15:04:05-07:00", rows[0]["Sent"]); err != nil {
		t.Error(err)
	}
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"underage"}, "comment": {"No."}, "note": {"=cmd"}}).want(t, 303)
	if rows, _ := readExport(t, agent.get("/review/export.csv").want(t, 200)); len(rows) != 0 {
		t.Errorf("of none that wait %q were sent", rows)
	}
	rows, _ = readExport(t, agent.get("/review/export.csv?status=rejected").want(t, 200))
	if len(rows) != 1 || rows[0]["Decided by"] != "agent@example.com" || rows[0]["Note"] != "'=cmd" || rows[0]["Reasons"] == "" || rows[0]["Closed"] == "" {
		t.Errorf("sent %q", rows)
	}
	agent.get("/review/export.csv?from=2020-01-01&to=2026-01-01").want(t, 422)
	agent.get("/review/export.csv?cursor=x").want(t, 422)
	entries, _, err := s.Instances[0].Audit.List(t.Context(), audit.Filter{From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour), Action: audit.Exported, Limit: 10})
	if err != nil || len(entries) != 3 || entries[0].Count != 1 || entries[1].Count != 0 || entries[2].Count != 1 {
		t.Errorf("the audit has %+v (%v), want exports of 1, 0 and 1 tickets", entries, err)
	}
}

func TestListExport_SaysThatItEndsEarly(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	execute(t, s, `INSERT INTO tickets (id, user_id, status, extra, created_at_ms, updated_at_ms)
		SELECT gen_random_uuid(), 'u' || n, 'processing', '{}', ms - n, ms - n FROM generate_series(1, 10001) n, now_ms() ms`)
	rows, last := readExport(t, agent.get("/review/export.csv").want(t, 200))
	if len(rows) != 10_001 || len(last) != 1 || !strings.Contains(last[0], "only the first 10,000") {
		t.Errorf("%d rows, the last is %q", len(rows), last)
	}
	seen := map[string]bool{}
	for _, row := range rows {
		seen[row["Ticket"]] = true
	}
	if len(seen) != 10_001 { // with the last line
		t.Errorf("%d different tickets", len(seen)-1)
	}
}

func TestWithoutFormula_OnlyWhatBeginsLikeOne(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "Ann": "Ann", "=1": "'=1", "+84 24": "'+84 24", "-1": "-1", "-1,5": "-1,5", "-x": "'-x", "@x": "'@x", "\tx": "'\tx", "a=b": "a=b", "\r=x": "'\r=x",
	} {
		if got := views.WithoutFormula(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
