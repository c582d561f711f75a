package web_test

import (
	"encoding/json"
	"image"
	"maps"
	"net/url"
	"strings"
	"sync"
	"testing"

	"docket/internal/account"
	"docket/internal/evidence"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
)

// readingForm reads the code of a card.
const readingForm = `name: reading
title: Reading
open_tickets_per_user: many
reads:
  full_name: front.qr.name
  number: front.qr.number
  born: front.qr.birth_date
  sex: front.qr.sex
fields:
  - {name: full_name, label: Full name, required: true}
  - {name: number, label: Number, citizen_number: {country: VNM, birth_date: born, sex: sex}}
  - {name: born, label: Born, type: date}
  - {name: sex, label: Sex, type: choice, options: [{value: female, label: Female}, {value: male, label: Male}]}
  - {name: front, label: Front of the document, type: image}
  - {name: back, label: Back of the document, type: image}
reasons:
  - {code: unclear, label: Unclear, class: retry, fields: [full_name], text: Please write it again.}
rules:
  - {name: agrees, when: "match.full_name == 'match' && match.number == 'match' && read.front.number != ''", decide: approve, shadow: true}
`

// card is a photo of a citizen card with its code.
var card = sync.OnceValue(func() []byte {
	img := testpicture.Front(testpicture.Anna, 1200)
	testpicture.WithCode(img, testpicture.VietnameseCard, image.Pt(600, 300), 260)
	return testpicture.JPEG(img, 85)
})

func readingSite(t *testing.T) *testsite.Site {
	t.Helper()
	f, err := formfile.Parse([]byte(readingForm))
	if err != nil {
		t.Fatal(err)
	}
	return testsite.Start(t, f, 1, testdb.New(t))
}

// sendCard uploads the card as the script does, and returns the field as it is shown then.
func sendCard(b *browser) reply {
	b.t.Helper()
	return b.postFiles("/files/front", url.Values{"submission_id": {someID}}, []chosen{{"front", "x.jpg", card()}}, "HX-Request", "true").want(b.t, 200)
}

func TestReading_ProposedTakenCompared(t *testing.T) {
	t.Parallel()
	s := readingSite(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	shown := sendCard(customer)
	shown.want(t, 200, "We read this in your photo", testpicture.VietnameseName, "001304012345", "5 November 2004", "Use these 4 answers")
	shown.lacks(t, `class="crop"`)
	front := shown.kept()["front"]

	typed := url.Values{"submission_id": {someID}, "front": {front}, "full_name": {"Ann"}, "number": {"001304012354"}, "born": {""}}
	taken := url.Values{"take": {"front"}}
	maps.Copy(taken, typed)
	got := customer.postFiles("/tickets/new", taken, nil).want(t, 303)
	page := customer.get(got.location()).want(t, 200, `value="Ann"`, `value="2004-11-05"`, `value="001304012354"`, "you wrote <bdi>Ann</bdi>", "you wrote <bdi>001304012354</bdi>")
	if strings.Contains(page.body, "We read this in your photo") {
		t.Error("what was answered is still proposed")
	}
	taken.Set("take", "front/number")
	got = customer.postFiles("/tickets/new", taken, nil).want(t, 303)
	customer.get(got.location()).want(t, 200, `value="Ann"`, `value="001304012345"`)
}

func TestReading_Kept(t *testing.T) {
	t.Parallel()
	s := readingSite(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	front := sendCard(customer).kept()["front"]
	var text []byte
	if err := s.Instances[0].Primary.QueryRow(t.Context(), "SELECT readings FROM files WHERE id = $1", front).Scan(&text); err != nil {
		t.Fatal(err)
	}
	var read evidence.Reading
	if err := json.Unmarshal(text, &read); err != nil || len(read.Values) != 7 || read.Faces != nil {
		t.Fatalf("got %s, %v", text, err)
	}
	if number, _ := read.Value(evidence.QR, evidence.Number); number.Text != "001304012345" || number.Place.X < 0.4 || number.Place.X > 0.6 || !number.Sure {
		t.Errorf("got %+v", number)
	}
	if _, err := s.Instances[0].Primary.Exec(t.Context(), "UPDATE files SET readings = '{}'"); err == nil {
		t.Error("what was read of a stored file was changed")
	}
	sent := url.Values{"submission_id": {someID}, "front": {front}, "full_name": {"NGUYEN THI ANH"}, "number": {"001304012345"}, "born": {"2004-11-06"}}
	ticket := customer.postFiles("/tickets", sent, nil).want(t, 303).location()
	agent.get(strings.Replace(ticket, "/tickets/", "/review/", 1)).want(t, 200,
		`data-match="match" data-reads="full_name"`, `data-match="match" data-reads="number"`, `data-match="differs" data-reads="born"`, "5 November 2004",
		`data-match="unread" data-reads="sex"`, `data-place-of="number"`, `data-place="`+front+`"`)
	blank := photo()
	sent = url.Values{"submission_id": {"0b9c1d7e-51f0-4b8f-9d43-3f5ad2b1c009"}, "full_name": {"An"}, "born": {"2004-11-06"}}
	ticket = customer.postFiles("/tickets", sent, []chosen{{"front", "x.jpg", blank}}).want(t, 303).location()
	agent.get(strings.Replace(ticket, "/tickets/", "/review/", 1)).want(t, 200, "Nothing was read in the photos.").lacks(t, `data-match="unread"`, "Read in the photo</span>")
	if n := count(t, s, "SELECT count(*) FROM verdicts WHERE rule = 'agrees' AND outcome = 'approve' AND shadow"); n != 1 {
		t.Errorf("%d verdicts say that all agrees, want 1", n)
	}
}

func TestReading_ByKey(t *testing.T) {
	t.Parallel()
	s := readingSite(t)
	key := programs(t, s)("key", account.TicketsWrite, account.TicketsRead)
	sent := key.send("POST", "/api/v1/files?user_id=u&field=front", string(card()), "Content-Type", "image/jpeg").want(t, 201,
		`"text":"001304012345","sure":true,"mended":false,"place":{"x":0.4`, `"fields":["number"]`, `"fields":[]`, `"faces":null`)
	var file struct{ ID string }
	if err := json.Unmarshal([]byte(sent.body), &file); err != nil {
		t.Fatal(err)
	}
	made := key.post("/api/v1/tickets", `{"user_id":"u","extra":{"full_name":"Nguyễn Thị Ánh","number":"1","front":"`+file.ID+`"}}`, "Idempotency-Key", "one").want(t, 201)
	key.get(made.location()).want(t, 200, `"match":{"born":"unread","full_name":"match","number":"differs","sex":"unread"}`, `"text":"2004-11-05"`)
}

// A citizen number that is of somebody else is told to the customer, to agents, and to programs.
func TestReading_CitizenNumber(t *testing.T) {
	t.Parallel()
	s := readingSite(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	key := programs(t, s)("key", account.TicketsRead)
	typed := url.Values{"submission_id": {someID}, "full_name": {"Ann"}, "number": {"001 304 012 345"}, "born": {"2005-11-05"}, "sex": {"male"}}
	got := customer.postFiles("/tickets/new", typed, nil).want(t, 303)
	const told = "Your number is of a person who is: <bdi>female, born in 2004</bdi>. You wrote: <bdi>Male, 5 November 2005</bdi>."
	customer.get(got.location()).want(t, 200, told)
	customer.post("/tickets/new/asked", typed).want(t, 200, told)
	ticket := customer.post("/tickets", typed).want(t, 303).location()
	agent.get(strings.Replace(ticket, "/tickets/", "/review/", 1)).want(t, 200, "The number says", "female, born in 2004", "An answer is something else")
	key.get("/api/v1"+ticket).want(t, 200, `"number.citizen_number":"differs"`)
}

// A photo that nothing is read of is stored as before.
func TestReading_OnlyWhereTheFormReads(t *testing.T) {
	t.Parallel()
	s := readingSite(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	customer.postFiles("/files/back", url.Values{"submission_id": {someID}}, []chosen{{"back", "x.jpg", card()}}, "HX-Request", "true").want(t, 200)
	if n := count(t, s, `SELECT count(*) FROM files WHERE readings ? 'values'`); n != 0 {
		t.Errorf("%d files were read, want none", n)
	}
}
