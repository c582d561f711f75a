package web_test

import (
	"bytes"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"docket/internal/account"
	"docket/internal/testkit/testpicture"
)

// otherPhoto has other bytes than photo.
func otherPhoto() []byte { return testpicture.JPEG(testpicture.Front(testpicture.Anna, 900), 85) }

func TestSubmit_RepeatedWithFiles(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	typed := url.Values{"submission_id": {someID}, "full_name": {"Ann"}}
	picked := []chosen{{"front", "x.jpg", photo()}, {"deed", "x.pdf", document()}}
	made := customer.postFiles("/tickets", typed, picked).want(t, 303).location()
	if again := customer.postFiles("/tickets", typed, picked).want(t, 303).location(); again != made {
		t.Errorf("the same form with the same files leads to %s, then to %s", made, again)
	}
	for what, different := range map[string][]chosen{
		"another photo":  {{"front", "x.jpg", otherPhoto()}, picked[1]},
		"one file more":  {picked[0], picked[1], {"selfie", "x.jpg", photo()}},
		"one file fewer": picked[:1],
	} {
		if got := customer.postFiles("/tickets", typed, different); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d, want 422", what, got.status)
		}
	}
	if n := count(t, s, "SELECT count(*) FROM tickets"); n != 1 {
		t.Errorf("%d tickets, want 1", n)
	}
}

// TestSubmit_RepeatedSecond repeats the second of two tickets of a user that have the same photo.
func TestSubmit_RepeatedSecond(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	send := func(id string) string {
		typed := url.Values{"submission_id": {id}, "full_name": {"Ann"}}
		return customer.postFiles("/tickets", typed, []chosen{{"front", "x.jpg", photo()}}).want(t, 303).location()
	}
	first, id := send(someID), uuid.NewString()
	execute(t, s, "UPDATE tickets SET status = 'withdrawn', version = 2, updated_at_ms = updated_at_ms + 1")
	second := send(id)
	if again := send(id); again != second || again == first {
		t.Errorf("the second form leads to %s, then to %s; the first to %s", second, again, first)
	}
	if again := send(someID); again != first {
		t.Errorf("the first form leads to %s, then to %s", first, again)
	}
}

func TestSubmit_ConcurrentWithFiles(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	body, kind := multi(t, url.Values{"submission_id": {someID}, "full_name": {"Ann"}}, chosen{"front", "x.jpg", photo()}, chosen{"selfie", "y.jpg", photo()})
	var g errgroup.Group
	got := make([]reply, 8)
	for i := range got {
		g.Go(func() error {
			got[i] = customer.send(http.MethodPost, "/tickets", bytes.NewReader(body), "Content-Type", kind)
			return nil
		})
	}
	_ = g.Wait()
	for _, answer := range got {
		if answer.status != http.StatusSeeOther || answer.location() != got[0].location() {
			t.Errorf("%d to %q, want 303 to %s", answer.status, answer.header.Get("Location"), got[0].location())
		}
	}
	if n := count(t, s, "SELECT count(*) FROM tickets"); n != 1 {
		t.Errorf("%d tickets, want 1", n)
	}
}

func TestSubmit_MalformedSubmissionID(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	front := customer.uploaded(someID, "front")
	for _, id := range []string{"", "1", "{" + someID + "}", "urn:uuid:" + someID, someID + " "} {
		typed := url.Values{"submission_id": {id}, "full_name": {"Ann"}, "front": {front}}
		customer.post("/tickets", typed).want(t, 422)
		customer.post("/tickets/new", typed).want(t, 422)
	}
	customer.post("/tickets", url.Values{"submission_id": {someID, uuid.NewString()}, "full_name": {"Ann"}, "front": {front}}).want(t, 422)
	if n := count(t, s, "SELECT count(*) FROM tickets"); n != 0 {
		t.Errorf("%d tickets, want none", n)
	}
}

func TestSubmit_SeveralForSingleField(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	two := []chosen{{"front", "x.jpg", photo()}, {"front", "y.jpg", otherPhoto()}}
	typed := url.Values{"submission_id": {someID}, "full_name": {"Ann"}}
	customer.postFiles("/tickets", typed, two).want(t, 422, "Was sent more than once", `value="Ann"`)
	customer.postFiles("/tickets/new", typed, two).want(t, 422)
	customer.postFiles("/files/front", typed, two, "HX-Request", "true").want(t, 422)
	front, other := customer.uploaded(someID, "front"), customer.uploaded(someID, "front")
	customer.post("/tickets", url.Values{"submission_id": {someID}, "full_name": {"Ann"}, "front": {front, other}}).want(t, 422, "Was sent more than once")
	customer.postFiles("/tickets", url.Values{"submission_id": {someID}, "full_name": {"Ann"}, "front": {front, other}}, two[:1]).want(t, 422)
	customer.post("/tickets", url.Values{"submission_id": {someID}, "full_name": {"Ann", "Bob"}, "front": {front}}).want(t, 422, "Was sent more than once")
	if n := count(t, s, "SELECT count(*) FROM tickets"); n != 0 {
		t.Errorf("%d tickets, want none", n)
	}
}
