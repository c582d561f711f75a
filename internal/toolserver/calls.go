package toolserver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"docket/client"
)

const (
	defaultWait = 60 // seconds
	mostWait    = 600
	oneWait     = 25 * time.Second // for which one call of docket waits
)

// calls are what the tools do, with one API key.
type calls struct {
	tools *Tools
	api   *client.Client
}

type requestInput struct {
	Answers        map[string]any `json:"answers"`
	UserID         string         `json:"user_id,omitempty"`
	IdempotencyKey string         `json:"idempotency_key,omitempty"`
}

type waitInput struct {
	TicketID string `json:"ticket_id" jsonschema:"what request_approval returned"`
	Seconds  int    `json:"seconds,omitempty" jsonschema:"how long to wait: 1 to 600; default 60"`
}

type statusInput struct {
	TicketID string `json:"ticket_id" jsonschema:"what request_approval returned"`
}

// outcome is how a ticket stands, for a program that must not take anything else for a yes.
type outcome struct {
	TicketID string   `json:"ticket_id"`
	Approved bool     `json:"approved" jsonschema:"true is a yes; all else is a no"`
	Decided  bool     `json:"decided" jsonschema:"false: nobody has decided yet"`
	Status   string   `json:"status" jsonschema:"processing, approved, rejected, withdrawn or revoked"`
	Reasons  []string `json:"reasons,omitempty" jsonschema:"why it was rejected"`
	Comment  string   `json:"comment,omitempty" jsonschema:"what the person said"`
	Message  string   `json:"message" jsonschema:"the same in words"`
	Page     string   `json:"page" jsonschema:"where a person decides"`
}

func (c calls) request(ctx context.Context, _ *mcp.CallToolRequest, in requestInput) (*mcp.CallToolResult, outcome, error) {
	t, err := c.api.Submit(ctx, client.Submission{UserID: cmp.Or(in.UserID, c.tools.User), Extra: in.Answers, IdempotencyKey: in.IdempotencyKey})
	if err != nil {
		return nil, outcome{}, explain(err)
	}
	return nil, c.outcome(t), nil
}

func (c calls) status(ctx context.Context, _ *mcp.CallToolRequest, in statusInput) (*mcp.CallToolResult, outcome, error) {
	t, err := c.api.Ticket(client.Fresh(ctx), in.TicketID)
	if err != nil {
		return nil, outcome{}, explain(err)
	}
	return nil, c.outcome(t), nil
}

// wait asks again until the ticket is decided or the time is over.
func (c calls) wait(ctx context.Context, _ *mcp.CallToolRequest, in waitInput) (*mcp.CallToolResult, outcome, error) {
	in.Seconds = cmp.Or(in.Seconds, defaultWait)
	if in.Seconds < 1 || in.Seconds > mostWait {
		return nil, outcome{}, fmt.Errorf("seconds must be 1 to %d", mostWait)
	}
	end := time.Now().Add(time.Duration(in.Seconds) * time.Second)
	for {
		left := (time.Until(end) + time.Second - 1).Truncate(time.Second) // docket waits whole seconds
		t, err := c.api.ClosedTicket(client.Fresh(ctx), in.TicketID, min(left, oneWait))
		if err != nil {
			return nil, outcome{}, explain(err)
		}
		if t.Status != client.Processing || !time.Now().Before(end) {
			return nil, c.outcome(t), nil
		}
	}
}

// outcome is how a ticket stands.
func (c calls) outcome(t client.Ticket) outcome {
	o := outcome{
		TicketID: t.ID, Approved: t.Status == client.Approved, Decided: t.Status != client.Processing, Status: string(t.Status),
		Reasons: t.RejectReasons, Comment: t.RejectComment, Page: c.tools.URL + "/review/" + t.ID,
	}
	switch {
	case o.Approved:
		o.Message = "Approved. You may do what the ticket says, and nothing else."
	case !o.Decided:
		o.Message = "Still waiting: nobody has decided. This is not a yes. Call wait_for_decision again, or stop."
	default:
		o.Message = "Not approved (" + o.Status + "). Do not do it."
	}
	return o
}

// explain says in words what docket refuses; that is not a yes.
func explain(err error) error {
	refused, ok := errors.AsType[*client.Error](err)
	if !ok {
		return fmt.Errorf("docket cannot be reached; this is not a yes: %w", err)
	}
	text := "docket refuses; this is not a yes: " + refused.Title
	if refused.Detail != "" {
		text += ": " + refused.Detail
	}
	for _, field := range refused.Fields {
		text += "; " + field.Field + ": " + strings.TrimSuffix(field.Message, ".")
	}
	return fmt.Errorf("%s (%w)", text, refused)
}
