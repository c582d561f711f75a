package web_test

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/formarchive"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
	"docket/web"
)

const oldRefund = `name: refund
title: {en: Refund, vi: Hoàn tiền}
languages: [en, vi]
list: [item]
sections:
  - title: {en: The purchase, vi: Món hàng}
    fields:
      - {name: item, label: {en: Bought item, vi: Món đã mua}, type: choice, required: true, options: [{value: tv, label: {en: Television set, vi: Ti vi}}, {value: car, label: {en: Car, vi: Xe}}]}
      - {name: colour, label: {en: Colour, vi: Màu}, type: text, when: item == 'car'}
      - {name: shop, label: {en: Name of the shop, vi: Tên cửa hàng}, type: text}
      - {name: way, label: {en: Way, vi: Cách}, type: choice, options: [{value: bank, label: {en: Bank, vi: Ngân hàng}}, {value: cash, label: {en: Cash, vi: Tiền mặt}}]}
reasons:
  - {code: receipt, label: Receipt is missing, class: retry, text: {en: Send the receipt., vi: Gửi hoá đơn.}}
  - {code: late, label: Bought too long ago, class: retry, text: {en: It is too late., vi: Đã quá hạn.}}
`

const newRefund = `name: refund
title: {en: Refund, vi: Hoàn tiền}
languages: [en, vi]
list: [shop]
sections:
  - title: {en: What and where, vi: Gì và ở đâu}
    fields:
      - {name: shop, label: {en: Seller, vi: Người bán}, type: text}
      - {name: item, label: {en: Article, vi: Sản phẩm}, type: choice, required: true, options: [{value: tv, label: {en: Screen, vi: Màn hình}}]}
      - {name: colour, label: {en: Paint, vi: Sơn}, type: text}
      - {name: way, label: {en: Way, vi: Cách}, type: choice, options: [{value: bank, label: {en: Transfer, vi: Chuyển khoản}}, {value: cash, label: {en: Notes, vi: Tờ}}]}
reasons:
  - {code: receipt, label: No proof of purchase, class: retry, text: {en: Prove it., vi: Chứng minh.}}
  - {code: closed, label: Shop has closed, class: retry, text: {en: It has closed., vi: Đã đóng.}}
`

func parsed(t *testing.T, text string) *form.Form {
	t.Helper()
	f, err := formfile.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// at is the same visitor at another instance.
func (b *browser) at(url string) *browser {
	there := *b
	there.url = url
	return &there
}

// lacks fails if any of the texts is in the body.
func (r reply) lacks(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(r.body, text) {
			t.Errorf("the body has %q", text)
		}
	}
}

var (
	oldWords = []string{"The purchase", "Bought item", "Television set", "Name of the shop"}
	newWords = []string{"What and where", "Article", "Screen", "Seller"}
)

func bought(id string) url.Values {
	return url.Values{"submission_id": {id}, "item": {"tv"}, "shop": {"Corner Shop"}}
}

func TestFormArchive_OldTicketShown(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	before := testsite.Start(t, parsed(t, oldRefund), 1, db)
	ann, _ := signedIn(t, before, "ann", account.Customer)
	bob, _ := signedIn(t, before, "bob", account.Customer)
	agent, _ := signedIn(t, before, "linh", account.Agent)
	old := ann.post("/tickets", bought(someID)).want(t, 303).location()

	after := testsite.Start(t, parsed(t, newRefund), 1, db)
	painted := bought(someID)
	painted.Set("colour", "Red")
	fresh := bob.at(after.URL).post("/tickets", painted).want(t, 303).location()
	for name, url := range map[string]string{"before": before.URL, "after": after.URL} {
		ann, bob, agent := ann.at(url), bob.at(url), agent.at(url)
		ann.get(old).want(t, 200, oldWords...).lacks(t, append(newWords, "Colour", "Paint")...)
		ann.get(old, "Accept-Language", "vi").want(t, 200, "Món đã mua", "Ti vi", "Tên cửa hàng")
		bob.get(fresh).want(t, 200, append(newWords, "Paint")...).lacks(t, oldWords...)
		agent.get("/review"+strings.TrimPrefix(old, "/tickets")).want(t, 200, append(oldWords, "<bdi>Television set</bdi>")...).lacks(t, newWords...)
		agent.get("/review"+strings.TrimPrefix(fresh, "/tickets")).want(t, 200, append(newWords, "<bdi>Corner Shop</bdi>")...).lacks(t, oldWords...)
		agent.get("/review").want(t, 200, "<bdi>Television set</bdi>", "<bdi>Corner Shop</bdi>").lacks(t, "<bdi>Screen")
		if t.Failed() {
			t.Fatalf("at the instance %s the change", name)
		}
	}
}

func TestFormArchive_TodaysReasons(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	before := testsite.Start(t, parsed(t, oldRefund), 1, db)
	ann, annID := signedIn(t, before, "ann", account.Customer)
	bob, _ := signedIn(t, before, "bob", account.Customer)
	agent, _ := signedIn(t, before, "linh", account.Agent)
	ann.post("/tickets", bought(someID)).want(t, 303)
	agent.reject(t, annID, before, "late", "receipt")
	waits := bob.post("/tickets", bought(someID)).want(t, 303).location()

	after := testsite.Start(t, parsed(t, newRefund), 1, db)
	agent = agent.at(after.URL)
	agent.get("/review?status=rejected").want(t, 200, "Bought too long ago · Receipt is missing")
	there := "/review" + strings.TrimPrefix(waits, "/tickets")
	agent.get(there).want(t, 200, "Television set", "Shop has closed", "No proof of purchase").lacks(t, "Bought too long ago")
	agent.post(there+"/reject", url.Values{"version": {"1"}, "reason": {"late"}}).want(t, 422)
	agent.post(there+"/reject", url.Values{"version": {"1"}, "reason": {"closed"}}).want(t, 303)
	agent.get(there).want(t, 200, "Television set", "Shop has closed")
	bob.at(after.URL).get(waits, "Accept-Language", "vi").want(t, 200, "Đã đóng.", "Ti vi")
	own := ann.at(after.URL).get("/tickets")
	_, own.body, _ = strings.Cut(own.body, `class="ticket-item"`)
	_, path, _ := strings.Cut(own.body, `href="`)
	path, _, _ = strings.Cut(path, `"`)
	ann.at(after.URL).get(path, "Accept-Language", "vi").want(t, 200, "Đã quá hạn.", "Gửi hoá đơn.")
}

// reject rejects the last ticket of a user.
func (b *browser) reject(t *testing.T, user string, s *testsite.Site, reasons ...string) ticket.Ticket {
	t.Helper()
	own, err := s.Instances[0].Desk.TicketsOf(ticket.Fresh(t.Context()), user, ticket.Page{Limit: 1})
	if err != nil || len(own.Tickets) == 0 {
		t.Fatalf("got %v, %v", own, err)
	}
	b.post("/review/"+own.Tickets[0].ID.String()+"/reject", url.Values{"version": {"1"}, "reason": reasons}).want(t, 303)
	return own.Tickets[0]
}

func TestFormArchive_OtherWords(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	before := testsite.Start(t, parsed(t, oldRefund), 1, db)
	ann, annID := signedIn(t, before, "ann", account.Customer)
	agent, _ := signedIn(t, before, "linh", account.Agent)
	ann.post("/tickets", url.Values{"submission_id": {someID}, "item": {"tv"}, "way": {"cash"}, "shop": {"Corner Shop"}}).want(t, 303)
	agent.reject(t, annID, before, "late")

	after := testsite.Start(t, parsed(t, newRefund), 1, db)
	again := ann.at(after.URL).post("/tickets", url.Values{
		"submission_id": {"0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c002"}, "item": {"tv"}, "way": {"bank"}, "shop": {"Corner Shop"},
	}).want(t, 303).location()
	agent.at(after.URL).get("/review"+strings.TrimPrefix(again, "/tickets")).want(t, 200,
		"Bought too long ago</bdi> → ", " changed", `before: <s dir="auto">Cash</s>`, "Bought too long ago")
}

func TestFormArchive_UnknownForm(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, parsed(t, newRefund), 1, testdb.New(t))
	agent, _ := signedIn(t, s, "linh", account.Agent)
	lost, err := s.Instances[0].Desk.Submit(t.Context(), ticket.Submission{
		UserID: "u-1", By: ticket.Key("crm"), Key: "k", FormVersion: "000000000000", Extra: []byte(`{"item":"tv","engraving":"For Ann"}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	agent.get("/review/"+lost.ID.String()).want(t, 200, "Article", "Screen", "engraving", "For Ann")
	agent.get("/review").want(t, 200, lost.ID.String())
}

func TestFormArchive_OneQueryForQueue(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, parsed(t, newRefund), 1, testdb.New(t))
	gone, err := postgres.Connect(t.Context(), s.DB.Primary)
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	var log bytes.Buffer
	config := s.Instances[0].Web.Config
	config.Forms = formarchive.New(gone, func() []*postgres.Pool { return nil }, slog.New(slog.NewTextHandler(&log, nil)))
	there := besides(t, config)
	agent, _ := signedIn(t, s, "linh", account.Agent)
	submit := func(key, version string) {
		t.Helper()
		sub := ticket.Submission{UserID: key, By: ticket.Key("crm"), Key: key, FormVersion: version, Extra: []byte(`{"item":"tv"}`)}
		if _, err := s.Instances[0].Desk.Submit(t.Context(), sub); err != nil {
			t.Fatal(err)
		}
	}
	submit("a", config.Form.Version)
	submit("b", "")
	agent.at(there).get("/review").want(t, 200, "row-")
	if asked := strings.Count(log.String(), "own"); asked != 0 {
		t.Errorf("it was asked for today's form:\n%s", log.String())
	}
	for i, version := range []string{"000000000001", "000000000002", "000000000001"} {
		submit(string(rune('c'+i)), version)
	}
	agent.at(there).get("/review", "Cache-Control", "no-cache").want(t, 200, "row-")
	if asked := strings.Count(log.String(), "instead of their own"); asked != 1 {
		t.Errorf("it was asked %d times:\n%s", asked, log.String())
	}
}

func TestFormArchive_SubmitWithoutKeeping(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, parsed(t, newRefund), 1, testdb.New(t))
	gone, err := postgres.Connect(t.Context(), s.DB.Primary)
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	there := s.Instances[0].Web.Config
	there.Forms = formarchive.New(gone, func() []*postgres.Pool { return nil }, there.Log)
	ann, _ := signedIn(t, s, "ann", account.Customer)
	ann.at(besides(t, there)).post("/tickets", bought(someID)).want(t, 303)
	if !strings.Contains(s.Log.String(), "a form that is not kept") {
		t.Error("nobody is told")
	}
}

func TestFormArchive_FirstSubmission(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, parsed(t, oldRefund), 1, testdb.New(t))
	config := s.Instances[0].Web.Config
	config.Form = parsed(t, newRefund) // as if the primary had been away when it started
	ann, _ := signedIn(t, s, "ann", account.Customer)
	mine := ann.at(besides(t, config)).post("/tickets", bought(someID)).want(t, 303).location()
	ann.get(mine).want(t, 200, newWords...)
}

// besides is the address of another server with this configuration.
func besides(t *testing.T, c web.Config) string {
	t.Helper()
	server := httptest.NewServer(web.New(c))
	t.Cleanup(server.Close)
	return server.URL
}

func TestFormArchive_OldPictures(t *testing.T) {
	t.Parallel()
	before := photos(t)
	customer, _ := signedIn(t, before, "customer", account.Customer)
	agent, _ := signedIn(t, before, "agent", account.Agent)
	front := testpicture.JPEG(testpicture.Front(testpicture.Anna, 1200), 85)
	sent := customer.postFiles("/tickets", url.Values{"submission_id": {someID}, "full_name": {"Ann"}},
		[]chosen{{"front", "x.jpg", front}, {"deed", "x.pdf", document()}}).want(t, 303).location()

	after := testsite.Start(t, parsed(t, newRefund), 1, before.DB)
	agent.at(after.URL).get(strings.Replace(sent, "/tickets/", "/review/", 1)).want(t, 200, `width="1200"`)
	customer.at(after.URL).get(sent).want(t, 200, `<img src="/files/`)
	programs(t, after)("decider", account.TicketsRead).get("/api/v1"+sent).want(t, 200, `"front":{`, `"deed":{`)
}
