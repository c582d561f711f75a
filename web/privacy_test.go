package web_test

import (
	"log/slog"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/metrics"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
	"docket/web"
)

// What is marked here may be read by few: the note by agents, the rest by its user, by agents, and by systems with a key.
const (
	markedNote   = "CANARY-NOTE"
	markedName   = "Canary Nguyễn"
	markedNumber = "CANARY77"
	markedFile   = "CANARY-FILE.jpg"
	markedDraft  = "Canary Draft"
)

var marked = []string{"CANARY", "Canary", testpicture.EXIFPlace}

// TestPrivacy_MarkedTexts drives marked data through drafts, files, refusals, a rejection for several reasons and an
// approval, and then reads everything as everybody.
func TestPrivacy_MarkedTexts(t *testing.T) {
	t.Parallel()
	s := start(t)
	meter, log := metrics.New(), &testsite.Log{}
	config := s.Instances[0].Web.Config
	config.Metrics, config.Log = meter, slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	server := httptest.NewServer(web.New(config))
	t.Cleanup(server.Close)
	s.URL = server.URL
	customer, user := signedIn(t, s, "customer", account.Customer)
	stranger, _ := signedIn(t, s, "stranger", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	key := "Bearer " + s.Key(t, "all", account.Scopes...)
	latest := "Bearer " + s.Key(t, "latest", account.LatestRead)
	picked := []chosen{{"document_front", markedFile, photo()}}

	given := answers(someID)
	given.Set("full_name", markedDraft)
	given.Set("expiry_date", "CANARY-DATE")
	customer.post("/tickets/new", given, "Docket-Background", "1").want(t, 204)
	customer.post("/tickets", given).want(t, 422)
	customer.postFiles("/files/document_front", given, []chosen{{"document_front", markedFile, photo()[:5000]}}).want(t, 422)
	file := customer.postFiles("/files/document_front", given, picked, "HX-Request", "true").want(t, 200)
	_, file.body, _ = strings.Cut(file.body, `name="document_front" value="`)
	front, _, _ := strings.Cut(file.body, `"`)
	given.Set("full_name", markedName)
	given.Set("document_number", markedNumber)
	given.Set("expiry_date", "2040-01-01")
	given.Set("document_front", front)
	id := strings.TrimPrefix(customer.post("/tickets", given).want(t, 303).location(), "/tickets/")
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"CANARY-REASON"}, "note": {markedNote}}).want(t, 422)
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"image_blurry", "selfie_unclear"}, "note": {markedNote}}).want(t, 303)
	customer.get("/tickets/new?CANARY=CANARY")
	stranger.get("/files/"+front).want(t, 404)
	stranger.get("/tickets/"+id).want(t, 404)
	agent.get("/review/"+id).want(t, 200, markedName, markedNote)

	mine := customer.get("/tickets/"+id).want(t, 200, markedName, markedNumber)
	if strings.Contains(mine.body, markedNote) {
		t.Error("the user reads the internal note")
	}
	reader := visitor(t, s.URL)
	for _, path := range []string{"/api/v1/tickets/" + id, "/api/v1/users/" + user + "/tickets", "/api/v1/tickets?status=rejected"} {
		got := reader.get(path, "Authorization", key).want(t, 200, markedNumber)
		if strings.Contains(got.body, markedNote) || strings.Contains(got.body, markedFile) || strings.Contains(got.body, testpicture.EXIFPlace) {
			t.Errorf("%s has the note, or what a file was called, or where it was taken", path)
		}
	}
	for who, got := range map[string]reply{
		"another user's list":  stranger.get("/tickets"),
		"another user's form":  stranger.get("/tickets/new"),
		"another user's photo": stranger.get("/files/" + front),
		"the latest approval":  reader.get("/api/v1/users/"+user+"/latest-ticket", "Authorization", latest),
		"a key without rights": reader.get("/api/v1/tickets/"+id, "Authorization", latest),
		"nobody's photo":       reader.get("/files/" + front),
		"the document":         reader.get("/api/openapi.json"),
		"the photo itself":     customer.get("/files/" + front),
	} {
		unmarked(t, who, got.body)
	}
	scraped := httptest.NewRecorder()
	meter.Handler().ServeHTTP(scraped, httptest.NewRequest("GET", "/metrics", nil))
	unmarked(t, "a metric", scraped.Body.String())
	if !strings.Contains(scraped.Body.String(), "docket_") || strings.Count(log.String(), `"msg":"request"`) < 20 {
		t.Error("nothing was measured or logged")
	}
	unmarked(t, "the log", log.String()+s.Log.String())
}

// unmarked fails when a text has anything that is marked.
func unmarked(t *testing.T, what, text string) {
	t.Helper()
	for _, mark := range marked {
		if i := strings.Index(text, mark); i >= 0 {
			t.Errorf("%s has %q: …%s…", what, mark, text[max(0, i-200):min(len(text), i+100)])
		}
	}
}
