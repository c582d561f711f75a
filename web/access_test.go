package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

func TestAccess_ByRole(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	other, _ := signedIn(t, s, "other", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	nobody := visitor(t, s.URL)
	id := customer.submit(someID)
	for _, try := range []struct {
		who    *browser
		method string
		path   string
		want   int
	}{
		{customer, "GET", "/tickets/" + id, 200},
		{other, "GET", "/tickets/" + id, 404},
		{other, "POST", "/tickets/" + id + "/withdraw", 404},
		{agent, "GET", "/tickets/" + id, 403},
		{agent, "POST", "/tickets", 403},
		{customer, "GET", "/review", 403},
		{customer, "GET", "/review/" + id, 403},
		{customer, "POST", "/review/" + id + "/approve", 403},
		{customer, "POST", "/review/" + id + "/reject", 403},
		{customer, "POST", "/review/" + id + "/claim", 403},
		{customer, "POST", "/review/next", 403},
		{customer, "GET", "/review/events", 403},
		{admin, "GET", "/review/" + id, 200},
		{agent, "GET", "/review/" + uuid.NewString(), 404},
		{agent, "GET", "/review/" + strings.ToUpper(id), 404},
		{agent, "GET", "/review/1", 404},
		{customer, "GET", "/tickets/%00", 404},
		{nobody, "GET", "/nothing", 404},
		{nobody, "DELETE", "/tickets", 405},
		{nobody, "GET", "/review/" + id + "/approve", 405},
		{agent, "GET", "/review/next", 405},
		{agent, "HEAD", "/review/next", 405},
		{nobody, "POST", "/review/next", 303},
		{nobody, "GET", "/tickets", 303},
		{nobody, "GET", "/review/events", 303},
		{nobody, "GET", "/healthz", 200},
		{nobody, "GET", "/readyz", 200},
	} {
		got := try.who.send(try.method, try.path, nil)
		if got.status != try.want {
			t.Errorf("%s %s: %d, want %d", try.method, try.path, got.status, try.want)
		}
		if got.status == 405 && got.header.Get("Allow") == "" {
			t.Errorf("%s %s: no Allow", try.method, try.path)
		}
	}
}

func TestLogin_ReturnsToPage(t *testing.T) {
	t.Parallel()
	s := start(t)
	email, _ := s.Account(t, "customer", account.Customer)
	b := visitor(t, s.URL)
	login := b.get("/tickets/new?x=1").want(t, 303).location()
	if login != "/login?next=%2Ftickets%2Fnew%3Fx%3D1" {
		t.Errorf("led to %s", login)
	}
	long := strings.Repeat("%C3%A9", 300) // each % takes three bytes in another address
	if login := b.get("/tickets/new?utm_x="+long).want(t, 303).location(); login != "/login?next=%2Ftickets%2Fnew" {
		t.Errorf("a long address led to %s", login)
	}
	for _, test := range []struct{ method, path, page, want string }{
		{"GET", "/tickets", "", "/tickets"},
		{"GET", "/tickets", "/tickets/new", "/tickets/new"},
		{"GET", "/tickets", "/tickets/new?utm_x=" + long, "/tickets/new"},
		{"POST", "/review/next", "/review?q=" + strings.Repeat("a", 2000), "/review?q=" + strings.Repeat("a", 2000)},
		{"POST", "/review/next", "/review?status=approved", "/review?status=approved"},
		{"POST", "/review/next", "", "/review"},
		{"POST", "/review/users/u/reopen", "", "/review"},
		{"POST", "/review/" + someID + "/approve", "", "/review/" + someID},
		{"POST", "/tickets/" + someID + "/withdraw", "", "/tickets/" + someID},
		{"POST", "/tickets", "", "/tickets/new"},
		{"POST", "/tickets/new", "", "/tickets/new"},
		{"POST", "/files/front", "", "/tickets/new"},
		{"GET", "/files/" + someID, "", "/files/" + someID},
		{"GET", "/files/x", "", "/files/x"},
	} {
		want := "/login?next=" + url.QueryEscape(test.want)
		part := b.send(test.method, test.path, nil, "HX-Request", "true", "HX-Current-URL", s.URL+test.page)
		if test.page == "" {
			part = b.send(test.method, test.path, nil, "HX-Request", "true", "HX-Current-URL", "https://evil.example/")
			if page := b.send(test.method, test.path, nil).want(t, 303); page.location() != want {
				t.Errorf("%s %s is led to %s, want %s", test.method, test.path, page.location(), want)
			}
		}
		if got := part.want(t, 401).header.Get("HX-Redirect"); got != want {
			t.Errorf("a fragment of %s %s is led to %s, want %s", test.method, test.path, got, want)
		}
	}
	got := b.post(login, url.Values{"email": {email}, "password": {testsite.Password}}).want(t, 303).location()
	if got != "/tickets/new?x=1" {
		t.Errorf("after signing in: %s", got)
	}
	for _, next := range []string{"https://evil.example", "//evil.example", "/\\evil.example", "evil", "/\tx", "/" + strings.Repeat("a", 3000)} {
		got := b.post("/login", url.Values{"email": {email}, "password": {testsite.Password}, "next": {next}}).want(t, 303)
		if got.location() != "/tickets" {
			t.Errorf("next=%q leads to %s", next, got.location())
		}
	}
}

func TestLogin_NextOfOtherRole(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, test := range []struct {
		role       account.Role
		next, want string
	}{
		{account.Customer, "/tickets/new", "/tickets/new"},
		{account.Customer, "/review", "/tickets"},
		{account.Customer, "/admin/rules", "/tickets"},
		{account.Agent, "/review?status=approved", "/review?status=approved"},
		{account.Agent, "/tickets", "/review"},
		{account.Agent, "/admin/rules", "/review"},
		{account.Agent, "/files/" + someID, "/files/" + someID},
		{account.Admin, "/admin/rules?from=2026-01-01", "/admin/rules?from=2026-01-01"},
		{account.Admin, "/review/events", "/review"},
	} {
		email, _ := s.Account(t, string(test.role)+uuid.NewString(), test.role)
		typed := url.Values{"email": {email}, "password": {testsite.Password}, "next": {test.next}}
		if got := visitor(t, s.URL).post("/login", typed).want(t, 303).location(); got != test.want {
			t.Errorf("%s, next=%q leads to %s, want %s", test.role, test.next, got, test.want)
		}
	}
}

func TestLogin_WrongPassword(t *testing.T) {
	t.Parallel()
	s := start(t)
	email, _ := s.Account(t, "customer", account.Customer)
	b := visitor(t, s.URL)
	wrong := b.post("/login", url.Values{"email": {email}, "password": {"wrong"}}).want(t, 422)
	unknown := b.post("/login", url.Values{"email": {"nobody@example.com"}, "password": {"wrong"}}).want(t, 422)
	now := regexp.MustCompile(`data-now="[^"]*"`)
	if now.ReplaceAllString(strings.ReplaceAll(wrong.body, email, "X"), "") != now.ReplaceAllString(strings.ReplaceAll(unknown.body, "nobody@example.com", "X"), "") {
		t.Errorf("they differ:\n%s\n%s", wrong.body, unknown.body)
	}
	tries := 1
	for b.post("/login", url.Values{"email": {email}, "password": {"wrong"}}).status == 422 {
		if tries++; tries > 40 {
			t.Fatal("forty wrong passwords, and one may go on")
		}
	}
	if _, err := s.Instances[0].Primary.Exec(t.Context(), "UPDATE tries SET level = 20, at_ms = now_ms()"); err != nil {
		t.Fatal(err)
	}
	refused := b.post("/login", url.Values{"email": {email}, "password": {testsite.Password}}).want(t, http.StatusTooManyRequests, email, "15 minutes")
	if got := refused.header.Get("Retry-After"); got != "900" && got != "899" {
		t.Errorf("Retry-After: %s, want 15 minutes", got)
	}
	if tries < 10 {
		t.Errorf("refused after %d wrong passwords, want 10", tries)
	}
}

func TestSignup_Invalid(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := visitor(t, s.URL)
	b.post("/signup", url.Values{"email": {"ann"}, "password": {"long enough for it"}}).want(t, 422, `value="ann"`)
	b.post("/signup", url.Values{"email": {"ann@example.com"}, "password": {"eleven char"}}).want(t, 422, "12")
	for password, words := range map[string]string{
		strings.Repeat("long ", 41):   "12 to 200",
		strings.Repeat("long ", 1000): "12 to 200",
		"PasswordPassword1":           "tried first",
		"ann@example.com":             "easy to guess",
		s.Instances[0].Web.Form.Title: "easy to guess",
	} {
		b.post("/signup", url.Values{"email": {"ann@example.com"}, "password": {password}}).want(t, 422, words, `value="ann@example.com"`)
	}
	b.post("/login", url.Values{"email": {"ann@example.com"}, "password": {strings.Repeat("x", 1025)}}).want(t, 422)
	b.post("/signup", url.Values{"email": {"Ann@Example.com"}, "password": {"twelve chars"}}).want(t, 303)
	b.get("/tickets").want(t, 200)
	visitor(t, s.URL).post("/signup", url.Values{"email": {"ann@example.com"}, "password": {"twelve chars"}}).want(t, 422, "already")
}

func TestLogout_EndsSession(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, _ := signedIn(t, s, "customer", account.Customer)
	u, _ := url.Parse(s.URL)
	stolen := visitor(t, s.URL)
	stolen.client.Jar.SetCookies(u, b.client.Jar.Cookies(u))
	stolen.get("/tickets").want(t, 200)
	b.post("/logout", nil).want(t, 303)
	stolen.get("/tickets").want(t, 303)
}

func TestSession_Cookie(t *testing.T) {
	t.Parallel()
	s := start(t)
	email, _ := s.Account(t, "customer", account.Customer)
	seen := map[string]bool{}
	b := visitor(t, s.URL)
	for range 2 {
		got := b.post("/login", url.Values{"email": {email}, "password": {testsite.Password}}).want(t, 303)
		cookie := sessionCookie(got)
		for _, part := range []string{"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"} {
			if !strings.Contains(cookie, part) {
				t.Errorf("the cookie %q lacks %s", cookie, part)
			}
		}
		if value, _, _ := strings.Cut(cookie, ";"); seen[value] {
			t.Error("the same session again")
		} else {
			seen[value] = true
		}
	}
	visitor(t, s.URL).get("/tickets", "Cookie", cookieName("docket")+"=rubbish").want(t, 303)
}

// cookieName is how the browser of a test knows a cookie.
func cookieName(name string) string {
	return account.NewCookies(false, bytes.Repeat([]byte{7}, 32)).Name(name)
}

// cookie is the name and the value of a cookie that an answer sets.
func (r reply) cookie(name string) string {
	for _, cookie := range r.header.Values("Set-Cookie") {
		if strings.HasPrefix(cookie, name+"=") {
			pair, _, _ := strings.Cut(cookie, ";")
			return pair
		}
	}
	return ""
}

// sessionCookie is the cookie of the session that an answer sets.
func sessionCookie(r reply) string {
	for _, cookie := range r.header.Values("Set-Cookie") {
		if strings.HasPrefix(cookie, cookieName("docket")+"=") {
			return cookie
		}
	}
	return ""
}

func TestOrigin_OtherSite(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, _ := signedIn(t, s, "customer", account.Customer)
	b.post("/logout", nil, "Sec-Fetch-Site", "cross-site").want(t, 403)
	b.post("/logout", nil, "Origin", "https://evil.example").want(t, 403)
	b.get("/tickets").want(t, 200)
	b.post("/logout", nil, "Sec-Fetch-Site", "same-origin").want(t, 303)
}

func TestSubmit_InvalidFormKeepsInput(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, _ := signedIn(t, s, "customer", account.Customer)
	given := answers(someID)
	given.Set("date_of_birth", "2999-01-01")
	given.Set("full_name", `<script>"x"</script>`)
	given.Set("status", "approved")
	got := b.post("/tickets", given).want(t, 422, someID, `&lt;script&gt;`, `value="2999"`, `aria-invalid="true"`)
	if strings.Contains(got.body, "<script>\"x\"") {
		t.Error("what was typed is not escaped")
	}
	if part := b.post("/tickets", given, "HX-Request", "true").want(t, 422, someID); strings.Contains(part.body, "<html") {
		t.Error("a fragment is a whole page")
	}
}

func TestSubmit_SameSubmissionTwice(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, _ := signedIn(t, s, "customer", account.Customer)
	first := b.submit(someID)
	if again := b.submit(someID); again != first {
		t.Errorf("a second ticket, %s", again)
	}
	given := answers(someID)
	given.Set("full_name", "Somebody Else")
	b.post("/tickets", given).want(t, 422, "Somebody Else")
	b.post("/tickets", answers(uuid.NewString())).want(t, 409, "/tickets/"+first)
	b.post("/tickets/"+first+"/withdraw", nil).want(t, 303)
	b.post("/tickets", answers(uuid.NewString())).want(t, 303)
}

func TestSubmit_OtherBodies(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, _ := signedIn(t, s, "customer", account.Customer)
	b.send("POST", "/tickets", strings.NewReader("{}"), "Content-Type", "application/json").want(t, 415)
	b.send("POST", "/tickets", strings.NewReader("x"), "Content-Type", "multipart/form-data; boundary=x").want(t, 400)
	b.post("/tickets", answers(someID), "Content-Encoding", "gzip").want(t, 415)
	b.post("/tickets", url.Values{"full_name": {strings.Repeat("x", 2<<20)}}).want(t, 413)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, values := range answers(someID) {
		if err := form.WriteField(name, values[0]); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	b.send("POST", "/tickets", &body, "Content-Type", form.FormDataContentType()).want(t, 303)
}

func TestSubmit_ExtraFields(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, _ := signedIn(t, s, "customer", account.Customer)
	given := answers(someID)
	given.Set("status", "approved")
	given.Set("decided_by", "agent:me")
	given.Set("user_id", "somebody")
	id := strings.TrimPrefix(b.post("/tickets", given).want(t, 303).location(), "/tickets/")
	b.get("/tickets/"+id).want(t, 200, `data-status="processing"`)
}

func TestDecide_MissingInput(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	path := "/review/" + customer.submit(someID)
	for name, given := range map[string]url.Values{
		"no reason":       {"version": {"1"}, "note": {"kept"}},
		"unknown reason":  {"version": {"1"}, "note": {"kept"}, "reason": {"made_up"}},
		"no words at all": {"version": {"1"}, "note": {"kept"}, "reason": {"other"}},
		"a flood":         {"version": {"1"}, "note": {"kept"}, "reason": {"other"}, "comment": {strings.Repeat("x", 4001)}},
		"a NUL":           {"version": {"1"}, "note": {"kept"}, "reason": {"other"}, "comment": {"a\x00b"}},
		"a bidi override": {"version": {"1"}, "note": {"kept"}, "reason": {"other"}, "comment": {"a\u202eb"}},
	} {
		if got := agent.post(path+"/reject", given); got.status != 422 || !strings.Contains(got.body, "kept") {
			t.Errorf("%s: %d, want 422 with what was typed", name, got.status)
		}
	}
	for _, version := range []string{"", "0", "-1", "1.0", "x", "99999999999999999999"} {
		agent.post(path+"/approve", url.Values{"version": {version}}).want(t, 400)
	}
	agent.post(path+"/approve", url.Values{"version": {"7"}}).want(t, 409)
}

func TestDecide_OwnTicket(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, id := signedIn(t, s, "both", account.Customer)
	ticket := b.submit(someID)
	if err := s.Instances[0].Accounts.AddOrReplace(t.Context(), "both@example.com", testsite.Password, account.Agent); err != nil {
		t.Fatal(err)
	}
	b.get("/tickets").want(t, 303) // another role ends the sessions of before
	b.login("both@example.com")
	b.get("/review/"+ticket).want(t, 200, id)
	b.post("/review/"+ticket+"/approve", url.Values{"version": {"1"}}).want(t, 403)
	if next := b.post("/review/next", nil).want(t, 303).location(); strings.Contains(next, ticket) {
		t.Error("one's own ticket is the next")
	}
}

func TestSession_Expires(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	for _, step := range []struct {
		change          string
		customer, agent int
	}{
		{"UPDATE sessions SET seen_at_ms = now_ms() - 29 * 60000", 200, 200}, // and that touches them
		{"UPDATE sessions SET created_at_ms = now_ms() - 719 * 60000", 200, 200},
		{"UPDATE sessions SET seen_at_ms = now_ms() - 31 * 60000", 200, 303},                            // an agent's ends after half an hour of nothing
		{"UPDATE sessions SET created_at_ms = now_ms() - 721 * 60000, seen_at_ms = now_ms()", 303, 303}, // every one after twelve
	} {
		execute(t, s, step.change)
		if got := customer.get("/tickets").status; got != step.customer {
			t.Errorf("%s: the customer gets %d, want %d", step.change, got, step.customer)
		}
		if got := agent.get("/review").status; got != step.agent {
			t.Errorf("%s: the agent gets %d, want %d", step.change, got, step.agent)
		}
	}
}

func TestSession_TwoSystemsOnOneHost(t *testing.T) {
	t.Parallel()
	b, _ := signedIn(t, start(t), "ann", account.Customer)
	other := testsite.StartWith(t, testdb.New(t), app.Config{Secret: bytes.Repeat([]byte{8}, 32)})
	second := visitor(t, other.URL)
	second.client.Jar = b.client.Jar // cookies are for a host, whatever the port
	email, _ := other.Account(t, "ann", account.Customer)
	second.login(email)
	b.get("/tickets").want(t, 200)
	second.get("/tickets").want(t, 200)
	second.post("/logout", nil).want(t, 303)
	b.get("/tickets").want(t, 200)
}

func TestSession_CookieOfEarlierRelease(t *testing.T) {
	t.Parallel()
	s := start(t)
	email, _ := s.Account(t, "ann", account.Customer)
	signIn := url.Values{"email": {email}, "password": {testsite.Password}}
	former := visitor(t, s.URL).post("/login", signIn).want(t, 303).cookie("docket")
	nobody := visitor(t, s.URL)
	nobody.get("/tickets", "Cookie", former).want(t, 200)
	nobody.get("/login", "Cookie", "docket_language=vi").want(t, 200, "Đăng nhập")

	session := visitor(t, s.URL).post("/login", signIn).want(t, 303).cookie(cookieName("docket"))
	nobody.post("/logout", nil, "Cookie", session+"; "+former).want(t, 303)
	for _, cookie := range []string{session, former} {
		nobody.get("/tickets", "Cookie", cookie).want(t, 303)
	}
}

func TestSession_HTTPSCookies(t *testing.T) {
	t.Parallel()
	s := testsite.StartWith(t, testdb.New(t), app.Config{BaseURL: "https://tickets.example.com"})
	email, _ := s.Account(t, "ann", account.Customer)
	b := visitor(t, s.URL)
	login := b.post("/login", url.Values{"email": {email}, "password": {testsite.Password}}).want(t, 303)
	session, _, _ := strings.Cut(login.header.Get("Set-Cookie"), ";")
	set := append(login.header.Values("Set-Cookie"), b.post("/tickets/"+someID+"/withdraw", nil, "Cookie", session).header.Values("Set-Cookie")...)
	set = append(set, b.post("/language", url.Values{"language": {"en"}}).want(t, 303).header.Values("Set-Cookie")...)
	if len(set) != 6 { // both posts with the session are writes
		t.Errorf("cookies %q, want two of the session, those of the device, of the writes and of the language", set)
	}
	for _, cookie := range set {
		if !strings.HasPrefix(cookie, "__Host-docket") || !strings.Contains(cookie, "; Secure") || !strings.Contains(cookie, "; Path=/;") {
			t.Errorf("the cookie %q is not bound to the host", cookie)
		}
	}
	b.post("/logout", nil, "Cookie", session).want(t, 303)
	if got := b.post("/logout", nil, "Cookie", session).header.Get("Clear-Site-Data"); got != `"cache"` {
		t.Errorf("Clear-Site-Data: %s", got)
	}
}
