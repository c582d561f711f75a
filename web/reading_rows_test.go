package web_test

import (
	"encoding/json"
	"maps"
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
)

// readingRows reads the code of each owner's card.
const readingRows = `name: owners
title: Owners
open_tickets_per_user: many
reads:
  owners.full_name: owners.passport.qr.name
  owners.number: owners.passport.qr.number
fields:
  - name: owners
    label: Owners
    type: group
    row_label: Owner
    fields:
      - {name: full_name, label: Full name, required: true}
      - {name: number, label: Number}
      - {name: passport, label: Passport, type: image}
rules:
  - {name: agrees, when: "match.owners.number.all(m, m == 'match') && read.owners.passport.name.exists(n, n != '')", decide: approve, shadow: true}
  - {name: differs, when: "match.owners.number.exists(m, m == 'differs')", decide: approve, shadow: true}
`

func readingRowsSite(t *testing.T) *testsite.Site {
	t.Helper()
	f, err := formfile.Parse([]byte(readingRows))
	if err != nil {
		t.Fatal(err)
	}
	return testsite.Start(t, f, 1, testdb.New(t))
}

// In the rows of a group each row is compared with its own photo, on the page, for agents and by rules.
func TestReading_RowsOnPages(t *testing.T) {
	t.Parallel()
	s := readingRowsSite(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	upload := func(field string) string {
		shown := customer.postFiles("/files/"+field, url.Values{"submission_id": {someID}}, []chosen{{field, "x.jpg", card()}}, "HX-Request", "true").want(t, 200, "We read this in your photo", testpicture.VietnameseName)
		return shown.kept()[field]
	}
	sent := url.Values{"submission_id": {someID}, "owners": {"0", "3"}, "owners.0.full_name": {testpicture.VietnameseName}, "owners.3.full_name": {"Ann"}}
	sent.Set("owners.0.passport", upload("owners.0.passport"))
	sent.Set("owners.3.passport", upload("owners.3.passport"))

	taken := url.Values{"take": {"owners.3.passport/owners.3.number"}}
	maps.Copy(taken, sent)
	got := customer.postFiles("/tickets/new", taken, nil).want(t, 303)
	page := customer.get(got.location()).want(t, 200, `value="001304012345"`, "you wrote <bdi>Ann</bdi>")
	if taken := strings.Count(page.body, `value="001304012345"`); taken != 1 {
		t.Errorf("the number was taken in %d rows, want the one that was asked for", taken)
	}

	sent.Set("owners.0.number", "001304012354")
	sent.Set("owners.3.number", "001304012345")
	made := customer.postFiles("/tickets", sent, nil).want(t, 303)
	agent.get(strings.Replace(made.location(), "/tickets/", "/review/", 1)).want(t, 200,
		`data-match="match" data-reads="owners.0.full_name"`, `data-match="differs" data-reads="owners.1.full_name"`,
		`data-match="differs" data-reads="owners.0.number"`, `data-match="match" data-reads="owners.1.number"`, `data-place-of="owners.1.number"`)
	for rule, want := range map[string]int64{"agrees": 0, "differs": 1} {
		if n := count(t, s, "SELECT count(*) FROM verdicts WHERE rule = $1 AND outcome = 'approve'", rule); int64(n) != want {
			t.Errorf("%s: %d verdicts, want %d", rule, n, want)
		}
	}
}

func TestReading_RowsByKey(t *testing.T) {
	t.Parallel()
	s := readingRowsSite(t)
	key := programs(t, s)("key", account.TicketsWrite, account.TicketsRead)
	upload := func() string {
		sent := key.send("POST", "/api/v1/files?user_id=u&field=owners.passport", string(card()), "Content-Type", "image/jpeg").want(t, 201, `"fields":["owners.number"]`)
		var file struct{ ID string }
		if err := json.Unmarshal([]byte(sent.body), &file); err != nil {
			t.Fatal(err)
		}
		return file.ID
	}
	made := key.post("/api/v1/tickets", `{"user_id":"u","extra":{"owners":[{"full_name":"Ann","number":"1"},{"full_name":"Nguyễn Thị Ánh","number":"001304012345","passport":"`+upload()+`"}]}}`, "Idempotency-Key", "one").want(t, 201)
	key.get(made.location()).want(t, 200,
		`"match":{"owners.0.full_name":"unread","owners.0.number":"unread","owners.1.full_name":"match","owners.1.number":"match"}`, `"fields":["owners.1.number"]`)
}
