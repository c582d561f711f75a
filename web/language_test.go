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

func TestLanguage_FromBrowser(t *testing.T) {
	t.Parallel()
	b := visitor(t, bilingual(t).URL)
	got := b.get("/login", "Accept-Language", "vi-VN,vi;q=0.9,en;q=0.8").want(t, 200, `<html lang="vi">`, "Đăng nhập")
	if got.header.Get("Content-Language") != "vi" || got.header.Get("Vary") != "HX-Request, Accept-Language, Cookie" {
		t.Errorf("got Content-Language %q and Vary %q", got.header.Get("Content-Language"), got.header.Get("Vary"))
	}
	b.get("/login").want(t, 200, `<html lang="en">`, "Sign in", `<button class="quiet" name="language" value="vi" lang="vi">Tiếng Việt</button>`)
	b.get("/nothing", "Accept-Language", "vi").want(t, 404, `<html lang="vi">`)
}

func TestLanguage_Chosen(t *testing.T) {
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

func TestLanguage_RedirectsWithinSite(t *testing.T) {
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

func TestLanguage_OnlyOne(t *testing.T) {
	t.Parallel()
	f := *testsite.Form()
	f.Languages = []string{"en"}
	b := visitor(t, testsite.Start(t, &f, 1, testdb.New(t)).URL)
	got := b.get("/login", "Accept-Language", "vi").want(t, 200, `<html lang="en">`)
	if strings.Contains(got.body, "/language") {
		t.Error("there is a choice")
	}
}

func TestLanguage_AgentsChooseWhateverTheFormSpeaks(t *testing.T) {
	t.Parallel()
	f := *testsite.Form()
	f.Languages = []string{"en"}
	s := testsite.Start(t, &f, 1, testdb.New(t))
	b, _ := signedIn(t, s, "agent", account.Agent)
	b.get("/review").want(t, 200, `<html lang="en">`, "Take next", `name="language" value="vi"`)
	b.get("/review", "Accept-Language", "vi").want(t, 200, `<html lang="vi">`, "Nhận yêu cầu tiếp theo")
	b.post("/language", url.Values{"language": {"vi"}, "next": {"/review"}}).want(t, 303)
	b.get("/review?limit=0").want(t, 422, `<html lang="vi">`, "Hãy chọn một số từ 1 đến 200.")
	b.get("/review/nothing", "Accept-Language", "en").want(t, 404, `<html lang="vi">`, "Hàng đợi")
}

func TestLanguage_AgentsDecideInTheirsCustomersReadTheirs(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	agent.post("/language", url.Values{"language": {"vi"}})
	id := customer.submit(someID)
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}}).want(t, 422, "Hãy chọn một lý do.")
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"other"}}).want(t, 422, "một lý do bạn đã chọn không có sẵn nội dung")
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"underage"}, "note": {strings.Repeat("é", 4001)}}).want(t, 422, "Tối đa 4.000 ký tự.")
	agent.get("/review/"+id).want(t, 200, `lang="en" placeholder=" " data-comment`, `data-preview-class="final" lang="en" hidden>This decision is final`)
	agent.post("/review/"+id+"/reject", url.Values{"version": {"1"}, "reason": {"underage"}}).want(t, 303)
	agent.get("/review/"+id).want(t, 200, "Bị <bdi>agent@example.com</bdi> từ chối lúc")
	customer.get("/tickets/"+id).want(t, 200, `<html lang="en">`, "This decision is final")
}

func TestLanguage_OnEveryPage(t *testing.T) {
	t.Parallel()
	b, _ := signedIn(t, bilingual(t), "customer", account.Customer)
	for path, status := range map[string]int{"/tickets": 200, "/tickets/new": 200, "/nothing?a=b": 404} {
		b.get(path, "Accept-Language", "vi").want(t, status, `<html lang="vi">`, `name="next" value="`+path+`"`)
	}
	wrong := answers(someID)
	wrong.Del("full_name")
	b.post("/tickets", wrong, "Accept-Language", "vi").want(t, 422, `<html lang="vi">`, `name="next" value="/tickets/new"`)
}

// What somebody chose holds in every browser, until they take it back.
func TestLanguage_StaysWithTheAccount(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	agent.post("/language", url.Values{"language": {"vi"}, "next": {"/account"}}).want(t, http.StatusSeeOther)
	agent.get("/account").want(t, http.StatusOK, `<html lang="vi">`, `<option value="vi" lang="vi" selected>`)
	other := visitor(t, s.URL)
	other.login("agent@example.com")
	other.get("/review").want(t, http.StatusOK, `<html lang="vi">`)
	other.post("/language", url.Values{"language": {""}, "next": {"/account"}}).want(t, http.StatusSeeOther)
	other.get("/account").want(t, http.StatusOK, `<html lang="en">`)
	visitor(t, s.URL).post("/language", url.Values{"language": {""}}).want(t, http.StatusBadRequest)
}
