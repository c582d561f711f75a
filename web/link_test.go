package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/bearertoken"
	"docket/internal/files"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// pathOfLink is the path of the address of a link.
func pathOfLink(t *testing.T, made linkSeen) string {
	t.Helper()
	u, err := url.Parse(made.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Path
}

// opens opens a link in a new browser and begins.
func opens(t *testing.T, s *testsite.Site, made linkSeen) (b *browser, path string) {
	t.Helper()
	b, path = visitor(t, s.URL), pathOfLink(t, made)
	b.get(path).want(t, 200, "Start now")
	b.post(path+"/begin", nil).want(t, 303)
	return b, path
}

func with(values url.Values, more ...string) url.Values {
	values = maps.Clone(values)
	for i := 0; i < len(more); i += 2 {
		values[more[i]] = []string{more[i+1]}
	}
	return values
}

// TestLink_Journey sends the form with a link, is rejected, comes back with another link, is approved, and the partner looks it up.
func TestLink_Journey(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := partner(t, s, "shop")
	made := p.addLink(t, "u-1", `,"return_url":"https://shop.example/done?order=7","state":"a b&c"`)
	b, path := opens(t, s, made)
	form := b.get(path).want(t, 200, `action="`+path+`"`, `data-draft="`+path+`/form"`)
	if strings.Contains(form.body, "/tickets") || strings.Contains(form.body, "/account") || strings.Contains(form.body, `href="/"`) {
		t.Error("the page of a link leads to pages of accounts")
	}
	b.post(path, url.Values{"full_name": {"An"}}).want(t, 422, "An")
	b.get(path).want(t, 200, `value="An"`) // the draft
	b.post(path, answers(someID)).want(t, 303)
	again := b.post(path, with(answers(someID), "full_name", "Somebody Else")).want(t, 303)
	if again.location() != path || count(t, s, "SELECT count(*) FROM tickets") != 1 {
		t.Errorf("the form was sent twice; then %s", again.location())
	}
	sent := b.get(path).want(t, 200, "Nguyễn Văn A", "Back to shop.example")
	id := text(t, s, "SELECT id::text FROM tickets WHERE user_id = 'u-1' AND submitted_by = 'key:shop'")
	if back := "https://shop.example/done?order=7&amp;state=a+b%26c&amp;status=submitted&amp;ticket_id=" + id; !strings.Contains(sent.body, back) {
		t.Errorf("the page does not lead back to %s:\n%s", back, sent.body)
	}
	if strings.Contains(sent.body, "/withdraw") {
		t.Error("the page offers to withdraw")
	}
	b.get(path+"/form").want(t, 200, "Nguyễn Văn A", "Back to shop.example")

	p.post("/api/v1/tickets/"+id+"/decision", `{"decision":"reject","version":1,"reason":"name_mismatch"}`).want(t, 200)
	if got := b.get(path).want(t, 200, "Ask shop.example for a new link").body; strings.Contains(got, path+"/form") {
		t.Error("a link that was sent offers the form again")
	}
	second, next := opens(t, s, p.addLink(t, "u-1", ""))
	second.get(next).want(t, 200, `href="`+next+`/form"`)
	second.get(next+"/form").want(t, 200, `name="mends"`)
	second.post(next, url.Values{"mends": {id}, "full_name": {"Nguyễn Văn B"}}).want(t, 303)
	attempt := text(t, s, "SELECT id::text FROM tickets WHERE user_id = 'u-1' AND attempt = 2 AND previous_id = '"+id+"'")
	p.post("/api/v1/tickets/"+attempt+"/decision", `{"decision":"approve","version":1}`).want(t, 200)
	second.get(next).want(t, 200, "Approved")
	third, renewal := opens(t, s, p.addLink(t, "u-1", ""))
	third.get(renewal).want(t, 200, "Approved", `href="`+renewal+`/form"`)
	third.get(renewal+"/form").want(t, 200, `name="full_name"`)
	p.get("/api/v1/users/u-1/latest-ticket").want(t, 200, attempt, "Nguyễn Văn B")
}

// TestLink_SecondBrowser lets another browser in only with the code of the first, which lets in one, for a time.
func TestLink_SecondBrowser(t *testing.T) {
	t.Parallel()
	var later atomic.Int64 // by how much the clock of the instance is ahead
	s := testsite.StartWith(t, testdb.New(t), app.Config{Now: func() time.Time { return time.Now().Add(time.Duration(later.Load())) }})
	p := partner(t, s, "shop")
	first, path := opens(t, s, p.addLink(t, "u-1", `,"prefill":{"full_name":"An Nguyen"},"return_url":"https://shop.example/","state":"secret-state"`))
	second := visitor(t, s.URL)
	for _, address := range []string{path, path + "/form", path + "/phone"} {
		if got := second.get(address).want(t, 403, "open in another browser").body; strings.Contains(got, "An Nguyen") || strings.Contains(got, "secret-state") {
			t.Errorf("%s shows a browser without the code what the form has", address)
		}
	}
	second.post(path+"/begin", nil).want(t, 403, "open in another browser")
	second.post(path, answers(someID)).want(t, 403)
	second.post(path+"/form", url.Values{"full_name": {"Eve"}}).want(t, 403)
	second.post(path+"/form/asked", url.Values{"full_name": {"Eve"}}).want(t, 403)

	code := codeOf(t, first, path)
	second.post(path+"/code", url.Values{"code": {"000000"}}).want(t, 422, "wrong")
	second.get(path+"?code="+code).want(t, 403, `value="`+code+`"`)
	second.get(path).want(t, 403) // to look at the code's address lets nobody in
	second.post(path+"/code", url.Values{"code": {code[:3] + " " + code[3:]}}).want(t, 303)
	second.get(path).want(t, 200, "An Nguyen")
	visitor(t, s.URL).post(path+"/code", url.Values{"code": {code}}).want(t, 422) // it lets in one
	old := codeOf(t, first, path)
	later.Store(int64(20 * time.Minute))
	visitor(t, s.URL).post(path+"/code", url.Values{"code": {old}}).want(t, 422)

	for range 6 { // ten tries in all
		visitor(t, s.URL).post(path+"/code", url.Values{"code": {"1"}}).want(t, 422)
	}
	visitor(t, s.URL).post(path+"/code", url.Values{"code": {codeOf(t, first, path)}}).want(t, 429, "Too many")
	first.get(path).want(t, 200)
	if n := count(t, s, "SELECT cardinality(browsers) FROM submission_links"); n != 2 {
		t.Errorf("%d browsers use the link, want 2", n)
	}
}

// codeOf is the code that the first browser shows.
func codeOf(t *testing.T, b *browser, path string) string {
	t.Helper()
	page := b.get(path+"/phone").want(t, 200, "<svg").body
	code := regexp.MustCompile(`<code class="secret">(\d{3}[^<]*\d)</code>`).FindStringSubmatch(page)
	if code == nil {
		t.Fatalf("the page shows no code:\n%s", page)
	}
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, code[1])
}

// TestLink_Begin binds a link to one of several browsers that begin at once.
func TestLink_Begin(t *testing.T) {
	t.Parallel()
	s := start(t)
	path := pathOfLink(t, partner(t, s, "shop").addLink(t, "u-1", ""))
	const browsers = 8
	statuses := make(chan int, browsers)
	for range browsers {
		b := visitor(t, s.URL)
		go func() { statuses <- b.post(path+"/begin", nil).status }()
	}
	begun := map[int]int{}
	for range browsers {
		begun[<-statuses]++
	}
	if begun[303] != 1 || begun[403] != browsers-1 {
		t.Errorf("statuses %v, want one 303", begun)
	}
}

// TestLink_Locked enforces locked answers, whatever a browser sends for them.
func TestLink_Locked(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := partner(t, s, "shop")
	b, path := opens(t, s, p.addLink(t, "u-1", `,"prefill":{"full_name":"An Nguyen","document_number":"X7654321"},"locked":["full_name"]`))
	page := b.get(path).want(t, 200, "An Nguyen", "cannot be changed", `value="X7654321"`).body
	if strings.Contains(page, `name="full_name"`) {
		t.Error("a locked field can be edited")
	}
	b.post(path+"/form", url.Values{"full_name": {"Eve"}}).want(t, 303)
	b.get(path).want(t, 200, "An Nguyen")
	b.post(path, with(answers(someID), "full_name", "Eve", "document_number", "Y1234567")).want(t, 303)
	if n := count(t, s, `SELECT count(*) FROM tickets WHERE extra ->> 'full_name' = 'An Nguyen' AND extra ->> 'document_number' = 'Y1234567'`); n != 1 {
		t.Errorf("the ticket has %s", text(t, s, "SELECT extra::text FROM tickets"))
	}
}

// TestLink_Ended says plainly that a link has ended.
func TestLink_Ended(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := partner(t, s, "shop")
	visitor(t, s.URL).get("/s/"+bearertoken.New()).want(t, 404, "Ask whoever sent it to you")
	for name, end := range map[string]string{
		"expired": "UPDATE submission_links SET expires_at_ms = now_ms() - 1 WHERE id = $1",
		"revoked": "UPDATE submission_links SET revoked_at_ms = now_ms() WHERE id = $1",
	} {
		made := p.addLink(t, "u-"+name, `,"return_url":"https://shop.example/"`)
		b, path := opens(t, s, made)
		execute(t, s, end, made.ID)
		b.get(path).want(t, 410, "has ended", "Ask shop.example for a new link", `href="https://shop.example/"`)
		b.post(path, answers(someID)).want(t, 410)
		b.post(path+"/begin", nil).want(t, 410)
		visitor(t, s.URL).post(path+"/code", url.Values{"code": {"1"}}).want(t, 410)
	}
	made := p.addLink(t, "u-key", "")
	b, path := opens(t, s, made)
	execute(t, s, "UPDATE api_keys SET revoked_at_ms = now_ms() WHERE name = 'shop'")
	b.get(path).want(t, 410, "withdrawn by whoever made it")
	if n := count(t, s, "SELECT count(*) FROM tickets"); n != 0 {
		t.Errorf("%d tickets were sent with links that have ended", n)
	}
}

// TestLink_SeesOnlyItsKey shows nothing of tickets, files and drafts that came another way, also of the same user.
func TestLink_SeesOnlyItsKey(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := partner(t, s, "shop")
	customer, user := signedIn(t, s, "ann", account.Customer)
	customer.post("/tickets/new", url.Values{"submission_id": {someID}, "full_name": {"Draft Of Account"}}).want(t, 303)
	b, path := opens(t, s, p.addLink(t, user, ""))
	if got := b.get(path).want(t, 200).body; strings.Contains(got, "Draft Of Account") {
		t.Error("a link shows the draft of an account")
	}
	b.post(path+"/form", url.Values{"full_name": {"Draft Of Link"}}).want(t, 303)
	if got := customer.get("/tickets/new").want(t, 200).body; strings.Contains(got, "Draft Of Link") {
		t.Error("an account shows the draft of a link")
	}
	customer.uploaded(someID, "document_front")
	front := text(t, s, "SELECT id::text FROM files")
	customer.post("/tickets", with(answers(someID), "document_front", front)).want(t, 303)
	id := text(t, s, "SELECT id::text FROM tickets")
	for _, address := range []string{path, path + "/form"} {
		if got := b.get(address).want(t, 200, "already").body; strings.Contains(got, "Nguyễn Văn A") || strings.Contains(got, id) {
			t.Errorf("%s shows a ticket of the account", address)
		}
	}
	b.get(path+"/files/"+front).want(t, 404)
	b.get("/files/"+front).want(t, 303)
	b.get("/tickets").want(t, 303)
	b.get("/account").want(t, 303)
	b.post(path, answers(someID)).want(t, 409)

	other := partner(t, s, "bank")
	other.post("/api/v1/tickets/"+id+"/decision", `{"decision":"reject","version":1,"reason":"name_mismatch"}`).want(t, 200)
	if got := b.get(path+"/form").want(t, 200).body; strings.Contains(got, "Nguyễn Văn A") || strings.Contains(got, `name="mends"`) {
		t.Error("a link corrects a ticket of the account")
	}
	b.post(path, url.Values{"mends": {id}, "full_name": {"Eve"}}).want(t, 422)
	b.post(path, with(answers(someID), "document_front", front)).want(t, 303)
	if got := b.get(path).want(t, 200).body; strings.Contains(got, front) {
		t.Error("a link sends a file of the account")
	}
}

// TestLink_Files keeps files in the draft of the link, and shows them to its browsers alone.
func TestLink_Files(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := partner(t, s, "shop")
	b, path := opens(t, s, p.addLink(t, "u-1", ""))
	b.postFiles(path+"/files/document_front", nil, []chosen{{"document_front", "front.jpg", photo()}}, "HX-Request", "true").want(t, 200, path+"/files/")
	id := text(t, s, "SELECT id::text FROM files WHERE user_id = 'u-1' AND uploaded_by LIKE 'link:%'")
	b.get(path+"/files/"+id).want(t, 200)
	other, elsewhere := opens(t, s, p.addLink(t, "u-1", ""))
	other.get(elsewhere+"/files/"+id).want(t, 404)
	visitor(t, s.URL).get(path+"/files/"+id).want(t, 403)
	collect(t, s)
	b.get(path).want(t, 200, id)
	b.post(path, with(answers(someID), "document_front", id)).want(t, 303)
	b.get(path).want(t, 200, path+"/files/"+id)
	b.get(path+"/files/"+id+"?size=480").want(t, 200)
	if n := count(t, s, "SELECT count(*) FROM drafts"); n != 0 {
		t.Errorf("%d drafts are left", n)
	}
	other.postFiles(elsewhere+"/files/selfie", nil, []chosen{{"selfie", "me.jpg", photo()}}, "HX-Request", "true").want(t, 200)
	execute(t, s, "UPDATE submission_links SET revoked_at_ms = now_ms() - 2 * 86400000 WHERE tries = 0 AND id IN (SELECT substr(user_id, 6)::uuid FROM drafts)")
	if err := s.Instances[0].Links.DeleteOld(t.Context()); err != nil {
		t.Fatal(err)
	}
	collect(t, s)
	if n := count(t, s, "SELECT count(*) FROM drafts") + count(t, s, "SELECT count(*) FROM files WHERE state = 'kept'"); n != 1 {
		t.Errorf("%d drafts and files are there, want the file of the ticket", n)
	}
}

// collect deletes what is not needed any more, also when it is new.
func collect(t *testing.T, s *testsite.Site) {
	t.Helper()
	if err := s.Instances[0].Files.CollectUnused(t.Context(), files.Ages{Draft: files.DefaultAges.Draft, Withdrawn: time.Hour}); err != nil {
		t.Fatal(err)
	}
}

// text asks the database for a text.
func text(t *testing.T, s *testsite.Site, query string) (found string) {
	t.Helper()
	if err := s.Instances[0].Primary.QueryRow(t.Context(), query).Scan(&found); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return found
}

// TestLink_Erase deletes links and their drafts with the user, also when there is nothing else of them.
func TestLink_Erase(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := partner(t, s, "shop")
	b, path := opens(t, s, p.addLink(t, "u-1", `,"prefill":{"full_name":"An Nguyen"}`))
	b.post(path+"/form", url.Values{"full_name": {"An"}}).want(t, 303)
	p.addLink(t, "u-2", "")
	if _, _, err := s.Instances[0].Erasures.EraseUser(t.Context(), "u-1", "cli", "request"); err != nil {
		t.Fatal(err)
	}
	b.get(path).want(t, 404)
	if n := count(t, s, "SELECT count(*) FROM submission_links WHERE user_id = 'u-1'") + count(t, s, "SELECT count(*) FROM drafts"); n != 0 {
		t.Errorf("%d rows are left of the user", n)
	}
	if n := count(t, s, "SELECT count(*) FROM submission_links"); n != 1 {
		t.Errorf("%d links are left, want that of the other user", n)
	}
}

// TestLink_Hold keeps links and drafts of a user on hold, however old they are.
func TestLink_Hold(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := partner(t, s, "shop")
	for _, user := range []string{"held", "free"} {
		b, path := opens(t, s, p.addLink(t, user, ""))
		b.post(path+"/form", url.Values{"full_name": {"An"}}).want(t, 303)
	}
	if _, err := s.Instances[0].Erasures.AddHold(t.Context(), "held", "cli", "a lawsuit"); err != nil {
		t.Fatal(err)
	}
	execute(t, s, "UPDATE submission_links SET expires_at_ms = 1")
	execute(t, s, "UPDATE drafts SET updated_at_ms = 1")
	collect(t, s)
	if err := s.Instances[0].Links.DeleteOld(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := count(t, s, "SELECT count(*) FROM drafts") + count(t, s, "SELECT count(*) FROM submission_links WHERE user_id = 'held'"); left != 2 {
		t.Errorf("%d of the held draft and link are left, want both", left)
	}
	if n := count(t, s, "SELECT count(*) FROM submission_links"); n != 1 {
		t.Errorf("%d links are left, want that of the user on hold", n)
	}
}

// TestLink_PhoneNumber saves the telephone number of a form, whichever button is pressed beside it.
func TestLink_PhoneNumber(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, path := opens(t, s, partner(t, s, "shop").addLink(t, "u-1", ""))
	number := url.Values{"full_name": {"An"}, "phone": {"+84 24 3825 1234"}}
	if got := b.post(path+"/form", number).want(t, 303).location(); got != path+"/form" {
		t.Errorf("who saves the form comes to %s", got)
	}
	b.get(path+"/form").want(t, 200, `name="link-phone"`, `value="+84 24 3825 1234"`)
}

// TestLink_Phone leads the first browser on when the files are there.
func TestLink_Phone(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := partner(t, s, "shop")
	desktop, path := opens(t, s, p.addLink(t, "u-1", ""))
	waiting := desktop.post(path+"/form", url.Values{"full_name": {"An"}, "phone": {"+84 24 3825 1234"}, "link-phone": {"1"}}).want(t, 303).location()
	desktop.get(waiting).want(t, 200, "Waiting for the photos", "<svg")
	desktop.get(waiting, "HX-Request", "true").want(t, 200, waiting+"&amp;seen=0")
	desktop.get(waiting+"&seen=0", "HX-Request", "true").want(t, 204)
	phone := visitor(t, s.URL)
	phone.post(path+"/code", url.Values{"code": {codeOf(t, desktop, path)}}).want(t, 303)
	if got := phone.get(path).want(t, 200, `value="An"`, "Add the photos here", "Go on in another browser").body; strings.Contains(got, "Start over") {
		t.Error("the second browser offers to throw away what the first has filled in")
	}
	phone.postFiles(path+"/files/document_front", nil, []chosen{{"document_front", "front.jpg", photo()}}, "HX-Request", "true").want(t, 200)
	if got := desktop.get(waiting, "HX-Request", "true").want(t, 204).header.Get("HX-Redirect"); got != path+"/form" {
		t.Errorf("the page that waits leads to %q", got)
	}
	desktop.get(waiting).want(t, 303)
	desktop.get(path).want(t, 200, `value="An"`, path+"/files/")
	second := desktop.post(path+"/form", url.Values{"full_name": {"An"}, "phone": {"+84 24 3825 1234"}, "link-phone": {"1"}}).want(t, 303).location()
	phone.post(path, answers(someID)).want(t, 303)
	phone.get(path).want(t, 200, "You can go on in the browser in which you began")
	if got := desktop.get(second, "HX-Request", "true").want(t, 204).header.Get("HX-Redirect"); got != path {
		t.Errorf("after the form was sent, the page that waits leads to %q", got)
	}
	if got := fmt.Sprint(desktop.get(path + "/phone?before=x").status); got != "303" && got != "422" {
		t.Errorf("a wrong number is answered with %s", got)
	}
}

// TestLink_Browsers asks every address of a link in its browser, in another one, and in one where an account is signed in that is the
// link's user: accounts count for nothing there.
func TestLink_Browsers(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := partner(t, s, "shop")
	owner, user := signedIn(t, s, "ann", account.Customer)
	admin, _ := signedIn(t, s, "ada", account.Admin)
	ready, path := opens(t, s, p.addLink(t, user, ""))
	ready.postFiles(path+"/files/selfie", nil, []chosen{{"selfie", "me.jpg", photo()}}).want(t, 303)
	file := text(t, s, "SELECT id::text FROM files")
	for _, row := range []struct {
		method, path string
		want         int // in a browser of the link; in every other 403
	}{
		{"GET", "", 200},
		{"GET", "/form", 200},
		{"POST", "/form", 303},
		{"POST", "/form/asked", 200},
		{"GET", "/phone?before=9", 200},
		{"POST", "/files/document_front", 303},
		{"GET", "/files/" + file, 200},
		{"POST", "", 422},
		{"POST", "/begin", 303},
	} {
		send := func(b *browser) int {
			if row.method == "GET" {
				return b.get(path + row.path).status
			}
			return b.post(path+row.path, url.Values{"full_name": {"An"}}).status
		}
		for name, b := range map[string]*browser{"the user's account": owner, "an admin": admin, "nobody": visitor(t, s.URL)} {
			if got := send(b); got != http.StatusForbidden {
				t.Errorf("%s %s by %s: %d, want 403", row.method, row.path, name, got)
			}
		}
		if got := send(ready); got != row.want {
			t.Errorf("%s %s in the link's browser: %d, want %d", row.method, row.path, got, row.want)
		}
	}
	sent := ready.get(path, "Sec-Fetch-Site", "cross-site").want(t, 200)
	if got := sent.header.Get("Content-Security-Policy"); !strings.Contains(got, "frame-ancestors 'none'") {
		t.Errorf("the policy is %s", got)
	}
	ready.post(path, answers(someID), "Sec-Fetch-Site", "cross-site").want(t, 403)
}
