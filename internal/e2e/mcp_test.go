package e2e

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"docket/internal/account"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/toolserver"
)

// keyTransport shows an API key with every request.
type keyTransport string

func (k keyTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(k))
	return http.DefaultTransport.RoundTrip(r)
}

// TestMCP_ApprovedInTheBrowser: an AI agent asks by the protocol, a person sees what changes and approves.
func TestMCP_ApprovedInTheBrowser(t *testing.T) {
	t.Parallel()
	text, err := formfile.Approval("approval")
	if err != nil {
		t.Fatal(err)
	}
	f, err := formfile.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	tools, err := toolserver.Load(t.Context(), toolserver.Config{URL: s.URL, User: "ai-agent"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(tools.Handler())
	t.Cleanup(server.Close)
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{
		Endpoint: server.URL, HTTPClient: &http.Client{Transport: keyTransport(s.Key(t, "ai", account.TicketsWrite, account.TicketsRead))}, DisableStandaloneSSE: true,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	for name, options := range map[string][]option{"phone": {phone}, "desktop": {desktop, dark}} {
		asked, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "request_approval", Arguments: map[string]any{"answers": map[string]any{
			"task": "Drop the column age", "target": "customers, production", "reason": "Nobody reads it", "risk": "high", "undo": "From the backup",
			"change": "--- a/schema.sql\n+++ b/schema.sql\n@@ -1,3 +1,3 @@\n id bigint\n-age int\n+born date -- <script>alert(1)</script>\n name text",
		}}})
		if err != nil || asked.IsError {
			t.Fatalf("%v, %+v", err, asked)
		}
		ticket := asked.StructuredContent.(map[string]any)
		decided := make(chan any, 1)
		go func() {
			result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "wait_for_decision", Arguments: map[string]any{"ticket_id": ticket["ticket_id"], "seconds": 300}})
			if err != nil {
				decided <- err
				return
			}
			decided <- result.StructuredContent.(map[string]any)["approved"]
		}()
		p, _ := openAs(t, s, "agent-"+name, account.Agent, options...)
		p.visit("/review/" + ticket["ticket_id"].(string))
		p.seeText("born date")
		p.look("review-diff")
		p.must(p.Locator("#decision button.approve").Click(), "approve")
		if approved := <-decided; approved != true {
			t.Errorf("%s: the AI agent hears %v", name, approved)
		}
	}
}
