package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

func TestSubmit_UnchangedAnswer(t *testing.T) {
	t.Parallel()
	_, customer, _, id := rejected(t, "name")
	again := url.Values{"submission_id": {"0199c1ee-0000-7000-8000-00000000000a"}, "mends": {id}, "full_name": {" Ann  Lee"}}
	told := customer.post("/tickets", again).want(t, 422, "What was refused is still the same", "Full name: you have not changed this", `name="send-same"`)
	told.lacks(t, "There is a problem")
	again.Set("send-same", "1")
	customer.post("/tickets", again).want(t, 303)
}

func TestSubmit_ChangedAnswer(t *testing.T) {
	t.Parallel()
	_, customer, _, id := rejected(t, "name")
	customer.post("/tickets", url.Values{"submission_id": {"0199c1ee-0000-7000-8000-00000000000a"}, "mends": {id}, "full_name": {"Ann Leigh"}}).want(t, 303)
}

func TestSubmit_UnchangedPhoto(t *testing.T) {
	t.Parallel()
	_, customer, _, id := rejected(t, "blurry")
	const submission = "0199c1ee-0000-7000-8000-00000000000a"
	picked := customer.postFiles("/files/front", url.Values{"submission_id": {submission}, "mends": {id}}, []chosen{{"front", "x.jpg", photo()}}, "HX-Request", "true").
		want(t, 200, "this is the same photo that was refused")
	again := url.Values{"submission_id": {submission}, "mends": {id}, "front": {picked.kept()["front"]}}
	customer.post("/tickets", again).want(t, 422, "Front: this is the same photo that was refused")
	again.Set("send-same", "1")
	customer.post("/tickets", again).want(t, 303)
}

func TestSubmit_UnchangedRows(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(`name: rows
title: Rows
fields:
  - name: owners
    label: Owners
    type: group
    fields: [{name: full_name, label: Full name}, {name: share, label: Share, type: number}]
reasons:
  - {code: names, label: Names, class: retry, fields: [owners.full_name], text: Mend the names.}
  - {code: owners, label: Owners, class: retry, fields: [owners], text: Mend the owners.}
`))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	agent, _ := signedIn(t, s, "agent", account.Agent)
	for _, reason := range []string{"names", "owners"} {
		customer, _ := signedIn(t, s, reason, account.Customer)
		rows := url.Values{"submission_id": {uuid.NewString()}, "owners": {"0", "1"}, "owners.0.full_name": {"Ann"}, "owners.0.share": {"5"}, "owners.1.full_name": {"Bob"}}
		id := strings.TrimPrefix(customer.post("/tickets", rows).want(t, 303).location(), "/tickets/")
		agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {reason}}).want(t, 303)
		rows.Set("submission_id", uuid.NewString())
		rows.Set("mends", id)
		customer.post("/tickets", rows).want(t, 422, "What was refused is still the same", map[string]string{"names": "Owners 2 · Full name", "owners": "Owners"}[reason]+": you have not changed this")
		rows.Set("owners.1.full_name", "Eve")
		customer.post("/tickets", rows).want(t, 303)
	}
}
