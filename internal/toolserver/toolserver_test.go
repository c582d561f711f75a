package toolserver_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
	"docket/internal/toolserver"
)

// withKey shows an API key with every request.
type withKey string

func (k withKey) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(k))
	return http.DefaultTransport.RoundTrip(r)
}

// start runs a docket with the form for approvals, and its tools by streamable HTTP.
func start(t *testing.T) (*testsite.Site, string) {
	t.Helper()
	text, err := formfile.Approval("approval")
	if err != nil {
		t.Fatal(err)
	}
	f, err := formfile.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	tools, err := toolserver.Load(t.Context(), toolserver.Config{URL: s.URL, User: "ai-agent", Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(tools.Handler())
	t.Cleanup(server.Close)
	return s, server.URL
}

func connect(t *testing.T, url, key string) *mcp.ClientSession {
	t.Helper()
	c := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := c.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: url, HTTPClient: &http.Client{Transport: withKey(key)}, DisableStandaloneSSE: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() }) // the server goes with it
	return session
}

// call calls a tool and returns what it says, and its text if it is an error.
func call(t *testing.T, s *mcp.ClientSession, name string, arguments map[string]any) (said map[string]any, refusal string) {
	t.Helper()
	result, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: name, Arguments: arguments})
	if err != nil {
		t.Fatal(err)
	}
	if result.IsError {
		return nil, result.Content[0].(*mcp.TextContent).Text
	}
	said, _ = result.StructuredContent.(map[string]any)
	return said, ""
}

var intended = map[string]any{
	"task": "Drop the column age", "target": "customers, production", "reason": "Nobody reads it", "risk": "high", "undo": "From the backup of last night",
	"change": "--- a/schema.sql\n+++ b/schema.sql\n@@ -1,2 +1,1 @@\n name text\n-age int",
}

func TestTools_ApprovedByAPerson(t *testing.T) {
	t.Parallel()
	s, url := start(t)
	session := connect(t, url, s.Key(t, "ai", account.TicketsWrite, account.TicketsRead))
	asked, refusal := call(t, session, "request_approval", map[string]any{"answers": intended, "idempotency_key": "once"})
	if refusal != "" || asked["approved"] != false || asked["decided"] != false {
		t.Fatalf("a request is %v, %s", asked, refusal)
	}
	id := asked["ticket_id"]
	if again, _ := call(t, session, "request_approval", map[string]any{"answers": intended, "idempotency_key": "once"}); again["ticket_id"] != id {
		t.Errorf("the same request makes another ticket: %v", again)
	}
	if waited, _ := call(t, session, "wait_for_decision", map[string]any{"ticket_id": id, "seconds": 1}); waited["approved"] != false || !strings.Contains(waited["message"].(string), "not a yes") {
		t.Errorf("silence is %v", waited)
	}
	decided := make(chan map[string]any, 1)
	go func() {
		said, _ := call(t, session, "wait_for_decision", map[string]any{"ticket_id": id, "seconds": 60})
		decided <- said
	}()
	decide(t, s, id.(string), ticket.Approve("agent:a", ""))
	if said := <-decided; said["approved"] != true || said["status"] != "approved" {
		t.Errorf("an approval is %v", said)
	}
	if said, _ := call(t, session, "status", map[string]any{"ticket_id": id}); said["approved"] != true {
		t.Errorf("the status is %v", said)
	}
}

func TestTools_NotApproved(t *testing.T) {
	t.Parallel()
	s, url := start(t)
	session := connect(t, url, s.Key(t, "ai", account.TicketsWrite, account.TicketsRead))
	asked, _ := call(t, session, "request_approval", map[string]any{"answers": intended})
	decide(t, s, asked["ticket_id"].(string), ticket.Reject("agent:a", "not_allowed", "Do not do this.", ""))
	said, _ := call(t, session, "wait_for_decision", map[string]any{"ticket_id": asked["ticket_id"], "seconds": 60})
	if said["approved"] != false || said["decided"] != true || said["status"] != "rejected" || said["comment"] != "Do not do this." {
		t.Errorf("a rejection is %v", said)
	}
	for name, arguments := range map[string]map[string]any{
		"request_approval":  {"answers": map[string]any{"task": "x"}},
		"wait_for_decision": {"ticket_id": "0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a10"},
		"status":            {"ticket_id": "../keys"},
	} {
		if said, refusal := call(t, session, name, arguments); refusal == "" {
			t.Errorf("%s of %v answers %v", name, arguments, said)
		}
	}
	if _, refusal := call(t, connect(t, url, "dk_unknown"), "status", map[string]any{"ticket_id": asked["ticket_id"]}); !strings.Contains(refusal, "not a yes") {
		t.Errorf("an unknown key: %q", refusal)
	}
}

func TestTools_KeyRequired(t *testing.T) {
	t.Parallel()
	_, url := start(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a key: %d", answer.StatusCode)
	}
}

// decide decides a ticket as a person does.
func decide(t *testing.T, s *testsite.Site, id string, d ticket.Decision) {
	t.Helper()
	if _, err := s.Instances[0].Desk.Decide(t.Context(), uuid.MustParse(id), 1, d); err != nil {
		t.Fatal(err)
	}
}
