package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

const mended = `name: mended
title: {en: Mended, vi: Sửa}
languages: [en, vi]
open_tickets_per_user: one
fields:
  - {name: full_name, label: {en: Full name, vi: Họ tên}, type: text, required: true}
  - {name: kind, label: {en: Kind, vi: Loại}, type: choice, required: true, options: [{value: passport, label: {en: Passport, vi: Hộ chiếu}}, {value: card, label: {en: Card, vi: Thẻ}}]}
  - {name: expiry, label: {en: Expiry, vi: Hết hạn}, type: date, min: today}
  - {name: front, label: {en: Front, vi: Mặt trước}, type: image, required: true}
  - {name: back, label: {en: Back, vi: Mặt sau}, type: image, required: true, when: kind == 'card'}
  - {name: note, label: {en: Remark, vi: Ghi chú}, type: text}
reasons:
  - {code: blurry, label: Blurry, class: retry, fields: [front], text: {en: The front is blurred., vi: Ảnh bị mờ.}}
  - {code: kind, label: Kind, class: retry, fields: [kind], text: {en: It is another document., vi: Sai loại.}}
  - {code: name, label: Name, class: retry, fields: [full_name], text: {en: The name differs., vi: Sai tên.}}
  - {code: vague, label: Vague, class: retry, text: {en: Look again., vi: Xem lại.}}
`

var regexpFile = regexp.MustCompile(`/files/[0-9a-f-]{36}`)

// rejected is a system and a user whose ticket was rejected for these reasons.
func rejected(t *testing.T, reasons ...string) (s *testsite.Site, customer, agent *browser, id string) {
	t.Helper()
	return rejectedBy(t, mended, reasons...)
}

func rejectedBy(t *testing.T, text string, reasons ...string) (s *testsite.Site, customer, agent *browser, id string) {
	t.Helper()
	f, err := formfile.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s = testsite.Start(t, f, 1, testdb.New(t))
	customer, _ = signedIn(t, s, "customer", account.Customer)
	agent, _ = signedIn(t, s, "agent", account.Agent)
	id = submitted(t, customer)
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": reasons}).want(t, 303)
	return s, customer, agent, id
}

// submitted is the ticket that a customer submits.
func submitted(t *testing.T, customer *browser) (id string) {
	t.Helper()
	sent := customer.post("/tickets", url.Values{
		"submission_id": {someID}, "full_name": {"Ann Lee"}, "kind": {"passport"}, "expiry": {time.Now().AddDate(1, 0, 0).Format(time.DateOnly)},
		"front": {customer.uploaded(someID, "front")},
	}).want(t, 303)
	return strings.TrimPrefix(sent.location(), "/tickets/")
}

// asks are the names of the fields that a page asks.
func (r reply) asks() string {
	var names []string
	for _, name := range []string{"full_name", "kind", "expiry", "front", "back", "note"} {
		if strings.Contains(r.body, `name="`+name+`"`) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

func (r reply) wantAsked(t *testing.T, want string) reply {
	t.Helper()
	if got := r.asks(); got != want {
		t.Errorf("the page asks %q, want %q", got, want)
	}
	return r
}

func TestResubmission_AsksWhatTheReasonsPointAt(t *testing.T) {
	t.Parallel()
	s, customer, agent, first := rejected(t, "blurry")
	program := programs(t, s)("system", account.Scopes...)
	page := customer.get("/tickets/new").want(t, 200, "The front is blurred.", "We keep what was right: 3 answers", "Ann Lee", "Change something else, too").wantAsked(t, "front")
	if page.kept()["front"] != "" {
		t.Error("the blurred photo is still there")
	}
	customer.get("/tickets/new", "Accept-Language", "vi").want(t, 200, "Ảnh bị mờ.", "Chúng tôi giữ lại những gì đã đúng: 3 câu trả lời", "Sửa cả mục khác")
	customer.post("/tickets", url.Values{"submission_id": {uuid.NewString()}, "mends": {first}}).want(t, 422, "Add “Front”", "The front is blurred.").wantAsked(t, "front")

	again := uuid.NewString()
	front := customer.uploaded(again, "front")
	given := url.Values{"submission_id": {again}, "mends": {first}, "send-same": {"1"}, "front": {front}, "full_name": {"Somebody Else"}, "kind": {"card"}, "note": {"forged"}}
	sent := customer.post("/tickets", given).want(t, 303)
	if twice := customer.post("/tickets", given).want(t, 303); twice.location() != sent.location() {
		t.Errorf("the second time it went to %s, the first to %s", twice.location(), sent.location())
	}
	second := strings.TrimPrefix(sent.location(), "/tickets/")
	got := program.get("/api/v1/tickets/"+second).want(t, 200, `"attempt":2`, `"full_name":"Ann Lee"`, `"kind":"passport"`, front)
	if strings.Contains(got.body, "Somebody") || strings.Contains(got.body, "forged") {
		t.Errorf("what is not asked was changed: %s", got.body)
	}
	if n := strings.Count(agent.get("/review/"+second).want(t, 200, "Attempt 2 of 9", "not changed").body, "data-changed"); n != 0 {
		t.Errorf("%d answers are marked as changed, but the same file was sent again", n)
	}
}

func TestResubmission_ManyOpenTickets(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(strings.Replace(mended, "open_tickets_per_user: one", "open_tickets_per_user: many", 1)))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	id := submitted(t, customer)
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"name"}}).want(t, 303)

	page := customer.get("/tickets/new").want(t, 200)
	if page.asks() != "full_name kind expiry front back note" || strings.Contains(page.body, `name="mends"`) {
		t.Errorf("the next ticket asks %q, want the whole form of a ticket of its own", page.asks())
	}
}

func TestResubmission_TwiceWithoutPrevious(t *testing.T) {
	t.Parallel()
	_, customer, _, _ := rejected(t, "name")
	given := url.Values{"submission_id": {uuid.NewString()}, "full_name": {"Ann B. Lee"}}
	sent := customer.post("/tickets", given).want(t, 303)
	if twice := customer.post("/tickets", given).want(t, 303); twice.location() != sent.location() {
		t.Errorf("the second time it went to %s, the first to %s", twice.location(), sent.location())
	}
}

func TestResubmission_WholeForm(t *testing.T) {
	t.Parallel()
	s, customer, _, first := rejected(t, "blurry", "name")
	program := programs(t, s)("system", account.Scopes...)
	customer.get("/tickets/new").want(t, 200, "The front is blurred.", "The name differs.", `value="Ann Lee"`).wantAsked(t, "full_name front")
	again := uuid.NewString()
	front := customer.uploaded(again, "front")
	there := customer.post("/tickets/new", url.Values{"submission_id": {again}, "mends": {first}, "all": {"1"}, "full_name": {"Ann B. Lee"}, "front": {front}}).want(t, 303)
	page := customer.get(there.location()).want(t, 200, `value="Ann B. Lee"`, front, `name="all"`).wantAsked(t, "full_name kind expiry front back note")
	if strings.Contains(page.body, "We keep what was right") {
		t.Error("the whole form says that it keeps something")
	}
	customer.post("/tickets", url.Values{"submission_id": {again}, "all": {"1"}, "full_name": {""}, "kind": {"passport"}, "front": {front}, "note": {"moved"}}).
		want(t, 422, `name="all"`).wantAsked(t, "full_name kind expiry front back note")
	customer.get("/tickets/new").want(t, 200, `value="moved"`).wantAsked(t, "full_name kind expiry front back note")
	sent := customer.post("/tickets", url.Values{"submission_id": {again}, "all": {"1"}, "send-same": {"1"}, "full_name": {"Ann C. Lee"}, "kind": {"passport"}, "front": {front}, "note": {"moved"}}).want(t, 303)
	program.get("/api/v1"+sent.location()).want(t, 200, `"note":"moved"`, `"full_name":"Ann C. Lee"`)
}

func TestResubmission_ReasonWithoutFields(t *testing.T) {
	t.Parallel()
	_, customer, _, _ := rejected(t, "vague", "blurry")
	customer.get("/tickets/new").want(t, 200, "Look again.", `value="Ann Lee"`).wantAsked(t, "full_name kind expiry front back note")
}

func TestResubmission_InvalidAnswers(t *testing.T) {
	t.Parallel()
	s, customer, _, first := rejected(t, "name")
	execute(t, s, `SET session_replication_role = replica; UPDATE tickets SET extra = jsonb_set(extra, '{expiry}', '"2020-01-31"')`)
	customer.get("/tickets/new").want(t, 200, `value="2020-01-31"`).wantAsked(t, "full_name expiry")
	given := url.Values{"submission_id": {uuid.NewString()}, "mends": {first}, "full_name": {"Ann B. Lee"}}
	customer.post("/tickets", given).want(t, 422, "or later").wantAsked(t, "full_name expiry")
	given.Set("expiry", time.Now().AddDate(3, 0, 0).Format(time.DateOnly))
	customer.post("/tickets", given).want(t, 303)
}

func TestResubmission_DependentFields(t *testing.T) {
	t.Parallel()
	s, customer, _, first := rejected(t, "kind")
	program := programs(t, s)("system", account.Scopes...)
	customer.get("/tickets/new").want(t, 200, `id="field-back-asked" data-asked="no"`).wantAsked(t, "kind back")
	customer.post("/tickets/new/asked", url.Values{"mends": {first}, "kind": {"card"}}).want(t, 200, `id="field-back-asked" data-asked="yes"`)
	again := uuid.NewString()
	given := url.Values{"submission_id": {again}, "mends": {first}, "kind": {"card"}}
	customer.post("/tickets", given).want(t, 422, "Add “Back”").wantAsked(t, "kind back")
	back := customer.uploaded(again, "back")
	customer.get("/tickets/new").want(t, 200, back, `value="card" checked`).wantAsked(t, "kind back") // as after a restart
	sent := customer.post("/tickets", given).want(t, 303)                                             // it names no file, and has one
	program.get("/api/v1"+sent.location()).want(t, 200, `"back":"`+back+`"`, `"full_name":"Ann Lee"`)
}

func TestResubmission_SameFile(t *testing.T) {
	t.Parallel()
	s, customer, agent, first := rejected(t, "name")
	program := programs(t, s)("system", account.Scopes...)
	front := regexpFile.FindString(customer.get("/tickets/"+first).want(t, 200).body)
	sent := customer.post("/tickets", url.Values{"submission_id": {uuid.NewString()}, "full_name": {"Ann B. Lee"}}).want(t, 303)
	for _, path := range []string{"/tickets/" + first, sent.location()} {
		customer.get(path).want(t, 200, front)
		agent.get(strings.Replace(path, "tickets", "review", 1)).want(t, 200, front)
		program.get("/api/v1"+path).want(t, 200, `"files":{"front":{`) // the rejected ticket has it still
	}
	customer.get(front).want(t, 200)
	agent.get(front).want(t, 200)
	stranger, _ := signedIn(t, s, "stranger", account.Customer)
	stranger.get(front).want(t, 404)
	stranger.post("/tickets", url.Values{"submission_id": {uuid.NewString()}, "mends": {first}, "full_name": {"Ann"}}).want(t, 422)
}

// Only the last ticket of a user is sent again: also where the newer one was withdrawn, or this one has been moved to the archive.
func TestResubmission_NewerTicketStandsIn(t *testing.T) {
	t.Parallel()
	s, customer, agent, id := rejected(t, "name")
	page := "/tickets/" + id
	agent.get("/review/"+id).want(t, 200, "(may send again)")
	customer.get(page).want(t, 200, "Fix and send again")
	newer := customer.submit("0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a11")
	check := func(when string) {
		t.Helper()
		body := customer.get(page).want(t, 200, "You have sent a newer ticket since then.", "The name differs.").body
		if strings.Contains(body, "Fix and send again") {
			t.Errorf("%s: an older rejection offers to send it again", when)
		}
		if body := agent.get("/review/"+id).want(t, 200, "(sent again later)").body; strings.Contains(body, "(may send again)") {
			t.Errorf("%s: an agent reads of an older rejection that it may be sent again", when)
		}
	}
	check("the newer one is open")
	customer.post("/tickets/"+newer+"/withdraw", url.Values{}).want(t, 303)
	check("the newer one is withdrawn")
	s.MoveToArchive(t, 1)
	check("the rejection is in the archive")
}

// Who has used all attempts may not send again, and agents read so.
func TestResubmission_NoTriesLeft(t *testing.T) {
	t.Parallel()
	_, customer, agent, id := rejectedBy(t, mended+"attempts: 1\n", "name")
	customer.get("/tickets/"+id).want(t, 200, "It cannot be sent again.")
	if body := agent.get("/review/"+id).want(t, 200, "(no tries left)").body; strings.Contains(body, "(may send again)") {
		t.Error("an agent reads that the last attempt may be sent again")
	}
}
