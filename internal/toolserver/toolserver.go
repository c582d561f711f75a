// Package toolserver offers docket to AI agents by the Model Context Protocol: they ask for a person's approval, and wait for it. It
// calls the JSON interface of docket with the key of whoever asks.
package toolserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"docket/client"
)

const (
	maxDocument = 8 << 20 // of the OpenAPI document, in bytes
	loadTime    = 10 * time.Second
)

// Config says which docket the tools call.
type Config struct {
	URL     string // at which programs and people reach docket
	User    string // for whom tickets are submitted when a call does not say
	Version string
}

// Tools are the tools for one docket.
type Tools struct {
	Config
	answers map[string]any // the JSON Schema of the answers to its form
}

// Load reads what the form of a docket asks, from the document that it serves.
func Load(ctx context.Context, c Config) (*Tools, error) {
	c.URL = strings.TrimSuffix(c.URL, "/")
	ctx, cancel := context.WithTimeout(ctx, loadTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL+"/api/openapi.json", nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("read what the form asks: %w", err)
	}
	defer answer.Body.Close()
	var document struct {
		Components struct {
			Schemas struct {
				Extra map[string]any
			}
		}
	}
	err = json.NewDecoder(io.LimitReader(answer.Body, maxDocument)).Decode(&document)
	if err != nil || document.Components.Schemas.Extra == nil {
		return nil, fmt.Errorf("%s/api/openapi.json is not the document of a docket (status %d)", c.URL, answer.StatusCode)
	}
	return &Tools{Config: c, answers: document.Components.Schemas.Extra}, nil
}

// instructions are what an AI agent is told of all the tools.
const instructions = "Ask a person for approval before you do something that needs one. request_approval submits what you intend to do and returns a ticket_id; " +
	"wait_for_decision waits for a person. Only approved: true is a yes. Silence, an error, a time that is over, and every other status is a no: do not go on."

// Server is an MCP server that calls docket with an API key.
func (t *Tools) Server(key string) (*mcp.Server, error) {
	api, err := client.New(client.Config{URL: t.URL, Key: key})
	if err != nil {
		return nil, err
	}
	server := mcp.NewServer(&mcp.Implementation{Name: "docket", Title: "docket", Version: t.Version}, &mcp.ServerOptions{Instructions: instructions})
	calls := calls{tools: t, api: api}
	mcp.AddTool(server, &mcp.Tool{
		Name: "request_approval", InputSchema: t.requestSchema(),
		Description: "Submits what you intend to do, as answers to the form, for a person to approve or reject. Returns the ticket_id. Nothing is approved by this.",
	}, calls.request)
	mcp.AddTool(server, &mcp.Tool{
		Name: "wait_for_decision", Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true},
		Description: "Waits until a person has decided on a ticket, or the time is over. Only approved: true is a yes; decided: false means that nobody has decided, which is a no for now.",
	}, calls.wait)
	mcp.AddTool(server, &mcp.Tool{
		Name: "status", Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true},
		Description: "Says how a ticket stands now, without waiting. Only approved: true is a yes.",
	}, calls.status)
	return server, nil
}

// requestSchema is the JSON Schema of what request_approval takes.
func (t *Tools) requestSchema() map[string]any {
	text := func(description string) map[string]any {
		return map[string]any{"type": "string", "description": description}
	}
	return map[string]any{
		"type": "object", "required": []string{"answers"}, "additionalProperties": false,
		"properties": map[string]any{
			"answers":         t.answers,
			"user_id":         text("For whom the ticket is. Default: " + t.User + "."),
			"idempotency_key": text("Your own name for this request: the same one twice makes one ticket. Give one if you may call again after a failure."),
		},
	}
}

// ErrNoKey says that a call came without an API key.
var ErrNoKey = errors.New("send an API key of docket: Authorization: Bearer dk_…")

// Handler serves the tools by streamable HTTP. Each request shows the API key that docket is called with.
func (t *Tools) Handler() http.Handler {
	streamable := mcp.NewStreamableHTTPHandler(func(r *http.Request) *mcp.Server {
		server, err := t.Server(bearer(r))
		if err != nil {
			return nil // it is answered with 400
		}
		return server
	}, &mcp.StreamableHTTPOptions{Stateless: true})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if bearer(r) == "" {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, ErrNoKey.Error(), http.StatusUnauthorized)
			return
		}
		streamable.ServeHTTP(w, r)
	})
}

// bearer is the API key of a request; empty: there is none.
func bearer(r *http.Request) string {
	key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || !strings.HasPrefix(key, "dk_") {
		return ""
	}
	return key
}
