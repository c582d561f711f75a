package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// bilingual runs one instance whose customers read English or Vietnamese.
func bilingual(t *testing.T) *testsite.Site {
	t.Helper()
	f := *testsite.Form()
	f.Languages = []string{"en", "vi"}
	return testsite.Start(t, &f, 1, testdb.New(t))
}

func TestTheBrowserSaysWhichLanguageIsRead(t *testing.T) {
	t.Parallel()
	b := visitor(t, bilingual(t).URL)
	got := b.get("/login", "Accept-Language", "vi-VN,vi;q=0.9,en;q=0.8").want(t, 200, `<html lang="vi">`, "Đăng nhập")
	if got.header.Get("Content-Language") != "vi" || got.header.Get("Vary") != "HX-Request, Accept-Language, Cookie" {
		t.Errorf("got Content-Language %q and Vary %q", got.header.Get("Content-Language"), got.header.Get("Vary"))
	}
	b.get("/login").want(t, 200, `<html lang="en">`, "Sign in", `<button class="quiet" name="language" value="vi" lang="vi">Tiếng Việt</button>`)
	b.get("/nothing", "Accept-Language", "vi").want(t, 404, `<html lang="vi">`)
}

func TestALanguageIsChosenAndKept(t *testing.T) {
	t.Parallel()
	b := visitor(t, bilingual(t).URL)
	got := b.post("/language", url.Values{"language": {"vi"}, "next": {"/signup?next=%2Ftickets"}})
	if got.status != http.StatusSeeOther || got.location() != "/signup?next=%2Ftickets" {
		t.Fatalf("got %d to %q", got.status, got.location())
	}
	b.get("/signup").want(t, 200, `<html lang="vi">`)
	b.get("/signup", "Accept-Language", "en").want(t, 200, `<html lang="vi">`)
	b.post("/language", url.Values{"language": {"en"}})
	b.get("/signup", "Accept-Language", "vi").want(t, 200, `<html lang="en">`)
}

func TestALanguageLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	b := visitor(t, bilingual(t).URL)
	for _, next := range []string{"https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "", "login"} {
		if got := b.post("/language", url.Values{"language": {"vi"}, "next": {next}}); got.location() != "/" {
			t.Errorf("%q: led to %q", next, got.location())
		}
	}
	b.post("/language", url.Values{"language": {"de"}, "next": {"/login"}}).want(t, 400)
	b.post("/language", url.Values{"language": {"vi"}}, "Sec-Fetch-Site", "cross-site").want(t, 403)
	b.get("/language").want(t, 405)
}

func TestAFormInOneLanguageOffersNoOther(t *testing.T) {
	t.Parallel()
	f := *testsite.Form()
	f.Languages = []string{"en"}
	b := visitor(t, testsite.Start(t, &f, 1, testdb.New(t)).URL)
	got := b.get("/login", "Accept-Language", "vi").want(t, 200, `<html lang="en">`)
	if strings.Contains(got.body, "/language") {
		t.Error("there is a choice")
	}
}

func TestAgentsWorkInEnglish(t *testing.T) {
	t.Parallel()
	s := bilingual(t)
	b, _ := signedIn(t, s, "agent", account.Agent)
	got := b.get("/review", "Accept-Language", "vi", "Cookie", "docket_language=vi").want(t, 200, `<html lang="en">`, "Sign out")
	if strings.Contains(got.body, "/language") {
		t.Error("there is a choice")
	}
	b.get("/review/nothing", "Accept-Language", "vi").want(t, 404, `<html lang="en">`)
}

func TestACustomerReadsTheirLanguageWhereverTheyGo(t *testing.T) {
	t.Parallel()
	b, _ := signedIn(t, bilingual(t), "customer", account.Customer)
	for path, status := range map[string]int{"/tickets": 200, "/tickets/new": 200, "/nothing?a=b": 404} {
		b.get(path, "Accept-Language", "vi").want(t, status, `<html lang="vi">`, `name="next" value="`+path+`"`)
	}
	wrong := answers(someID)
	wrong.Del("full_name")
	b.post("/tickets", wrong, "Accept-Language", "vi").want(t, 422, `<html lang="vi">`, `name="next" value="/tickets/new"`)
}
