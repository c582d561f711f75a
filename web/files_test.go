package web_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
	"docket/web/intake"
	"docket/web/request"
)

// photo is a good one, taken in Hanoi.
var photo = sync.OnceValue(func() []byte {
	return testpicture.WithEXIF(testpicture.JPEG(testpicture.Front(testpicture.Anna, 1000), 85), 1)
})

// photos is a running system whose form asks for files.
func photos(t *testing.T) *testsite.Site {
	t.Helper()
	f, err := formfile.Load("../internal/form/testdata/photos.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return testsite.Start(t, f, 1, testdb.New(t))
}

// chosen is a file in a form: the name of its field, its own name, and what is in it.
type chosen struct {
	field, name string
	data        []byte
}

// multi is a form with files as a browser sends it, and its type.
func multi(t *testing.T, values url.Values, picked ...chosen) (body []byte, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, given := range values {
		for _, text := range given {
			if err := w.WriteField(name, text); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range picked {
		part, err := w.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {`form-data; name="` + c.field + `"; filename="` + c.name + `"`}, "Content-Type": {"image/jpeg"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(c.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), w.FormDataContentType()
}

// postFiles sends a form with files.
func (b *browser) postFiles(path string, values url.Values, picked []chosen, header ...string) reply {
	b.t.Helper()
	body, kind := multi(b.t, values, picked...)
	return b.send(http.MethodPost, path, bytes.NewReader(body), append([]string{"Content-Type", kind}, header...)...)
}

var hiddenID = regexp.MustCompile(`type="hidden" name="(front|back|selfie|deed|owners[.][0-9][.]passport)" value="([0-9a-f-]{36})"`)

// kept finds the files that a form names, by field.
func (r reply) kept() map[string]string {
	found := map[string]string{}
	for _, match := range hiddenID.FindAllStringSubmatch(r.body, -1) {
		found[match[1]] = match[2]
	}
	return found
}

// uploaded sends one photo as the script does and returns its id.
func (b *browser) uploaded(submission, field string) string {
	b.t.Helper()
	got := b.postFiles("/files/"+field, url.Values{"submission_id": {submission}}, []chosen{{field, "x.jpg", photo()}}, "HX-Request", "true")
	return got.want(b.t, 200).kept()[field]
}

func TestFiles_SentAndShown(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	stranger, _ := signedIn(t, s, "stranger", account.Customer)
	front := customer.uploaded(someID, "front")
	path := "/files/" + front
	agent.get(path).want(t, 404) // no ticket names it yet
	agent.get(path+"?size=480").want(t, 404)
	got := customer.postFiles("/tickets", url.Values{"submission_id": {someID}, "full_name": {"Ann"}, "front": {front}},
		[]chosen{{"front", "", nil}, {"selfie", "me.jpg", photo()}}).want(t, 303)
	customer.get(got.location()).want(t, 200, `src="`+path+`?size=480"`, `alt="Photo of your face"`)
	review := strings.Replace(got.location(), "/tickets/", "/review/", 1)
	agent.get(review).want(t, 200, `src="`+path+`?size=1000"`, `alt="Front of the document"`)
	sizes := map[string]int{}
	for _, c := range []struct {
		who, path string
		*browser
	}{
		{"its owner", path, customer},
		{"an agent", path, agent},
		{"its owner's preview", path + "?size=480", customer},
		{"an agent's preview", path + "?size=480", agent},
	} {
		who, file := c.who, c.get(c.path).want(t, 200)
		sizes[c.path] = len(file.body)
		if strings.Contains(file.body, testpicture.EXIFPlace) || !strings.HasPrefix(file.body, "\xff\xd8") {
			t.Errorf("%s gets %d bytes that are no JPEG, or say where it was taken", who, len(file.body))
		}
		for name, want := range map[string]string{
			"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'",
			"Cache-Control": "private, no-store", "Cross-Origin-Resource-Policy": "same-origin", "Content-Disposition": `inline; filename="front.jpg"`,
		} {
			if file.header.Get(name) != want {
				t.Errorf("%s: %s is %q, want %q", who, name, file.header.Get(name), want)
			}
		}
	}
	for _, wrong := range []string{"0", "481", "480px", "-480"} {
		agent.get(path+"?size="+wrong).want(t, 422)
	}
	stranger.get(path).want(t, 404)
	stranger.get(path+"?size=480").want(t, 404)
	stranger.get("/files/"+uuid.NewString()).want(t, 404)
	stranger.get("/files/..%2F..%2Fetc%2Fpasswd").want(t, 404)
	visitor(t, s.URL).get(path).want(t, 303)
	if views := count(t, s, "SELECT count(*) FROM audit WHERE object = 'file:' || $1 AND actor LIKE 'agent:%' AND client IS NOT NULL", front); views != 2 {
		t.Errorf("%d views are written down, want the agent's two", views)
	}
	if sizes[path+"?size=480"]*2 > sizes[path] {
		t.Errorf("the sizes are %v, want a small preview", sizes)
	}
	if log := s.Log.String(); !strings.Contains(log, `"file":"`+front+`"`) {
		t.Error("the log does not say which file was seen")
	}
}

func TestFiles_OfWithdrawnTicket(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	sent := customer.postFiles("/tickets", url.Values{"submission_id": {someID}, "full_name": {"Ann"}},
		[]chosen{{"front", "front.jpg", photo()}, {"selfie", "me.jpg", photo()}}).want(t, 303).location()
	customer.get(sent).want(t, 200, "<img ")
	customer.post(sent+"/withdraw", nil).want(t, 303)
	for who, page := range map[string]reply{"customer": customer.get(sent), "agent": agent.get(strings.Replace(sent, "/tickets/", "/review/", 1))} {
		if page.want(t, 200, "Front of the document", "Deleted, because the ticket was withdrawn"); strings.Contains(page.body, "<img ") {
			t.Errorf("the page of the %s shows a picture", who)
		}
	}
}

func TestFiles_KeptAfterMistake(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	got := customer.postFiles("/tickets", url.Values{"submission_id": {someID}, "full_name": {" "}},
		[]chosen{{"front", "front.jpg", photo()}, {"deed", "deed.pdf", document()}}).want(t, 422, "Full name")
	kept := got.kept()
	if len(kept) != 2 {
		t.Fatalf("kept %v, want the photo and the document", kept)
	}
	again := customer.get("/tickets/new").want(t, 200, "We kept what you had filled in").kept()
	if again["front"] != kept["front"] || again["deed"] != kept["deed"] {
		t.Errorf("the form opens with %v, want %v", again, kept)
	}
	customer.post("/tickets", url.Values{"submission_id": {someID}, "full_name": {"Ann"}, "front": {kept["front"]}, "deed": {kept["deed"]}}).want(t, 303)
	if left := customer.get("/tickets/new").want(t, 200); strings.Contains(left.body, "We kept") || len(left.kept()) != 0 {
		t.Error("what was sent is still a draft")
	}
	file := customer.get("/files/"+kept["deed"]).want(t, 200)
	if file.header.Get("Content-Disposition") != `attachment; filename="deed.pdf"` || file.body != string(document()) {
		t.Errorf("the document comes as %q with %d bytes", file.header.Get("Content-Disposition"), len(file.body))
	}
}

// Of a document nothing is shown, so that nobody can be asked whether all of it can be read.
func TestFiles_DocumentIsNotAskedToBeRead(t *testing.T) {
	t.Parallel()
	customer, _ := signedIn(t, photos(t), "customer", account.Customer)
	customer.postFiles("/tickets", url.Values{"submission_id": {someID}, "full_name": {" "}}, []chosen{{"deed", "deed.pdf", document()}}).
		want(t, 422, "PDF, 1 kB").lacks(t, "Can everything be read?")
	customer.postFiles("/tickets", url.Values{"submission_id": {someID}, "full_name": {" "}}, []chosen{{"selfie", "me.jpg", photo()}}).
		want(t, 422, "Can everything be read?")
}

func TestFiles_FromDraft(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	typed := func(submission string) url.Values {
		return url.Values{"submission_id": {submission}, "full_name": {"Ann"}}
	}
	nothing := []chosen{{"front", "", nil}} // as a page sends it that does not know of a file
	front := customer.uploaded(someID, "front")
	sent := customer.postFiles("/tickets", typed(someID), nothing).want(t, 303)
	customer.get(sent.location()).want(t, 200, front)

	customer.uploaded(someID, "front")
	customer.postFiles("/tickets", typed(uuid.NewString()), nothing).want(t, 422, "Front of the document") // another form
	again := uuid.NewString()
	customer.uploaded(again, "front")
	removed := typed(again)
	removed.Set("remove", "front")
	customer.post("/tickets/new", removed).want(t, 303)
	customer.postFiles("/tickets", typed(again), nothing).want(t, 422, "Front of the document")
}

func document() []byte {
	return []byte("%PDF-1.7\n" + strings.Repeat("x", 200) + "\n%%EOF\n")
}

func TestFiles_OfAnotherUser(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	thief, _ := signedIn(t, s, "thief", account.Customer)
	front, selfie := customer.uploaded(someID, "front"), customer.uploaded(someID, "selfie")
	for what, id := range map[string]string{"another user's": front, "one that is none": uuid.NewString()} {
		got := thief.post("/tickets", url.Values{"submission_id": {uuid.NewString()}, "full_name": {"Eve"}, "front": {id}}).want(t, 422, "Choose it again")
		if strings.Contains(got.body, id) {
			t.Errorf("%s: the form shows it", what)
		}
	}
	customer.post("/tickets", url.Values{"submission_id": {someID}, "full_name": {"Ann"}, "front": {selfie}}).want(t, 422, "Choose it again")
	if n := count(t, s, "SELECT count(*) FROM tickets"); n != 0 {
		t.Errorf("%d tickets, want none", n)
	}
}

func TestFiles_OnlyOfUploadFields(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	customer.postFiles("/files/nothing", nil, nil).want(t, 404)
	customer.postFiles("/files/full_name", nil, nil).want(t, 404)
	agent.postFiles("/files/front", nil, []chosen{{"front", "x.jpg", photo()}}).want(t, 403)
	visitor(t, s.URL).postFiles("/files/front", nil, []chosen{{"front", "x.jpg", photo()}}).want(t, 303)
	customer.postFiles("/files/front", nil, nil, "Sec-Fetch-Site", "cross-site").want(t, 403)
	customer.post("/files/front", nil, "Content-Encoding", "gzip").want(t, 415)
	customer.send(http.MethodPost, "/files/front", strings.NewReader("x"), "Content-Type", "image/jpeg").want(t, 415)
	customer.send(http.MethodPost, "/files/front", strings.NewReader("--x\r\ncut off"), "Content-Type", "multipart/form-data; boundary=x").want(t, 400)
	for _, head := range []string{`name="full_name"`, `name="front"; filename="x.jpg"`} {
		endless := io.MultiReader(strings.NewReader("--x\r\nContent-Disposition: form-data; "+head+"\r\n\r\n"), io.LimitReader(zeros{}, 40<<20))
		customer.send(http.MethodPost, "/tickets/new", endless, "Content-Type", "multipart/form-data; boundary=x").want(t, 413)
	}
	if n := count(t, s, "SELECT count(*) FROM files"); n != 0 {
		t.Errorf("%d files were kept, want none", n)
	}
}

func TestFiles_BodyLimits(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	half := strings.Repeat("x", request.MaxFormBytes/2)
	text := url.Values{"ignored": {half}, "unknown": {half[:len(half)-len(someID)]}, "submission_id": {someID}}
	customer.postFiles("/tickets/new", text, nil).want(t, 303)
	text.Add("unknown", "x")
	customer.postFiles("/tickets/new", text, nil).want(t, 413)

	parts := url.Values{"submission_id": {someID}, "unknown": make([]string, intake.MaxParts-2)}
	customer.postFiles("/tickets/new", parts, nil).want(t, 303)
	parts.Add("full_name", "")
	customer.postFiles("/tickets/new", parts, nil).want(t, 400)
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestDraft_SavedAndDiscarded(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	other, _ := signedIn(t, s, "other", account.Customer)
	typed := url.Values{"submission_id": {someID}, "full_name": {"Nguyễn\x00 Văn\xff A"}, "unknown": {"x"}}
	if got := customer.post("/tickets/new", typed, "Docket-Background", "1").want(t, 204); got.body != "" {
		t.Errorf("the answer has a body: %q", got.body)
	}
	front := customer.uploaded(someID, "front")
	page := customer.get("/tickets/new").want(t, 200, `value="Nguyễn Văn A"`, "We kept what you had filled in", someID)
	if page.kept()["front"] != front {
		t.Error("the photo is not in the draft")
	}
	if other.get("/tickets/new").want(t, 200); strings.Contains(other.get("/tickets/new").body, "Nguyễn") {
		t.Error("somebody else reads the draft")
	}
	customer.post("/tickets/new", url.Values{"submission_id": {someID}, "full_name": {"Ann"}, "front": {front}, "remove": {"front"}}).want(t, 303)
	if page := customer.get("/tickets/new").want(t, 200, `value="Ann"`); page.kept()["front"] != "" {
		t.Error("the photo that was removed is still there")
	}
	customer.post("/tickets/new", url.Values{"over": {"1"}}).want(t, 303)
	if page := customer.get("/tickets/new").want(t, 200); strings.Contains(page.body, "Ann") || strings.Contains(page.body, "We kept") {
		t.Error("the draft is still there after starting over")
	}
}

func TestFiles_WarningOfBlurredPhoto(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	blurred := testpicture.JPEG(testpicture.Blurred(testpicture.Front(testpicture.Anna, 1200), 0.02), 85)
	customer.postFiles("/files/front", url.Values{"submission_id": {someID}}, []chosen{{"front", "x.jpg", blurred}}, "HX-Request", "true").
		want(t, 200, "looks blurred", `type="hidden" name="front"`)
	customer.get("/tickets/new").want(t, 200, "looks blurred")
}

// count asks the database for a number.
func count(t *testing.T, s *testsite.Site, query string, args ...any) (n int) {
	t.Helper()
	if err := s.Instances[0].Primary.QueryRow(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}
