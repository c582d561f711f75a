package web_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// partners asks for a passport of each owner, and for papers.
const partners = `name: partners
title: Partners
fields:
  - name: owners
    label: Owners
    type: group
    many: 3
    min: 1
    row_label: Owner
    fields:
      - {name: full_name, label: Full name, required: true}
      - {name: passport, label: Passport, type: image, required: true}
      - {name: papers, label: Papers, type: file, many: 2}
reasons:
  - {code: passport, label: Passport, class: retry, fields: [owners.passport], text: Send the passport again.}
rules:
  - {name: two, when: "size(owners) == 3 && owners.all(o, o.passport)", decide: approve}
`

func startPartners(t *testing.T) *testsite.Site {
	t.Helper()
	f, err := formfile.Parse([]byte(partners))
	if err != nil {
		t.Fatal(err)
	}
	return testsite.Start(t, f, 1, testdb.New(t))
}

func TestGroupFiles_FromThePageToTheAgent(t *testing.T) {
	t.Parallel()
	s := startPartners(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	second := customer.uploaded(someID, "owners.2.passport")
	customer.get("/files/"+second).want(t, 200)
	customer.postFiles("/files/owners.passport", url.Values{"submission_id": {someID}}, []chosen{{"owners.passport", "x.jpg", photo()}}).want(t, 404)
	typed := url.Values{"submission_id": {someID}, "owners": {"0", "2"}, "owners.0.full_name": {"An"}, "owners.2.full_name": {"Bình"}}
	customer.post("/tickets", typed).want(t, 422, `href="#field-owners-0-passport">Owner 1: Add “Passport”`).lacks(t, "#field-owners-2-passport")
	typed.Set("owners.0.passport", second) // the draft has the other one
	customer.post("/tickets", typed).want(t, 422, "Owner 2 · Passport: ")
	delete(typed, "owners.0.passport")
	made := customer.postFiles("/tickets", typed, []chosen{{"owners.0.passport", "a.jpg", photo()}, {"owners.2.papers", "b.pdf", document()}, {"owners.2.papers", "c.pdf", document()}}).want(t, 303)
	customer.get(made.location()).want(t, 200, `alt="Owner 1 · Passport"`, `alt="Owner 2 · Passport"`, `src="/files/`+second+`?size=480"`, ">Document 2<")
	id := strings.TrimPrefix(made.location(), "/tickets/")
	agent.get("/review/"+id).want(t, 200, `alt="Owner 1 · Passport"`, `alt="Owner 2 · Passport"`, `id="pick-`+second+`"`)
	other, _ := signedIn(t, s, "other", account.Customer)
	like := url.Values{"submission_id": {"0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c003"}, "owners": {"3"}, "owners.1.full_name": {"Chi"}}
	made = other.postFiles("/tickets", like, []chosen{{"owners.1.passport", "a.jpg", photo()}}).want(t, 303)
	agent.get("/review/"+strings.TrimPrefix(made.location(), "/tickets/")).want(t, 200, "Owner 1 · Passport: the same file")
	agent.get("/review/export.csv?status=processing").want(t, 200).lacks(t, second)
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"passport"}}).want(t, 303)

	again := customer.get("/tickets/new").want(t, 200, `data-upload="/files/owners.0.passport"`, `data-upload="/files/owners.1.passport"`, `src="/files/`+second+`?size=480"`)
	again.lacks(t, "owners.1.papers")
	const next = "0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c002"
	same := url.Values{"submission_id": {next}, "mends": {id}, "owners": {"0", "1"}, "owners.0.passport": {customer.uploaded(next, "owners.0.passport")}, "owners.1.passport": {customer.uploaded(next, "owners.1.passport")}}
	customer.post("/tickets", same).want(t, 422, "Owner 2 · Passport: this is the same photo")
	same.Set("send-same", "1")
	made = customer.post("/tickets", same).want(t, 303)
	if n := count(t, s, "SELECT count(*) FROM ticket_files WHERE ticket_id = $1 AND field IN ('owners.passport', 'owners.papers')", strings.TrimPrefix(made.location(), "/tickets/")); n != 4 {
		t.Errorf("the next attempt names %d files, want the new passports and the papers from before", n)
	}
}

func TestGroupFiles_RemoveARow(t *testing.T) {
	t.Parallel()
	s := startPartners(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	typed := url.Values{"submission_id": {someID}, "owners": {"0", "1"}, "owners.0.full_name": {"An"}, "owners.1.full_name": {"Bình"}}
	first, second := customer.uploaded(someID, "owners.0.passport"), customer.uploaded(someID, "owners.1.passport")
	customer.post("/tickets/new", with(with(typed, "owners.0.passport", first), "remove-row", "owners.0")).want(t, 303)
	left := customer.get("/tickets/new").want(t, 200, `name="owners.1.passport" value="`+second+`"`, "Owner 1")
	left.lacks(t, first)
	path := customer.post("/tickets", url.Values{"submission_id": {someID}, "owners": {"1"}, "owners.1.full_name": {"Bình"}}).want(t, 303).location()
	customer.get(path).want(t, 200, `src="/files/`+second+`?size=480"`).lacks(t, first)
}

// TestGroupFiles_RowOfAnotherPage sends the form from a page that does not show a row which another page has added with its file.
func TestGroupFiles_RowOfAnotherPage(t *testing.T) {
	t.Parallel()
	s := startPartners(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	first, second := customer.uploaded(someID, "owners.0.passport"), customer.uploaded(someID, "owners.1.passport")
	path := customer.post("/tickets", url.Values{"submission_id": {someID}, "owners": {"0"}, "owners.0.full_name": {"An"}}).want(t, 303).location()
	customer.get(path).want(t, 200, first).lacks(t, second)
}

func TestGroupFiles_API(t *testing.T) {
	t.Parallel()
	s := startPartners(t)
	key, b := s.Key(t, "sender", account.TicketsWrite, account.TicketsRead), visitor(t, s.URL)
	call := func(method, path, kind string, body []byte) reply {
		return b.send(method, path, bytes.NewReader(body), "Authorization", "Bearer "+key, "Content-Type", kind, "Idempotency-Key", uuid.NewString())
	}
	upload := func() string {
		var file struct{ ID, Field string }
		made := call(http.MethodPost, "/api/v1/files?user_id=ann&field=owners.passport", "image/jpeg", photo()).want(t, 201)
		if err := json.Unmarshal([]byte(made.body), &file); err != nil || file.Field != "owners.passport" {
			t.Fatalf("got %s, %v", made.body, err)
		}
		return file.ID
	}
	call(http.MethodPost, "/api/v1/files?user_id=ann&field=owners.1.passport", "image/jpeg", photo()).want(t, 422, "unknown_field")
	one, two := upload(), upload()
	submit := func(passports ...string) reply {
		rows := make([]string, len(passports))
		for i, id := range passports {
			rows[i] = `{"full_name":"A","passport":"` + id + `"}`
		}
		return call(http.MethodPost, "/api/v1/tickets", "application/json", []byte(`{"user_id":"ann","extra":{"owners":[`+strings.Join(rows, ",")+`]}}`))
	}
	submit(one, one).refuses(t, 422, "invalid", "owners.1.passport given_twice")
	submit(one, "x").refuses(t, 422, "invalid", "owners.1.passport not_a_file")
	submit(one, uuid.NewString()).refuses(t, 422, "invalid", "owners.0.passport not_a_file", "owners.1.passport not_a_file")
	call(http.MethodPost, "/api/v1/tickets", "application/json", []byte(`{"user_id":"ann","extra":{"owners":[{"full_name":"A"}]}}`)).refuses(t, 422, "invalid", "owners.0.passport required")
	made := submit(one, two).want(t, 201)
	call(http.MethodGet, made.location(), "", nil).want(t, 200, `"owners.0.passport":{"id":"`+one+`"`, `"owners.1.passport":{"id":"`+two+`"`)
	call(http.MethodGet, "/api/v1/files/"+two, "", nil).want(t, 200)
}

// A repetition with the same bytes in two rows is the same submission, whichever ids they have now.
func TestGroupFiles_RepeatedWithSameBytes(t *testing.T) {
	t.Parallel()
	s := startPartners(t)
	key := programs(t, s)("key", account.TicketsWrite)
	upload := func() string {
		var file struct{ ID string }
		made := key.send("POST", "/api/v1/files?user_id=ann&field=owners.passport", string(photo()), "Content-Type", "image/jpeg").want(t, 201)
		if err := json.Unmarshal([]byte(made.body), &file); err != nil {
			t.Fatal(err)
		}
		return file.ID
	}
	submit := func(second, one, two string) reply {
		return key.post("/api/v1/tickets", `{"user_id":"ann","extra":{"owners":[{"full_name":"A","passport":"`+one+`"},{"full_name":"`+second+`","passport":"`+two+`"}]}}`, "Idempotency-Key", "same")
	}
	one, two := upload(), upload()
	first := submit("B", one, two).want(t, 201).location()
	for range 4 {
		if again := submit("B", upload(), upload()).want(t, 201); again.location() != first {
			t.Errorf("another ticket: %s, want %s", again.location(), first)
		}
	}
	submit("B", two, upload()).want(t, 201)
	submit("B", upload(), one).want(t, 201)
	submit("C", upload(), upload()).refuses(t, 422, "idempotency_key_reused")
}
