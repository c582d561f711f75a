package client_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"docket/client"
	"docket/internal/account"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
)

// answers are some that the built-in form accepts.
func answers() map[string]any {
	return map[string]any{
		"full_name": "Nguyễn Văn A", "date_of_birth": "1990-01-31", "nationality": "VNM", "document_type": "passport",
		"issuing_country": "VNM", "document_number": "B1234567", "expiry_date": "2040-01-01", "consent": true,
	}
}

// gateway is a proxy in front of docket, as companies have one. What the next answers are is set in faults.
type gateway struct {
	proxy  *httputil.ReverseProxy
	faults chan http.HandlerFunc
	calls  atomic.Int64
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.calls.Add(1)
	select {
	case fault := <-g.faults:
		fault(w, r)
	default:
		g.proxy.ServeHTTP(w, r)
	}
}

// open starts a site and is a client of it, through a gateway. Waits are noted and take no time.
func open(t *testing.T, scopes ...account.Scope) (*client.Client, *gateway, *[]time.Duration) {
	t.Helper()
	s := testsite.Start(t, testsite.Form(), 1, testdb.New(t))
	to, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	g := &gateway{proxy: httputil.NewSingleHostReverseProxy(to), faults: make(chan http.HandlerFunc, 10)}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	if scopes == nil {
		scopes = account.Scopes
	}
	c, err := client.New(client.Config{URL: server.URL + "/", Key: s.Key(t, "partner", scopes...)})
	if err != nil {
		t.Fatal(err)
	}
	var waits []time.Duration
	c.Waits(func(d time.Duration) { waits = append(waits, d) })
	return c, g, &waits
}

// refuse is an answer of docket, or of a gateway when code is empty.
func refuse(status int, code string, retryAfter int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if retryAfter > 0 {
			w.Header().Set("Retry-After", fmt.Sprint(retryAfter))
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"status":%d,"code":%q}`, status, code)
	}
}

// loseAnswer lets docket do what was asked, and answers nothing.
func (g *gateway) loseAnswer(_ http.ResponseWriter, r *http.Request) {
	g.proxy.ServeHTTP(httptest.NewRecorder(), r)
	panic(http.ErrAbortHandler)
}

func must[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func TestClient_SubmitDecideLookUp(t *testing.T) {
	t.Parallel()
	c, _, _ := open(t)
	ctx := t.Context()
	user := "ann / ä?%2F"
	if _, err := c.Latest(ctx, user); !errors.Is(err, client.NoApprovedTicket) {
		t.Errorf("before: %v, want %v", err, client.NoApprovedTicket)
	}
	photo := testpicture.JPEG(testpicture.Front(testpicture.Anna, 1200), 85)
	made := must[client.Ticket](t)(c.Submit(ctx, client.Submission{
		UserID: user, Extra: answers(), Files: map[string]client.Upload{"document_front": {"image/jpeg", bytes.NewReader(photo)}},
	}))
	if made.Status != client.Processing || made.Version != 1 || made.UserID != user || made.SubmittedBy != "key:partner" {
		t.Errorf("submitted %+v", made)
	}
	_, err := c.Submit(ctx, client.Submission{UserID: user, Extra: answers()})
	refused, _ := errors.AsType[*client.Error](err)
	if !errors.Is(err, client.OpenTicketExists) || refused.Ticket == nil || refused.Ticket.ID != made.ID || refused.RequestID == "" {
		t.Errorf("a second one: %v, %+v; want the first in the way", err, refused)
	}
	must[client.Ticket](t)(c.Decide(ctx, made.ID, client.Decision{Decision: client.Approve, Version: 1}))
	if _, err := c.Decide(ctx, made.ID, client.Decision{Decision: client.Reject, Version: 1, Reasons: []string{"underage"}}); !errors.Is(err, client.AlreadyDecided) {
		t.Errorf("another decision: %v, want %v", err, client.AlreadyDecided)
	}
	found := must[client.Approval](t)(c.Latest(client.Fresh(ctx), user))
	var extra map[string]any
	if err := json.Unmarshal(found.Extra, &extra); err != nil || extra["full_name"] != "Nguyễn Văn A" {
		t.Errorf("the answers are %s, %v", found.Extra, err)
	}
	if found.TicketID != made.ID || time.Since(found.UpdatedAt.Time) > time.Hour || found.DecidedBy != "key:partner" {
		t.Errorf("found %+v", found)
	}
	one := must[client.Ticket](t)(c.Ticket(ctx, made.ID))
	if len(one.History) != 2 || one.Files["document_front"].MediaType != "image/jpeg" {
		t.Errorf("the ticket is %+v", one)
	}
	var file bytes.Buffer
	if kind, err := c.File(ctx, one.Files["document_front"].ID, &file); err != nil || kind != "image/jpeg" || int64(file.Len()) != one.Files["document_front"].Size {
		t.Errorf("the file is %s of %d bytes, %v", kind, file.Len(), err)
	}
	if _, err := c.Ticket(ctx, "../tickets"); !errors.Is(err, client.NotFound) {
		t.Errorf("a made up id: %v, want %v", err, client.NotFound)
	}
}

// Ids that an address has to write in another way.
func TestClient_StrangeUsers(t *testing.T) {
	t.Parallel()
	c, _, _ := open(t)
	for _, user := range []string{"/", "//", ".", "..", "a/../b", "%2E"} {
		made := must[client.Ticket](t)(c.Submit(t.Context(), client.Submission{UserID: user, Extra: answers()}))
		must[client.Ticket](t)(c.Decide(t.Context(), made.ID, client.Decision{Decision: client.Approve, Version: 1}))
		if found := must[client.Approval](t)(c.Latest(client.Fresh(t.Context()), user)); found.TicketID != made.ID || found.UserID != user {
			t.Errorf("of %q: %+v, want %s", user, found, made.ID)
		}
	}
}

func TestClient_LatestRemembersETag(t *testing.T) {
	t.Parallel()
	c, g, _ := open(t)
	approve(t, c, "ann")
	first := must[client.Approval](t)(c.Latest(t.Context(), "ann"))
	var status int
	g.proxy.ModifyResponse = func(r *http.Response) error { status = r.StatusCode; return nil }
	if again := must[client.Approval](t)(c.Latest(t.Context(), "ann")); status != 304 || again.TicketID != first.TicketID || string(again.Extra) != string(first.Extra) {
		t.Errorf("again %d %+v, want 304 %+v", status, again, first)
	}
	newer := approve(t, c, "ann")
	if got := must[client.Approval](t)(c.Latest(t.Context(), "ann")); status != 200 || got.TicketID != newer.ID {
		t.Errorf("after another approval %d %s, want 200 %s", status, got.TicketID, newer.ID)
	}
}

func approve(t *testing.T, c *client.Client, user string) client.Ticket {
	t.Helper()
	made := must[client.Ticket](t)(c.Submit(t.Context(), client.Submission{UserID: user, Extra: answers()}))
	return must[client.Ticket](t)(c.Decide(t.Context(), made.ID, client.Decision{Decision: client.Approve, Version: made.Version}))
}

func TestClient_LatestBatch(t *testing.T) {
	t.Parallel()
	c, g, _ := open(t)
	ann := approve(t, c, "ann")
	before := g.calls.Load()
	users := slices.Concat([]string{"nobody", "ann"}, slices.Repeat([]string{"other"}, 1998), []string{"ann"})
	all := must[[]*client.Approval](t)(c.LatestBatch(t.Context(), users))
	if len(all) != 2001 || all[0] != nil || all[1].TicketID != ann.ID || all[2000].TicketID != ann.ID || g.calls.Load()-before != 3 {
		t.Errorf("%d answers in %d calls, want 2001 in 3: %v", len(all), g.calls.Load()-before, all[:2])
	}
}

func TestClient_Lists(t *testing.T) {
	t.Parallel()
	c, _, _ := open(t)
	for range 3 {
		approve(t, c, "ann")
	}
	open := must[client.Ticket](t)(c.Submit(t.Context(), client.Submission{UserID: "ann", Extra: answers()}))
	var own, approved, waiting []client.Ticket
	for one, err := range c.TicketsOf(t.Context(), "ann") {
		own = append(own, must[client.Ticket](t)(one, err))
	}
	for one, err := range c.Tickets(t.Context(), client.Query{Status: client.Approved, From: time.Now().Add(-time.Hour), Limit: 1}) {
		approved = append(approved, must[client.Ticket](t)(one, err))
	}
	for one, err := range c.Tickets(t.Context(), client.Query{UserID: "ann"}) {
		waiting = append(waiting, must[client.Ticket](t)(one, err))
	}
	if len(own) != 4 || len(approved) != 3 || len(waiting) != 1 || waiting[0].ID != open.ID {
		t.Errorf("%d of the user, %d approved, %d open; want 4, 3, 1", len(own), len(approved), len(waiting))
	}
	gone := must[client.Ticket](t)(c.Withdraw(t.Context(), open.ID))
	again := must[client.Ticket](t)(c.Withdraw(t.Context(), open.ID))
	if gone.Status != client.Withdrawn || again.Version != gone.Version {
		t.Errorf("withdrawn %s at %d and %d", gone.Status, gone.Version, again.Version)
	}
	for _, err := range c.Tickets(t.Context(), client.Query{Status: "lost"}) {
		refused, _ := errors.AsType[*client.Error](err)
		if !errors.Is(err, client.InvalidInput) || len(refused.Fields) != 1 || refused.Fields[0].Field != "status" {
			t.Errorf("an unknown status: %v", err)
		}
	}
}

// What the server has not done, or did under the same key, is asked for again; what may have been done twice is not.
func TestClient_Retries(t *testing.T) {
	t.Parallel()
	c, g, waits := open(t)
	g.faults <- refuse(503, "overloaded", 7)
	g.faults <- g.loseAnswer // which the transport may try again by itself
	g.faults <- refuse(502, "", 0)
	made := must[client.Ticket](t)(c.Submit(t.Context(), client.Submission{UserID: "ann", Extra: answers()}))
	if len(*waits) < 2 || (*waits)[0] != 7*time.Second || (*waits)[1] < 50*time.Millisecond || (*waits)[1] > time.Second {
		t.Errorf("waited %v, want as long as the server said and then a little", *waits)
	}
	g.faults <- g.loseAnswer
	g.faults <- refuse(502, "", 0)
	if got := must[client.Ticket](t)(c.Decide(t.Context(), made.ID, client.Decision{Decision: client.Approve, Version: 1})); got.Version != 2 {
		t.Errorf("decided at version %d, want 2", got.Version)
	}
	for range 10 {
		g.faults <- refuse(429, "rate_limited", 1)
	}
	before := g.calls.Load()
	_, err := c.Ticket(t.Context(), made.ID)
	if refused, _ := errors.AsType[*client.Error](err); !errors.Is(err, client.RateLimited) || refused.RetryAfter != time.Second || g.calls.Load()-before != 4 {
		t.Errorf("%d tries, then %v", g.calls.Load()-before, err)
	}
}

// TestClient_RetryAfter has answers of what is in between, which say how long to wait in other ways than docket.
func TestClient_RetryAfter(t *testing.T) {
	t.Parallel()
	c, g, waits := open(t)
	for text, want := range map[string]time.Duration{
		"99999999999": (1<<31 - 1) * time.Second,
		time.Now().Add(2 * time.Hour).UTC().Format(http.TimeFormat): 2 * time.Hour,
	} {
		g.faults <- func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", text)
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_, err := c.Latest(t.Context(), "ann")
		refused, _ := errors.AsType[*client.Error](err)
		if refused == nil || refused.RetryAfter > want || refused.RetryAfter < want-time.Minute || len(*waits) > 0 {
			t.Errorf("%q: %v after %v, want it refused at once: to wait %v is too long", text, err, *waits, want)
		}
	}
}

func TestClient_NoRetry(t *testing.T) {
	t.Parallel()
	c, g, waits := open(t)
	short, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	pipe := func() io.Reader { return io.MultiReader(strings.NewReader("not a picture")) }
	for name, try := range map[string]struct {
		fault http.HandlerFunc
		call  func() error
	}{
		"the server says to wait for long": {refuse(429, "rate_limited", 3600), func() error { _, err := c.Latest(t.Context(), "ann"); return err }},
		"the deadline is before":           {refuse(503, "overloaded", 90), func() error { _, err := c.Latest(short, "ann"); return err }},
		"it is refused":                    {refuse(403, "missing_scope", 0), func() error { _, err := c.Latest(t.Context(), "ann"); return err }},
		"it may be done twice":             {g.loseAnswer, func() error { _, err := c.AddLink(t.Context(), client.LinkSettings{UserID: "ann"}); return err }},
		"the file is gone": {refuse(503, "overloaded", 1), func() error {
			_, err := c.Upload(t.Context(), "ann", "document_front", client.Upload{MediaType: "image/jpeg", Content: pipe()})
			return err
		}},
	} {
		before := g.calls.Load()
		g.faults <- try.fault
		if err := try.call(); err == nil || g.calls.Load()-before != 1 || len(*waits) != 0 {
			t.Errorf("%s: %v after %d calls and waits %v, want an error of the first call", name, err, g.calls.Load()-before, *waits)
		}
	}
}

func TestClient_UploadAgain(t *testing.T) {
	t.Parallel()
	c, g, _ := open(t)
	photo := testpicture.JPEG(testpicture.Front(testpicture.Anna, 1200), 85)
	g.faults <- refuse(503, "overloaded", 1) // before it has read the file
	g.faults <- g.loseAnswer
	from := bytes.NewReader(append([]byte("read before"), photo...))
	_, _ = io.CopyN(io.Discard, from, int64(len("read before")))
	kept := must[client.File](t)(c.Upload(t.Context(), "ann", "document_front", client.Upload{MediaType: "image/jpeg", Content: from}))
	if kept.Field != "document_front" || kept.UserID != "ann" || kept.MediaType != "image/jpeg" {
		t.Errorf("kept %+v", kept)
	}
}

func TestClient_Links(t *testing.T) {
	t.Parallel()
	c, _, _ := open(t)
	link := must[client.Link](t)(c.AddLink(t.Context(), client.LinkSettings{
		UserID: "ann", ExpiresIn: time.Hour, Prefill: map[string]any{"full_name": "Ann"}, Locked: []string{"full_name"}, Language: "en",
	}))
	if !strings.Contains(link.URL, "/s/") || time.Until(link.ExpiresAt.Time) > time.Hour || time.Until(link.ExpiresAt.Time) < 30*time.Minute {
		t.Errorf("the link is %+v", link)
	}
	for range 2 {
		if err := c.RevokeLink(t.Context(), link.ID); err != nil {
			t.Error(err)
		}
	}
}

func TestClient_Events(t *testing.T) {
	t.Parallel()
	c, g, _ := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ann := approve(t, c, "ann")
	var seen []string
	var cursor string
	failed := 0
	for page, err := range c.Events(ctx, client.EventQuery{Types: []string{"ticket.submitted", "ticket.approved"}, Limit: 1, Wait: 20 * time.Second}) {
		if err != nil {
			if failed++; !errors.Is(err, client.Overloaded) {
				t.Fatal(err)
			}
			approve(t, c, "bob") // while it reads on
			continue
		}
		for _, event := range page.Events {
			seen, cursor = append(seen, event.Type+" "+event.UserID), page.Next
		}
		if len(seen) == 2 && failed == 0 {
			for range 4 { // as many as it tries
				g.faults <- refuse(503, "overloaded", 1)
			}
		}
		if len(seen) == 4 {
			cancel()
		}
	}
	if got := strings.Join(seen, ", "); got != "ticket.submitted ann, ticket.approved ann, ticket.submitted bob, ticket.approved bob" || failed != 1 {
		t.Errorf("%s with %d errors", got, failed)
	}
	approve(t, c, "eve")
	page := must[client.EventPage](t)(c.EventPage(t.Context(), client.EventQuery{After: cursor, Limit: 1, Wait: 20 * time.Second}))
	if len(page.Events) != 1 || page.Events[0].UserID != "eve" || page.Events[0].UserSeq == 0 || page.Events[0].TicketID == ann.ID {
		t.Errorf("after the cursor: %+v", page)
	}
	for _, err := range c.Events(t.Context(), client.EventQuery{After: "made up"}) {
		if !errors.Is(err, client.BadCursor) {
			t.Errorf("a made up cursor: %v, want %v", err, client.BadCursor)
		}
	}
}

func TestClient_ClosedTicket(t *testing.T) {
	t.Parallel()
	c, _, _ := open(t)
	made := must[client.Ticket](t)(c.Submit(t.Context(), client.Submission{UserID: "ann", Extra: answers()}))
	if open := must[client.Ticket](t)(c.ClosedTicket(t.Context(), made.ID, time.Second)); open.Status != client.Processing {
		t.Errorf("after a second: %s", open.Status)
	}
	closed := make(chan client.Ticket, 1)
	go func() {
		t, _ := c.ClosedTicket(t.Context(), made.ID, 20*time.Second) // one that fails is not approved
		closed <- t
	}()
	must[client.Ticket](t)(c.Decide(t.Context(), made.ID, client.Decision{Decision: client.Approve, Version: made.Version}))
	if got := <-closed; got.Status != client.Approved || len(got.History) != 2 {
		t.Errorf("the ticket that was waited for is %+v", got)
	}
}

func TestClient_Canceled(t *testing.T) {
	t.Parallel()
	c, g, _ := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	g.faults <- func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}
	before := g.calls.Load()
	if _, err := c.Latest(ctx, "ann"); !errors.Is(err, context.Canceled) || g.calls.Load()-before != 1 {
		t.Errorf("%v after %d calls, want that it was canceled", err, g.calls.Load()-before)
	}
}

func TestNew_BadAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "docket.example", "ftp://docket.example", "http://", "://"} {
		if _, err := client.New(client.Config{URL: address}); err == nil {
			t.Errorf("%q is taken", address)
		}
	}
}

// The client knows each code that the document has.
func TestCode_All(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 1, testdb.New(t))
	answer, err := http.Get(s.URL + "/api/openapi.json") //nolint:noctx // it ends with the site
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var document struct {
		Components struct {
			Schemas struct{ ProblemCode, TicketStatus struct{ Enum []string } }
		}
	}
	if err := json.NewDecoder(answer.Body).Decode(&document); err != nil {
		t.Fatal(err)
	}
	schemas := document.Components.Schemas
	compare(t, "codes", schemas.ProblemCode.Enum, constants(t, "error.go", "Code"))
	compare(t, "statuses", schemas.TicketStatus.Enum, constants(t, "ticket.go", "Status"))
}

func compare(t *testing.T, what string, want, got []string) {
	t.Helper()
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		t.Errorf("the document has the %s %v, the client %v", what, want, got)
	}
}
