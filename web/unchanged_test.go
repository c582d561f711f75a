package web_test

import (
	"net/url"
	"testing"
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
