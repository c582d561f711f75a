package web_test

import (
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
)

func TestSignals_ForKeysAndAgents(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	blurred := testpicture.JPEG(testpicture.Blurred(testpicture.Front(testpicture.Anna, 1200), 0.02), 85)
	sent := customer.postFiles("/tickets", url.Values{"submission_id": {someID}, "full_name": {"Ann"}},
		[]chosen{{"front", "x.jpg", blurred}, {"deed", "x.pdf", document()}}).want(t, 303).location()
	if got := customer.get(sent).want(t, 200); strings.Contains(got.body, "harpness") {
		t.Error("the user is shown numbers that are for agents")
	}
	agent.get(strings.Replace(sent, "/tickets/", "/review/", 1)).want(t, 200, "Blurred: sharpness", `width="1200"`)

	id := strings.TrimPrefix(sent, "/tickets/")
	program := programs(t, s)("decider", account.TicketsRead)
	type measured struct {
		Files map[string]struct {
			MediaType string `json:"media_type"`
			Picture   *struct {
				Width    int      `json:"width"`
				Blur     float64  `json:"blur"`
				Warnings []string `json:"warnings"`
			} `json:"picture"`
		} `json:"files"`
	}
	files := read[measured](t, program.get("/api/v1/tickets/"+id).want(t, 200)).Files
	front, deed := files["front"], files["deed"]
	if len(files) != 2 || front.Picture == nil || front.Picture.Width != 1200 || front.Picture.Blur > 100 || len(front.Picture.Warnings) != 1 ||
		front.Picture.Warnings[0] != "blurry" || deed.MediaType != "application/pdf" || deed.Picture != nil {
		t.Errorf("files: %+v, want a blurred front and a deed", files)
	}
	if _, err := s.Instances[0].Primary.Exec(t.Context(), "ALTER TABLE files RENAME TO elsewhere"); err != nil {
		t.Fatal(err)
	}
	if files := read[measured](t, program.get("/api/v1/tickets/"+id).want(t, 200)).Files; files != nil {
		t.Errorf("files that cannot be read: %v, want null", files)
	}
	agent.get("/review/"+id).want(t, 200, "cannot be read at the moment", "Approve")
}

func TestReview_WrongCheckDigit(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte("name: zone\ntitle: Zone\nfields:\n  - {name: full_name, label: Full name, required: true}\n" +
		"  - {name: mrz, label: Zone, type: mrz}\nreasons:\n  - {code: other, label: Other, class: final, text: No.}\n"))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	answers := url.Values{
		"submission_id": {someID},
		"mrz":           {"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\r\nL898902C46UTO7408122F1204159ZE184226B<<<<<10"},
	}
	right := url.Values{"mrz": {strings.Replace(answers.Get("mrz"), "L898902C46", "L898902C36", 1)}}
	customer.post("/tickets/new/asked", answers).want(t, 200, "Please compare each line")
	if got := customer.post("/tickets/new/asked", right).want(t, 200, `id="field-mrz-warning"`); strings.Contains(got.body, "compare") {
		t.Error("a warning of a zone whose check digits are right")
	}
	customer.post("/tickets", answers).want(t, 422, "Please compare each line")
	answers.Set("full_name", "Anna Maria Eriksson")
	sent := customer.post("/tickets", answers).want(t, 303).location()
	if got := customer.get(sent).want(t, 200); strings.Contains(got.body, "check digit") {
		t.Error("the user is shown what is for agents")
	}
	agent.get(strings.Replace(sent, "/tickets/", "/review/", 1)).want(t, 200,
		"The check digit of the document number is wrong", "It says: ANNA MARIA ERIKSSON · L898902C4 · born 12 August 1974 · expires 15 April 2012")
}
