package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// expenses is a form that takes several receipts.
const expenses = `name: expenses
title: Expenses
fields:
  - {name: what, label: What, required: true}
  - {name: receipts, label: Receipt, type: file, accept: [pdf, image], many: 3, required: true}
reasons:
  - {code: receipts, label: Receipts, class: retry, fields: [receipts], text: Send them again.}
`

var receiptInput = regexp.MustCompile(`<input type="hidden" name="receipts" value="([^"]+)"`)

// receipts are the files that a page has for the field.
func (r reply) receipts() (ids []string) {
	for _, found := range receiptInput.FindAllStringSubmatch(r.body, -1) {
		ids = append(ids, found[1])
	}
	return ids
}

func TestSeveralFiles_FromThePageToTheAgent(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(expenses))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	customer.get("/tickets/new").want(t, 200, "A photo (JPEG or PNG) or a PDF. 3 files at most.", `type="file" multiple`, `accept="image/jpeg,image/png,application/pdf"`)
	values := url.Values{"submission_id": {someID}}
	page := customer.postFiles("/tickets", values, []chosen{{"receipts", "a.jpg", photo()}, {"receipts", "b.pdf", document()}})
	page.want(t, 422, "Fill in “What”", "Receipt 1", "Remove “Receipt 2”")
	values["receipts"] = page.receipts()
	if len(values["receipts"]) != 2 {
		t.Fatalf("the page has the files %q, want both", values["receipts"])
	}
	part := customer.postFiles("/files/receipts", values, []chosen{{"receipts", "c.pdf", document()}}, "HX-Request", "true")
	all := part.want(t, 200, "data-full").receipts()
	if len(all) != 3 || strings.Contains(part.body, `<input type="file"`) {
		t.Errorf("the field has %q and asks for more, want three and no more", all)
	}
	if draft := customer.get("/tickets/new").receipts(); !slices.Equal(draft, all) {
		t.Errorf("the draft has %q, want %q", draft, all)
	}
	values["receipts"], values["remove"] = all, []string{"receipts/" + all[1]}
	customer.post("/tickets/new", values).want(t, 303)
	left := customer.get("/tickets/new").receipts()
	if !slices.Equal(left, []string{all[0], all[2]}) {
		t.Errorf("the draft has %q, want all of %q but the second", left, all)
	}
	delete(values, "remove")
	values.Set("what", "A hotel")
	values["receipts"] = append(slices.Clone(all), uuid.NewString())
	customer.post("/tickets", values).want(t, 422, "There are more than 3 files")
	values["receipts"] = left
	path := customer.post("/tickets", values).want(t, 303).location()
	customer.get(path).want(t, 200, "Receipt 1", "Receipt 2", `href="/files/`+left[0]+`"`, `href="/files/`+left[1]+`"`)
	id := strings.TrimPrefix(path, "/tickets/")
	review := agent.get("/review/"+id).want(t, 200, `alt="Receipt 1"`, "Receipt 2", `href="/files/`+left[1]+`"`)
	if strings.Count(review.body, "data-stage") != 1 {
		t.Error("the PDF stands among the pictures, or the photo does not")
	}
	agent.get("/files/"+left[1]).want(t, 200)
	if n := count(t, s, "SELECT count(*) FROM ticket_files WHERE ticket_id = $1", id); n != 2 {
		t.Errorf("the ticket names %d files, want 2", n)
	}
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"receipts"}}).want(t, 303)
	same := url.Values{"submission_id": {uuid.NewString()}, "mends": {id}, "receipts": {left[1], left[0]}}
	customer.post("/tickets", same).want(t, 422, "the same")
	same["receipts"] = left[:1]
	again := customer.post("/tickets", same).want(t, 303).location()
	agent.get("/review/"+strings.TrimPrefix(again, "/tickets/")).want(t, 200, "Send them again.")
}

func TestSeveralFiles_OfOtherSystems(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(expenses))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	p := programs(t, s)("crm", account.Scopes...)
	var ids []string
	for _, data := range [][]byte{photo(), document()} {
		r := p.send(http.MethodPost, "/api/v1/files?user_id=u&field=receipts", string(data), "Content-Type", "application/pdf").want(t, 201)
		ids = append(ids, read[struct{ ID string }](t, r).ID)
	}
	body := `{"user_id":"u","extra":{"what":"A hotel","receipts":["` + strings.Join(ids, `","`) + `"]}}`
	sent := p.post("/api/v1/tickets", body, "Idempotency-Key", "one").want(t, 201, `"receipts":["`+ids[0]+`","`+ids[1]+`"]`)
	p.post("/api/v1/tickets", body, "Idempotency-Key", "one").want(t, 201)
	p.get("/api/v1/tickets/"+read[struct{ ID string }](t, sent).ID).want(t, 200, `"receipts.0":{"id":"`+ids[0], `"receipts.1":{"id":"`+ids[1])
	wrong := strings.Replace(body, `["`+ids[0]+`","`+ids[1]+`"]`, `"`+ids[0]+`"`, 1)
	p.post("/api/v1/tickets", strings.Replace(wrong, `"u"`, `"v"`, 1), "Idempotency-Key", "two").refuses(t, 422, "invalid", "receipts wrong_type")
	p.post("/api/v1/tickets", strings.Replace(body, `"u"`, `"v"`, 1), "Idempotency-Key", "three").refuses(t, 422, "invalid", "receipts not_a_file")
}

// A file that is sent again, as the answer did not come, is there once, whichever try comes first; one that the page shows and that is chosen
// again is there twice.
func TestSeveralFiles_SentAgain(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(expenses))
	if err != nil {
		t.Fatal(err)
	}
	customer, _ := signedIn(t, testsite.Start(t, f, 1, testdb.New(t)), "customer", account.Customer)
	checkSentAgain(t, customer, someID)
}

func checkSentAgain(t *testing.T, customer *browser, submission string) {
	t.Helper()
	values, file := url.Values{"submission_id": {submission}}, []chosen{{"receipts", "a.jpg", photo()}}
	send := func(try string) []string {
		t.Helper()
		values["file-try"] = []string{try}
		return customer.postFiles("/files/receipts", values, file, "HX-Request", "true").want(t, 200).receipts()
	}
	keeps := func(want ...string) {
		t.Helper()
		if kept := customer.get("/tickets/new").receipts(); !slices.Equal(kept, want) {
			t.Errorf("the draft has %q, want %q", kept, want)
		}
	}
	send("one 0") // this answer is lost
	first := send("one 2")
	keeps(first...)
	send("one 1") // was overtaken
	keeps(first...)
	values["receipts"] = first
	both := send("two 0")
	keeps(both...)
	if len(both) != 2 || both[0] != first[0] {
		t.Errorf("the page shows %q, want %q and another", both, first)
	}
	customer.post("/files/receipts", url.Values{"submission_id": {submission}, "remove": {"receipts/" + both[1]}}).want(t, 303)
	send("two -1")
	keeps(first...)
	for _, none := range []string{"", "x", " 0", "x 0.5", "x 99999999999", "\x00 0", strings.Repeat("x", 65) + " 0"} {
		values["receipts"] = nil
		send(none) // is a file as any other
		customer.post("/files/receipts", url.Values{"submission_id": {submission}, "remove": {"receipts/" + customer.get("/tickets/new").receipts()[1]}}).want(t, 303)
	}
	keeps(first...)
}
