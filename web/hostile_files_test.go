package web_test

import (
	"bytes"
	"html"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/files"
	"docket/internal/i18n"
	"docket/internal/testkit/testpicture"
	"docket/views"
)

func TestHostileFile_Words(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	p := programs(t, s)("all", account.Scopes...)
	english, vietnamese := i18n.Of("en"), i18n.Of("vi")
	for _, file := range testpicture.Hostile() {
		picked := []chosen{{"document_front", "passport.jpg", file.Data}}
		words := html.EscapeString(views.RefusalText(views.Site{Words: vietnamese}, file.Want))
		alone := customer.postFiles("/files/document_front", url.Values{"submission_id": {uuid.NewString()}}, picked, "HX-Request", "true", "Accept-Language", "vi")
		if alone.status != 422 || !strings.Contains(alone.body, words) {
			t.Errorf("%s: %d without %q:\n%.1000s", file.Name, alone.status, words, alone.body)
		}
		words = html.EscapeString(views.RefusalText(views.Site{Words: english}, file.Want))
		whole := customer.postFiles("/tickets", answers(uuid.NewString()), picked, "Accept-Language", "en")
		if whole.status != 422 || !strings.Contains(whole.body, words) || !strings.Contains(whole.body, `value="Nguyễn Văn A"`) {
			t.Errorf("%s, with the form: %d, or without %q or the name", file.Name, whole.status, words)
		}
		program := p.send("POST", fileFor("ann"), string(file.Data), "Content-Type", "image/jpeg")
		if file.Want == "file_too_large" { // as is any body
			program.refuses(t, 413, "too_large")
		} else {
			program.refuses(t, 422, "invalid", "document_front "+file.Want)
		}
	}
	for _, table := range []string{"files", "tickets"} {
		if n := rows(t, s, table); n != 0 {
			t.Errorf("%d rows of %s were kept, want none", n, table)
		}
	}
}

func TestHostileFile_WrongField(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	dark := testpicture.JPEG(testpicture.Brightened(testpicture.Front(testpicture.Anna, 1200), 0.1), 85)
	for name, c := range map[string]struct {
		picked chosen
		words  string
	}{
		"a picture for a document":                 {chosen{"deed", "x.pdf", photo()}, "not a PDF"},
		"half a document":                          {chosen{"deed", "x.pdf", document()[:150]}, "damaged or incomplete"},
		"a dark photo where dark ones are refused": {chosen{"selfie", "x.jpg", dark}, "too dark"},
	} {
		got := customer.postFiles("/files/"+c.picked.field, url.Values{"submission_id": {someID}}, []chosen{c.picked}, "HX-Request", "true")
		if got.status != 422 || !strings.Contains(got.body, c.words) {
			t.Errorf("%s: %d without %q:\n%s", name, got.status, c.words, got.body)
		}
	}
	if n := rows(t, s, "files"); n != 0 {
		t.Errorf("%d files were kept, want none", n)
	}
}

func TestHostileFile_TrailingBytes(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	polyglot := append(bytes.Clone(photo()), "<script>alert(1)</script>PK\x03\x04"...)
	kept := customer.postFiles("/files/front", url.Values{"submission_id": {someID}}, []chosen{{"front", "x.jpg", polyglot}}, "HX-Request", "true").want(t, 200).kept()
	if file := customer.get("/files/"+kept["front"]).want(t, 200); strings.Contains(file.body, "<script>") {
		t.Error("what was hidden behind the photo is still there")
	}
}

// What a browser or a program says that a file is called is heard by nobody.
func TestHostileFile_Name(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	small := testpicture.JPEG(testpicture.Front(testpicture.Anna, 400), 85)
	for _, name := range []string{
		"../../../etc/CANARY", "/etc/CANARY", `C:\\CANARY`, "%2e%2e%2fCANARY", "CANARY.svg", "CANARY.exe", "CANARY\u202egpj.exe", "..", ".",
		"CANARY%0D%0ASet-Cookie: a=b", "<script>CANARY</script>.jpg", strings.Repeat("CANARY", 700), "CANARY\xff\xfe.jpg",
	} {
		got := customer.postFiles("/files/front", url.Values{"submission_id": {someID}}, []chosen{{"front", name, small}}, "HX-Request", "true").want(t, 200)
		if got.kept()["front"] == "" || strings.Contains(got.body, "CANARY") || got.header.Get("Set-Cookie") == "a=b" {
			t.Errorf("%.40q is not kept, or told:\n%.500s", name, got.body)
		}
	}
	before := rows(t, s, "files")
	for _, name := range []string{"CANARY\x00.jpg", "CANARY\x01.jpg", "CANARY\x7f.jpg", "CANARY\r.jpg", "CANARY\n.jpg", `CANARY"; name="selfie`} {
		if got := customer.postFiles("/files/front", url.Values{"submission_id": {someID}}, []chosen{{"front", name, small}}); got.status >= 500 || strings.Contains(got.body, "CANARY") {
			t.Errorf("%q: %d, or told:\n%.500s", name, got.status, got.body)
		}
	}
	if rows(t, s, "files") != before {
		t.Error("a file whose name breaks the head of its part was kept")
	}
	if strings.Contains(customer.get("/tickets/new").body+s.Log.String(), "CANARY") {
		t.Error("the form or the log has the name of a file")
	}
}

func TestFiles_LimitPerDay(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, user := signedIn(t, s, "customer", account.Customer)
	execute(t, s, "INSERT INTO daily_counts (user_id, kind, used) VALUES ($1, 'files', $2)", user, files.MaxPerDay)
	picked := []chosen{{"document_front", "x.jpg", photo()}}
	values := url.Values{"submission_id": {someID}, "full_name": {"Ann"}}
	got := customer.postFiles("/files/document_front", values, picked).want(t, 429, html.EscapeString(i18n.Of("en").T("problem.too_many_files.detail")))
	if got.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	customer.postFiles("/tickets", values, picked, "Accept-Language", "vi").want(t, 429, html.EscapeString(i18n.Of("vi").T("problem.too_many_files.detail")))
	large := []chosen{{"document_front", "x.jpg", slices.Concat(photo(), make([]byte, 9<<20))}}
	customer.postFiles("/tickets", values, large).want(t, 429, `value="Ann"`)
	customer.get("/tickets/new").want(t, 200, `value="Ann"`)
	programs(t, s)("all", account.Scopes...).send("POST", fileFor(user), string(photo()), "Content-Type", "image/jpeg").refuses(t, 429, "rate_limited")
}

func TestFiles_LongHeadOfPart(t *testing.T) {
	t.Parallel()
	s := start(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	body := "--x\r\nContent-Disposition: form-data; name=\"full_name\"\r\nX-Long: " + strings.Repeat("x", 9<<20) + "\r\n\r\nAnn\r\n--x--\r\n"
	for range 2 {
		customer.send("POST", "/tickets/new", strings.NewReader(body), "Content-Type", "multipart/form-data; boundary=x").want(t, 503)
	}
	customer.uploaded(someID, "document_front")
}
