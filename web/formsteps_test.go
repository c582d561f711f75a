package web_test

import (
	"bytes"
	"maps"
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// formInSteps is the built-in form in steps, without required photos.
func formInSteps(t *testing.T) *form.Form {
	t.Helper()
	f, err := formfile.Parse(bytes.Replace(testsite.FormFile(), []byte("layout: page\n"), nil, 1))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func startFormSteps(t *testing.T) (*testsite.Site, *browser) {
	t.Helper()
	s := testsite.Start(t, formInSteps(t), 1, testdb.New(t))
	b, _ := signedIn(t, s, "customer", account.Customer)
	return s, b
}

// sendStep opens a step and sends it with these answers, as its button "Continue" does.
func (b *browser) sendStep(form, key string, given url.Values) reply {
	b.t.Helper()
	page := b.get(form+"?step="+key).want(b.t, 200).body
	sent := url.Values{"form-step": {key}, "form-go": {"on"}}
	for _, name := range []string{"submission_id", "draft-base"} {
		sent.Set(name, hiddenInput(b.t, page, name))
	}
	if strings.Contains(page, `name="mends"`) {
		sent.Set("mends", hiddenInput(b.t, page, "mends"))
	}
	maps.Copy(sent, given)
	return b.post(form, sent)
}

func TestFormSteps_EachIsCheckedAndSaved(t *testing.T) {
	t.Parallel()
	_, b := startFormSteps(t)
	const form = "/tickets/new"
	b.sendStep(form, "1", nil).want(t, 422, "Choose the type of your document", "Step 1 of 5")
	got := b.sendStep(form, "1", url.Values{"document_type": {"passport"}, "full_name": {"Not asked here"}}).want(t, 303)
	if got.location() != form+"?step=2" {
		t.Fatalf("step 1 leads to %s, want step 2", got.location())
	}
	photos := b.get(got.location()).want(t, 200, "Step 2 of 5", `name="selfie"`, `value="passport"`)
	if strings.Contains(photos.body, `name="document_back"`) || strings.Contains(photos.body, "Not asked here") {
		t.Error("the photos of a passport ask for a back, or another step was saved")
	}
	b.get(form+"?step=check").want(t, 200, "Enter your full name", `href="/tickets/new?step=3&amp;then=check#field-full_name"`, "Passport")
	about := answers(someID)
	if got := b.sendStep(form, "3", url.Values{"form-then": {"check"}, "full_name": about["full_name"], "date_of_birth": about["date_of_birth"], "nationality": about["nationality"], "issuing_country": about["issuing_country"], "document_number": about["document_number"], "expiry_date": about["expiry_date"]}).want(t, 303); got.location() != form+"?step=check" {
		t.Errorf("a change leads to %s, want the last step", got.location())
	}
	b.get(form).want(t, 200, "Step 2 of 5", "We kept what you had filled in.") // nothing is answered there yet
	back := b.sendStep(form, "3", url.Values{"form-go": {"back"}, "full_name": {"An"}, "date_of_birth": {"soon"}}).want(t, 303)
	if back.location() != form+"?step=2" {
		t.Errorf("back leads to %s, want step 2", back.location())
	}
	b.get(form+"?step=3").want(t, 200, `value="An"`) // back without loss, be it wrong
}

func TestFormSteps_WholeFormAsBefore(t *testing.T) {
	t.Parallel()
	_, b := startFormSteps(t)
	first := b.get("/tickets/new").want(t, 200, `action="/tickets"`, "Step 1 of 5").body
	given := answers(hiddenInput(t, first, "submission_id"))
	given.Set("form-step", "1") // as a client sends it that takes over what the page has
	given.Set("draft-base", hiddenInput(t, first, "draft-base"))
	wrong := with(given, "document_number", "1")
	wrong.Del("consent")
	b.post("/tickets", wrong).want(t, 422, "Tick the box if you agree", `id="field-document_number-problem"`, `value="Nguyễn Văn A"`, `name="consent"`)
	b.post("/tickets", given).want(t, 303)
}

func TestFormSteps_LastOneIsShownAgain(t *testing.T) {
	t.Parallel()
	_, b := startFormSteps(t)
	given := answers(someID)
	given.Del("consent")
	given.Set("form-step", "check")
	b.post("/tickets", given).want(t, 422, "Check your answers", "Tick the box if you agree", `name="full_name" value="Nguyễn Văn A"`)
	b.post("/tickets", with(given, "consent", "true")).want(t, 303)
}

func TestFormSteps_Resubmission(t *testing.T) {
	t.Parallel()
	s, b := startFormSteps(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	b.submit(someID)
	list := agent.get("/review").want(t, 200).body
	id := list[strings.Index(list, "/review/0")+len("/review/"):][:36]
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"name_mismatch", "wrong_document_type"}}).want(t, 303)
	first := b.get("/tickets/new").want(t, 200, "Step 1 of")
	if strings.Contains(first.body, "How to reach you</h1>") {
		t.Error("a step is shown in which nothing is asked again")
	}
	b.sendStep("/tickets/new", "3", url.Values{"full_name": {"Nguyễn Văn An"}}).want(t, 303)
	b.get("/tickets/new?step=check").want(t, 200, "Nguyễn Văn An", "B1234567")
}

func TestFormSteps_SubmissionLink(t *testing.T) {
	t.Parallel()
	s, _ := startFormSteps(t)
	b, path := opens(t, s, partner(t, s, "shop").addLink(t, "u-1", `,"prefill":{"full_name":"An Nguyen","issuing_country":"VNM"},"locked":["full_name"]`))
	b.get(path).want(t, 200, "Step 1 of 5", `action="`+path+`"`, `formaction="`+path+`/form"`)
	got := b.sendStep(path+"/form", "1", url.Values{"document_type": {"passport"}}).want(t, 303)
	if got.location() != path+"/form?step=2" {
		t.Errorf("step 1 leads to %s", got.location())
	}
	b.get(path+"/form?step=3").want(t, 200, "An Nguyen")
}
