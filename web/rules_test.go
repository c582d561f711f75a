package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/web"
)

const ruled = `name: ruled
title: {en: Ruled, vi: Luật}
languages: [en, vi]
time_zone: Asia/Ho_Chi_Minh
open_tickets_per_user: many
fields:
  - {name: born, label: {en: Born, vi: Sinh}, type: date}
  - {name: amount, label: {en: Amount, vi: Tiền}, type: number}
  - {name: text, label: {en: Text, vi: Chữ}, type: long_text, max_length: 10000}
reasons:
  - {code: underage, label: Too young, class: final, text: {en: Too young for us., vi: Bạn chưa đủ tuổi.}}
  - {code: enough, label: Enough, class: retry, text: {en: Enough of that., vi: Đủ rồi.}}
rules:
  - {name: too-young, when: age(born) < 18, decide: reject, reason: underage}
  - {name: by-zero, when: 10 / history.withdrawn > 100, decide: approve}
  - {name: pattern, when: "text != '' && 'x'.matches(text)", decide: approve}
  - {name: small, when: amount < 50, decide: approve}
  - {name: often, when: history.approved >= 2, decide: reject, reason: enough}
  - {name: tried, when: amount > 1000, decide: reject, reason: enough, shadow: true}
`

// rulesSite runs one instance with a form that has rules.
func rulesSite(t *testing.T) *testsite.Site {
	t.Helper()
	return testsite.Start(t, rulesForm(t), 1, testdb.New(t))
}

func rulesForm(t *testing.T) *form.Form {
	t.Helper()
	f, err := formfile.Parse([]byte(ruled))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestRule_DecidesForCustomer(t *testing.T) {
	t.Parallel()
	s := rulesSite(t)
	b, _ := signedIn(t, s, "ann", account.Customer)
	child := url.Values{"submission_id": {someID}, "born": {time.Now().AddDate(-10, 0, 0).Format(time.DateOnly)}}
	sent := b.post("/tickets", child, "Accept-Language", "vi").want(t, 303)
	page := b.get(sent.location(), "Accept-Language", "vi").want(t, 200, "Bạn chưa đủ tuổi.")
	if strings.Contains(page.body, "too-young") {
		t.Error("the customer reads the name of the rule")
	}
	if again := b.post("/tickets", child, "Accept-Language", "vi").want(t, 303); again.location() != sent.location() {
		t.Errorf("the second time it went to %s, the first to %s", again.location(), sent.location())
	}
	small := b.post("/tickets", url.Values{"submission_id": {"0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c002"}, "amount": {"49"}}).want(t, 303)
	b.get(small.location()).want(t, 200, `data-status="approved"`)

	agent, _ := signedIn(t, s, "linh", account.Agent)
	agent.get("/review/"+strings.TrimPrefix(sent.location(), "/tickets/")).want(t, 200, "rule too-young", rulesForm(t).Rules[0].Hash[:12]+"<")
}

func TestRule_DecidesForKey(t *testing.T) {
	t.Parallel()
	s := rulesSite(t)
	p := programs(t, s)("crm", account.Scopes...)
	send := func(key, extra string) reply {
		return p.post("/api/v1/tickets", `{"user_id":"u-1","extra":`+extra+`}`, "Idempotency-Key", key)
	}
	first := send("one", `{"amount":1}`).want(t, 201, `"status":"approved"`, `"version":2`, `"decided_by":"rule:small"`)
	if again := send("one", `{"amount":1}`).want(t, 201); again.body != first.body {
		t.Errorf("the second answer is\n%s\nand the first\n%s", again.body, first.body)
	}
	p.get("/api/v1/users/u-1/latest-ticket").want(t, 200, `"decided_by":"rule:small"`)
	p.get(first.header.Get("Location")).want(t, 200, `"kind":"submitted","actor":"key:crm"`, `"actor":"rule:small"`, `"rule_hash":"`)

	send("two", `{"amount":60}`).want(t, 201, `"status":"processing"`, `"version":1`)
	send("three", `{"amount":2}`).want(t, 201, `"status":"approved"`)
	send("four", `{"amount":60}`).want(t, 201, `"status":"rejected"`, `"reject_comment":"Enough of that."`, `"reject_class":"retry"`)
}

func TestRule_Fails(t *testing.T) {
	t.Parallel()
	s := rulesSite(t)
	p := programs(t, s)("crm", account.Scopes...)
	p.post("/api/v1/tickets", `{"user_id":"u-1","extra":{"text":"secret("}}`, "Idempotency-Key", "one").want(t, 201, `"status":"processing"`)
	log := s.Log.String()
	if !strings.Contains(log, `"rule":"by-zero"`) || !strings.Contains(log, "division by zero") || !strings.Contains(log, `"rule":"pattern"`) || strings.Contains(log, "secret") {
		t.Errorf("the log does not say that two rules failed, or it holds an answer:\n%.2000s", log)
	}
	if n := rows(t, s, "verdicts WHERE outcome = 'failed'"); n != 2 {
		t.Errorf("%d failures are kept, want 2", n)
	}
	p.post("/api/v1/tickets", `{"user_id":"u-1","extra":{"amount":49,"text":"secret("}}`, "Idempotency-Key", "two").want(t, 201, `"decided_by":"rule:small"`)
}

func TestRule_TodayInFormsZone(t *testing.T) {
	t.Parallel()
	for now, want := range map[string]string{
		"2026-02-28T16:59:59Z": "rejected",   // still 28 February in Ho Chi Minh City
		"2026-02-28T17:00:00Z": "processing", // 1 March there: a person born on 29 February is a year older
	} {
		s := rulesSite(t)
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		p := programs(t, s)("crm", account.Scopes...).at(beside(t, s, func(c *web.Config) {
			c.Form, c.Now = rulesForm(t), func() time.Time { return at }
		}))
		p.post("/api/v1/tickets", `{"user_id":"u-1","extra":{"born":"2008-02-29"}}`, "Idempotency-Key", "k").want(t, 201, `"status":"`+want+`"`)
	}
}

func TestRule_ShadowVerdict(t *testing.T) {
	t.Parallel()
	s := rulesSite(t)
	p := programs(t, s)("crm", account.Scopes...)
	p.post("/api/v1/tickets", `{"user_id":"u-1","extra":{"amount":1001}}`, "Idempotency-Key", "one").want(t, 201, `"status":"processing"`)
	if n := rows(t, s, "verdicts WHERE rule = 'tried' AND shadow AND outcome = 'reject' AND reason = 'enough'"); n != 1 {
		t.Errorf("%d verdicts, want 1", n)
	}
}

func TestRule_TooYoung(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, _ := signedIn(t, s, "ann", account.Customer)
	child := answers(someID)
	child.Set("date_of_birth", time.Now().AddDate(-17, 0, 0).Format(time.DateOnly))
	sent := b.post("/tickets", child).want(t, 303)
	b.get(sent.location()).want(t, 200, "You are not old enough", `data-status="rejected"`)
	b.post("/tickets", answers("0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c009")).want(t, 409)

	p := programs(t, s)("crm", account.Scopes...)
	soon := strings.Replace(submission("u-1"), "2040-01-01", time.Now().AddDate(0, 0, 20).Format(time.DateOnly), 1)
	p.post("/api/v1/tickets", soon, "Idempotency-Key", "one").want(t, 201, `"reject_reason":"document_expired"`, `"decided_by":"rule:document-expired"`)
	p.post("/api/v1/tickets", submission("u-1"), "Idempotency-Key", "two").want(t, 201, `"status":"processing"`)
}

func TestRulesPage_Admins(t *testing.T) {
	t.Parallel()
	s := rulesSite(t)
	p := programs(t, s)("crm", account.Scopes...)
	made := p.post("/api/v1/tickets", `{"user_id":"u-1","extra":{"amount":1001}}`, "Idempotency-Key", "one").want(t, 201)
	review := strings.Replace(made.header.Get("Location"), "/api/v1/tickets/", "/review/", 1)
	agent, _ := signedIn(t, s, "linh", account.Agent)
	agent.post(review+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	p.post("/api/v1/tickets", `{"user_id":"u-1","extra":{"amount":1}}`, "Idempotency-Key", "two").want(t, 201)

	admin, _ := signedIn(t, s, "admin", account.Admin)
	admin.get("/review").want(t, 200, `href="/admin/rules"`)
	admin.get("/admin/rules").want(t, 200, "tried", "shadow", "Agents agree in 0 of 1 case (0.0 %).", "Live, it would decide ", "It decides ", "small", "live", "tried said reject", "linh@example.com", review)
	admin.get("/admin/rules?from=2020-01-01&to=2020-01-09").want(t, 200, "No rule said anything about these tickets.")
	admin.get("/admin/rules?from=2020-01-01&to=2020-03-01").want(t, 422)
	agent.get("/admin/rules").want(t, 403)
	if page := agent.get("/review"); strings.Contains(page.body, "/admin/rules") {
		t.Error("an agent is led to the rules, which are for admins")
	}
}

func TestRulesPage_RangeTooLarge(t *testing.T) {
	t.Parallel()
	s := rulesSite(t)
	programs(t, s)("crm", account.Scopes...).post("/api/v1/tickets", `{"user_id":"u-1","extra":{"amount":1001}}`, "Idempotency-Key", "one").want(t, 201)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	execute(t, s, `ALTER TABLE verdicts RENAME TO kept; CREATE FUNCTION late() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
		RAISE EXCEPTION 'canceling statement due to statement timeout' USING ERRCODE = 'query_canceled'; END $$;
		CREATE VIEW verdicts AS SELECT * FROM kept WHERE late()`)
	page := admin.get("/admin/rules").want(t, 422, "This range has too many tickets")
	if strings.Contains(page.body, "No rule has said anything") {
		t.Error("the page says that no rule has said anything, which it does not know")
	}
}
