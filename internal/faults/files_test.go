package faults_test

import (
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/testdb"
	"docket/internal/testpicture"
	"docket/internal/testsite"
)

func TestWithoutAPlaceForFilesDocketServesAndSaysSo(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	site := testsite.Start(t, testsite.Form(), 1, db)
	key := "Authorization: Bearer " + site.Key(t, "all", account.Scopes...)
	cmd := command(t, db, "serve")
	cmd.Env = append(cmd.Env, "FILES_URL=")
	p := run(t, cmd)
	if len(p.warned) != 1 || !strings.HasPrefix(p.warned[0], "FILES_URL is not set: ") {
		t.Errorf("warned %q, want once of FILES_URL", p.warned)
	}
	c := newCaller(p.url)
	photo := string(testpicture.JPEG(testpicture.Front(testpicture.Anna, 600), 85))
	for range 3 { // and it does not count as one of the user's files
		a, err := c.ask("POST", "/api/v1/files?user_id=ann&field=document_front", photo, key, "Content-Type: image/jpeg")
		if err != nil || a.status != 503 || !strings.Contains(a.body, `"unavailable"`) || !strings.Contains(a.body, "Nothing was lost") {
			t.Fatalf("got %d, %v, want 503 unavailable:\n%s", a.status, err, a.body)
		}
	}
	a, err := c.ask("POST", "/api/v1/tickets", `{"user_id":"ann","extra":`+person+`}`, key, "Content-Type: application/json", "Idempotency-Key: k")
	if err != nil || a.status != 201 {
		t.Errorf("a ticket without files: %d, %v:\n%s", a.status, err, a.body)
	}
}
