package web_test

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// waiting adds open tickets, the first one the oldest, and returns their ids.
func waiting(t *testing.T, s *testsite.Site, users ...string) (ids []string) {
	t.Helper()
	for i, user := range users {
		id := uuid.Must(uuid.NewV7()).String()
		_, err := s.Instances[0].Primary.Exec(t.Context(), `INSERT INTO tickets (id, user_id, status, extra, one_open, created_at_ms, updated_at_ms)
			SELECT $1, $2, 'processing', jsonb_build_object('full_name', $2::text), false, ms, ms FROM (SELECT now_ms() - 10000 + $3 AS ms) AS n`, id, user, i)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// ticketIn is the id of the ticket that an address leads to.
func ticketIn(t *testing.T, location string) string {
	t.Helper()
	there, err := url.Parse(location)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(there.Path, "/review/")
}

func TestSkip_OpensTheNext(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, id := signedIn(t, s, "agent", account.Agent)
	ids := waiting(t, s, "ann", "bob")
	if got := ticketIn(t, agent.post("/review/next", nil).want(t, 303).location()); got != ids[0] {
		t.Fatalf("next is %s, want %s", got, ids[0])
	}
	there := agent.post("/review/"+ids[0]+"/skip", nil).want(t, 303).location()
	if got := ticketIn(t, there); got != ids[1] {
		t.Errorf("after a skip: %s, want %s", got, ids[1])
	}
	agent.get(there).want(t, 200, "Skipped: ann. You are not offered it for 15 minutes.")
	agent.get("/review/"+ids[0]).want(t, 200, "Skipped by <bdi>agent@example.com</bdi>")
	if there := agent.post("/review/next", nil).want(t, 303).location(); !strings.Contains(there, "left=none") {
		t.Errorf("the skipped ticket is offered again: %s", there)
	}
	for found := []audit.Entry{}; len(found) == 0; { // it is written a little later
		var err error
		found, _, err = s.Instances[0].Audit.List(t.Context(), audit.Filter{
			To: time.Now().Add(time.Hour), Actor: "agent:" + id, Action: audit.Skipped, Object: audit.TicketObject(uuid.MustParse(ids[0])), Limit: 1,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestSnooze_TabUntilWoken(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	colleague, _ := signedIn(t, s, "colleague", account.Agent)
	id := waiting(t, s, "ann")[0]
	path := "/review/" + id + "/snooze"
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	for name, wrong := range map[string]url.Values{
		"no reason":   {"until": {until}},
		"no time":     {"reason": {"the bank"}},
		"a past time": {"reason": {"the bank"}, "until": {"2020-01-01"}},
		"far away":    {"reason": {"the bank"}, "until": {"2999-01-01"}},
	} {
		got := agent.post(path, wrong).want(t, 422)
		if reason := wrong.Get("reason"); !strings.Contains(got.body, `value="`+reason+`"`) {
			t.Errorf("%s: what was typed is lost", name)
		}
	}
	agent.post(path, url.Values{"reason": {"the bank answers"}, "until": {until}}).want(t, 303)
	if body := colleague.get("/review").want(t, 200).body; strings.Contains(body, id) {
		t.Error("a snooozed ticket is in the queue")
	}
	colleague.get("/review?tab=snoozed").want(t, 200, id, "the bank answers")
	colleague.get("/review/"+id).want(t, 200, "the bank answers", "Wake it now")
	program := programs(t, s)("crm", account.Scopes...)
	program.get("/api/v1/tickets").want(t, 200, id)
	colleague.post("/review/"+id+"/wake", nil).want(t, 303)
	agent.get("/review").want(t, 200, id)
	agent.get("/review/"+id).want(t, 200, "Woken by <bdi>colleague@example.com</bdi>")
}

func TestHandOver_ColleagueAndAdminDecide(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	colleague, _ := signedIn(t, s, "colleague", account.Agent)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	ids := waiting(t, s, "ann", "bob")
	for _, to := range []string{"", "nobody@example.com", "agent@example.com", "unknown-team"} {
		agent.post("/review/"+ids[0]+"/handover", url.Values{"to": {to}}).want(t, 422, `value="`+to+`"`)
	}
	for _, id := range ids {
		agent.post("/review/"+id+"/handover", url.Values{"to": {"Colleague@example.com"}}).want(t, 303)
	}
	colleague.get("/review?tab=mine").want(t, 200, ids[0], ids[1], "from agent@example.com, for you")
	agent.get("/review").want(t, 200, "for colleague@example.com")
	agent.get("/review/"+ids[0]).want(t, 200, "This ticket was handed over")
	agent.post("/review/"+ids[0]+"/approve", url.Values{"version": {"1"}, "note": {"typed"}}).want(t, 409, "This ticket was handed over", "typed")
	agent.post("/review/"+ids[0]+"/claim", nil).want(t, 409)
	if there := agent.post("/review/next", nil).want(t, 303).location(); !strings.Contains(there, "left=none") {
		t.Errorf("others are offered it: %s", there)
	}
	colleague.post("/review/"+ids[0]+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	admin.post("/review/"+ids[1]+"/approve", url.Values{"version": {"1"}}).want(t, 303)
}

func TestHandOver_Team(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	colleague, _ := signedIn(t, s, "colleague", account.Agent)
	if err := s.Instances[0].Accounts.SetTeams(t.Context(), "colleague@example.com", "fraud"); err != nil {
		t.Fatal(err)
	}
	id := waiting(t, s, "ann")[0]
	agent.post("/review/"+id+"/handover", url.Values{"to": {"fraud"}}).want(t, 303)
	colleague.get("/review?tab=team").want(t, 200, id, "My team")
	if got := ticketIn(t, colleague.post("/review/next", nil).want(t, 303).location()); got != id {
		t.Errorf("next of the team is %s, want %s", got, id)
	}
	colleague.post("/review/"+id+"/handover", url.Values{"everyone": {"yes"}}).want(t, 303)
	if got := ticketIn(t, agent.post("/review/next", nil).want(t, 303).location()); got != id {
		t.Errorf("given back to everyone: next is %s, want %s", got, id)
	}
}

func TestComment_AgentsOnly(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	id := customer.submit(someID)
	agent.post("/review/"+id+"/comment", url.Values{"text": {" "}}).want(t, 422, "Write a comment.")
	agent.post("/review/"+id+"/comment", url.Values{"text": {"called, nobody answers"}}).want(t, 303)
	agent.get("/review/"+id).want(t, 200, "called, nobody answers", "Comment by <bdi>agent@example.com</bdi>")
	program := programs(t, s)("crm", account.Scopes...)
	for name, body := range map[string]string{
		"the customer": customer.get("/tickets/"+id).want(t, 200).body, "other systems": program.get("/api/v1/tickets/"+id).want(t, 200).body,
	} {
		if strings.Contains(body, "called") {
			t.Errorf("%s can read the comment", name)
		}
	}
}

func TestNext_OfTheFilter(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	ids := waiting(t, s, "bob", "ann", "bob", "ann")
	list := url.Values{"list": {"user=ann"}}
	there := agent.post("/review/next", list).want(t, 303).location()
	if got := ticketIn(t, there); got != ids[1] {
		t.Fatalf("next of ann is %s, want %s", got, ids[1])
	}
	agent.get(there).want(t, 200, `<input type="hidden" name="list" value="user=ann"`, `href="/review?user=ann"`)
	there = agent.post("/review/"+ids[1]+"/approve", url.Values{"version": {"1"}, "then": {"next"}, "list": {"user=ann"}}).want(t, 303).location()
	if got := ticketIn(t, there); got != ids[3] {
		t.Errorf("after a decision: %s, want %s", got, ids[3])
	}
	there = agent.post("/review/"+ids[3]+"/skip", list).want(t, 303).location()
	if got, err := url.Parse(there); err != nil || got.Path != "/review" || got.Query().Get("user") != "ann" || got.Query().Get("left") != "none" {
		t.Errorf("with none left: %s, want the list", there)
	}
	agent.get(there).want(t, 200, "No ticket is waiting that you can take.")
	there = agent.post("/review/next", url.Values{"list": {"sort=newest&user=bob"}}).want(t, 303).location()
	if got := ticketIn(t, there); got != ids[2] {
		t.Errorf("newest of bob is %s, want %s", got, ids[2])
	}
	agent.post("/review/next", url.Values{"list": {"usr=ann"}}).want(t, 422)
	agent.get("/review/"+ids[0]+"?list=status%3Dx").want(t, 422)
}

// TestRelease_NotHeld puts back what another agent holds, and what nobody does: each is said plainly, and what cannot be done with it is refused.
func TestRelease_NotHeld(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	other, _ := signedIn(t, s, "other", account.Agent)
	at := "/review/" + waiting(t, s, "ann")[0]
	release := func(want string) {
		t.Helper()
		agent.get(agent.post(at+"/release", nil).want(t, 303).location()).want(t, 200, want)
	}
	release("Nothing was put back: nobody holds ann.")
	other.post(at+"/claim", nil).want(t, 303)
	release("Nothing was put back: a colleague holds ann.")
	for call, form := range map[string]url.Values{
		"/handover": {"everyone": {"yes"}}, "/snooze": {"reason": {"later"}, "until": {time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}},
	} {
		agent.post(at+call, form).want(t, 409, "A colleague has this ticket")
	}
	agent.post(at+"/comment", url.Values{"text": {"seen"}}).want(t, 303) // may be said of every ticket
	agent.get(agent.post(at+"/skip", url.Values{"then": {"list"}}).want(t, 303).location()).want(t, 200, "Skipped: ann. You are not offered it")
	other.get(other.post(at+"/release", nil).want(t, 303).location()).want(t, 200, "Put back: ann.")
}

func TestNext_ThreeHeld(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	ids := waiting(t, s, "ann", "bob", "cid", "dan")
	for range 3 {
		agent.post("/review/next", nil).want(t, 303)
	}
	agent.post("/review/next", nil).want(t, 409, "You hold three tickets.", ids[0], ids[1], ids[2], "Put back")
	agent.post("/review/"+ids[3]+"/claim", nil).want(t, 409, "You hold three tickets.")
	there := agent.post("/review/"+ids[1]+"/release", url.Values{"list": {"tab=mine"}}).want(t, 303).location()
	if body := agent.get(there).want(t, 200, ids[0], "Put back: bob.").body; strings.Contains(body, "row-"+ids[1]) {
		t.Error("what was put back is still held")
	}
	if got := ticketIn(t, agent.post("/review/next", url.Values{"list": {"tab=mine"}}).want(t, 303).location()); got != ids[0] {
		t.Errorf("next of mine is %s, want the oldest that is held, %s", got, ids[0])
	}
	agent.post("/review/"+ids[3]+"/claim", nil).want(t, 303)
}

func TestNext_QueueOfATeam(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse(append(testsite.FormFile(), `
queues:
  - {name: home, title: From Vietnam, when: "nationality == 'VNM'", team: hanoi}
  - {name: rest}
`...))
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	agent, _ := signedIn(t, s, "agent", account.Agent)
	colleague, _ := signedIn(t, s, "colleague", account.Agent)
	if err := s.Instances[0].Accounts.SetTeams(t.Context(), "colleague@example.com", "hanoi"); err != nil {
		t.Fatal(err)
	}
	customer, _ := signedIn(t, s, "customer", account.Customer)
	id := customer.submit(someID)
	if there := agent.post("/review/next", nil).want(t, 303).location(); !strings.Contains(there, "left=none") {
		t.Errorf("an agent without the team is offered it: %s", there)
	}
	agent.get("/review?queue=home").want(t, 200, id)
	agent.get("/review").want(t, 200, "From Vietnam")
	if body := agent.get("/review?queue=rest").want(t, 200).body; strings.Contains(body, id) {
		t.Error("it is in another queue, too")
	}
	agent.get("/review?queue=gone").want(t, 422)
	for _, list := range []url.Values{nil, {"list": {"tab=team"}}, {"list": {"queue=home"}}} {
		if got := ticketIn(t, colleague.post("/review/next", list).want(t, 303).location()); got != id {
			t.Errorf("next of the team from %v: %s, want %s", list, got, id)
		}
		colleague.post("/review/"+id+"/release", nil).want(t, 303)
	}
	if got := ticketIn(t, agent.post("/review/next", url.Values{"list": {"queue=home"}}).want(t, 303).location()); got != id {
		t.Errorf("an agent who asks for the queue gets %s, want %s", got, id)
	}
}

func TestWorkState_SaysWhatChanged(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, _ := signedIn(t, s, "agent", account.Agent)
	colleague, _ := signedIn(t, s, "colleague", account.Agent)
	id := waiting(t, s, "ann")[0]
	state := "/review/" + id + "/state"
	if body := agent.get(state, "HX-Request", "true").want(t, 200).body; strings.TrimSpace(body) != "" {
		t.Errorf("of a ticket of nobody: %q", body)
	}
	ended := colleague.looksAt(id)
	agent.get(state).want(t, 200, "colleague@example.com is looking at this, too.")
	agent.get("/review/"+id).want(t, 200, "colleague@example.com is looking at this, too.")
	ended()
	for body := "looking"; strings.Contains(body, "looking"); {
		body = agent.get(state).want(t, 200).body
	}
	colleague.post("/review/"+id+"/claim", nil).want(t, 303)
	agent.get(state).want(t, 200, "Only <bdi>colleague@example.com</bdi> can decide this ticket now.", "What you typed is still here.")
	colleague.post("/review/"+id+"/approve", url.Values{"version": {"1"}}).want(t, 303)
	agent.get(state+"?seen=1").want(t, 200, "Approved by <bdi>colleague@example.com</bdi>")
	agent.get(state+"?seen=2").want(t, 200).lacks(t, "Approved by") // the page around it says so
	agent.get(state+"?seen=x").want(t, 422)
	admin, _ := signedIn(t, s, "admin", account.Admin)
	admin.post("/review/"+id+"/revoke", revocation("2", "name_mismatch")).want(t, 303)
	agent.get(state+"?seen=2").want(t, 200, "Approval taken back by <bdi>admin@example.com</bdi>")
}

// looksAt opens the event stream of a ticket; what it returns closes it.
func (b *browser) looksAt(id string) (stop func()) {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.url+"/review/events?ticket="+id, http.NoBody)
	if err != nil {
		b.t.Fatal(err)
	}
	answer, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	if line, err := bufio.NewReader(answer.Body).ReadString('\n'); err != nil || line != ": connected\n" {
		b.t.Fatalf("the stream begins with %q, %v", line, err)
	}
	return func() { cancel(); _ = answer.Body.Close() }
}
