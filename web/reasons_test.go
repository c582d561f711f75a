package web_test

import (
	"html"
	"net/url"
	"slices"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/form/formfile"
)

func TestReject_SeveralReasons(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	id := customer.submit(someID)
	given := url.Values{"version": {"1"}, "reason": {"name_mismatch", "bogus"}, "note": {"kept"}}
	agent.post("/review/"+id+"/reject", given).want(t, 422, "Choose from the reasons", "kept", `value="name_mismatch" checked`)
	given["reason"] = []string{"name_mismatch", "number_mismatch"}
	given.Set("class", "final")
	agent.post("/review/"+id+"/reject", given).want(t, 422, "already say whether")
	given.Del("class")
	agent.post("/review/"+id+"/reject", given).want(t, 303)
	agent.post("/review/"+id+"/reject", given).want(t, 303) // a double click
	agent.get("/review/"+id).want(t, 200, "Name differs", "Document number differs", "(may send again)")
	other := url.Values{"version": {"1"}, "reason": {"name_mismatch"}, "note": {"kept"}}
	agent.post("/review/"+id+"/reject", other).want(t, 409)
	read := customer.get("/tickets/"+id).want(t, 200, "Fix and send again")
	for _, text := range strings.Split(formfile.Default().RejectionText(given["reason"]), "\n\n") {
		if !strings.Contains(html.UnescapeString(read.body), text) {
			t.Errorf("the user does not read %q", text)
		}
	}
}

func TestReject_ChosenClass(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	for class, says := range map[string]string{"": "Fix and send again", "final": "This decision is final"} {
		customer, _ := signedIn(t, s, "customer"+class, account.Customer)
		id := customer.submit(someID)
		agent.post("/review/"+id+"/reject", url.Values{
			"version": {"1"}, "reason": {"other"}, "class": {class}, "comment": {"My own words."},
		}).want(t, 303)
		customer.get("/tickets/"+id).want(t, 200, "My own words.", says)
	}
}

type rejectedSeen struct {
	RejectReason  string   `json:"reject_reason"`
	RejectReasons []string `json:"reject_reasons"`
	RejectClass   string   `json:"reject_class"`
	RejectComment string   `json:"reject_comment"`
	History       []struct {
		Reason, Class string
		Reasons       []string
	}
}

// TestReject_CopiedNumber has a number as programs of telephones copy it: between marks of direction that nobody sees.
func TestReject_CopiedNumber(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := programs(t, s)("rules", account.Scopes...)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	const copied, kept = "Call \u202d+1 (415) 555-0132\u202c", "Call +1 (415) 555-0132"
	id := p.submit("u-1", "one").ID
	agent.post("/review/"+id+"/comment", url.Values{"text": {copied + " today"}}).want(t, 303)
	agent.get("/review/"+id).want(t, 200, kept+" today")
	reject := url.Values{"version": {"1"}, "reason": {"other"}, "class": {"retry"}, "comment": {copied}}
	agent.post("/review/"+id+"/reject", reject).want(t, 303)
	if got := read[rejectedSeen](t, p.get("/api/v1/tickets/"+id, "Cache-Control", "no-cache").want(t, 200)); got.RejectComment != kept {
		t.Errorf("the user reads %+q, want %q", got.RejectComment, kept)
	}
	path := "/api/v1/tickets/" + p.submit("u-2", "two").ID + "/decision"
	for range 2 { // the second one is the same decision
		p.post(path, `{"decision":"reject","version":1,"reason":"other","class":"retry","comment":"`+copied+`"}`).want(t, 200, kept)
	}
}

func TestReject_SeveralReasonsByKey(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := programs(t, s)("rules", account.Scopes...)
	path := "/api/v1/tickets/" + p.submit("u-1", "one").ID
	for body, fields := range map[string][]string{
		`"reasons":[]`:                            {"reasons required"},
		`"reasons":"underage"`:                    {"reasons wrong_type"},
		`"reasons":[1]`:                           {"reasons wrong_type"},
		`"reasons":["underage",null]`:             {"reasons not_an_option"},
		`"reasons":["underage","underage"]`:       {"reasons given_twice"},
		`"reasons":["bogus"],"class":"retry"`:     {"reasons not_an_option"},
		`"reasons":["other"]`:                     {"comment required"},
		`"reasons":["underage"],"class":"retry"`:  {"class not_an_option"},
		`"reason":"underage","class":"choose"`:    {"class not_an_option"},
		`"reason":"underage","class":1`:           {"class wrong_type"},
		`"reason":"other","reasons":["underage"]`: {"reason unexpected"},
	} {
		p.post(path+"/decision", `{"decision":"reject","version":1,`+body+`}`).refuses(t, 422, "invalid", fields...)
	}
	p.post(path+"/decision", `{"decision":"approve","version":1,"class":"final","reasons":[]}`).
		refuses(t, 422, "invalid", "class unexpected", "reasons unexpected")
	p.post(path+"/decision", `{"decision":"reject","version":1,"reasons":["underage","name_mismatch"]}`).want(t, 200)
	got := read[rejectedSeen](t, p.get(path).want(t, 200))
	want := []string{"underage", "name_mismatch"}
	event := got.History[1]
	if !slices.Equal(got.RejectReasons, want) || !slices.Equal(event.Reasons, want) || got.RejectReason != "underage" || event.Reason != "underage" {
		t.Errorf("rejected for %s of %q, and in its history for %s of %q; want the first of %q", got.RejectReason, got.RejectReasons, event.Reason, event.Reasons, want)
	}
	if got.RejectClass != "final" || event.Class != "final" || got.RejectComment != formfile.Default().RejectionText(want) {
		t.Errorf("rejected as %q, in its history as %q, with the words %q", got.RejectClass, event.Class, got.RejectComment)
	}
}
