package chaos_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"docket/internal/consistency"
	"docket/internal/ticket"
)

// soakClient sends one request after the other to one instance and records the answers in a history.
type soakClient struct {
	*caller
	name    string
	at      *instance
	key     string
	history *consistency.History
}

// writeUsers approves a ticket of one user after the other, and looks each up right after.
func (c *soakClient) writeUsers(ctx context.Context, users []string) {
	forEachUser(ctx, writerPause, users, func(user string) {
		id, err := c.submitTicket(user)
		if err != nil {
			return
		}
		operation := c.history.Begin(consistency.Operation{Kind: consistency.Approve, Client: c.name, Instance: c.at.name(), User: user, Ticket: id})
		approval, err := c.approveTicket(id)
		c.history.End(operation, approval, err)
		c.recordRead(consistency.Read, user)
	})
}

// readUsers looks up one user after the other; when strong, it also asks for what the primary says.
func (c *soakClient) readUsers(ctx context.Context, pause time.Duration, users []string, strong bool) {
	forEachUser(ctx, pause, users, func(user string) {
		if c.recordRead(consistency.Read, user); strong {
			c.recordRead(consistency.FreshRead, user)
		}
	})
}

func forEachUser(ctx context.Context, pause time.Duration, users []string, do func(user string)) {
	for i := 0; sleep(ctx, pause); i++ {
		do(users[i%len(users)])
	}
}

func (c *soakClient) recordRead(kind consistency.Kind, user string) {
	operation := c.history.Begin(consistency.Operation{Kind: kind, Client: c.name, Instance: c.at.name(), User: user})
	approval, err := c.latestApproval(user, kind == consistency.FreshRead)
	c.history.End(operation, approval, err)
}

// ticketReply is what answers say of a ticket, whichever request they belong to.
type ticketReply struct {
	ID        uuid.UUID `json:"id"`
	TicketID  uuid.UUID `json:"ticket_id"`
	UpdatedAt int64     `json:"updated_at_ms"`
	Code      string    `json:"code"`
}

func (c *soakClient) call(method, path, body string, header ...string) (reply ticketReply, a answer, err error) {
	header = append(header, "Authorization: Bearer "+c.key)
	if body != "" {
		header = append(header, "Content-Type: application/json")
	}
	if a, err = c.send(method, path, body, header...); err == nil {
		err = json.Unmarshal([]byte(a.body), &reply)
	}
	return reply, a, err
}

func (c *soakClient) latestApproval(user string, strong bool) (ticket.Approval, error) {
	var header []string
	if strong {
		header = append(header, "Cache-Control: no-cache")
	}
	reply, a, err := c.call("GET", "/api/v1/users/"+user+"/latest-ticket", "", header...)
	degraded := a.header.Get("X-Consistency") == "degraded"
	switch {
	case err != nil:
		return ticket.Approval{}, err
	case a.status == http.StatusNotFound && reply.Code == "no_approved_ticket":
		return ticket.Approval{Degraded: degraded}, ticket.ErrNotFound
	case a.status != http.StatusOK:
		return ticket.Approval{}, fmt.Errorf("status %d, %s", a.status, reply.Code)
	}
	return ticket.Approval{TicketID: reply.TicketID, UpdatedAt: time.UnixMilli(reply.UpdatedAt), Degraded: degraded}, nil
}

func (c *soakClient) submitTicket(user string) (uuid.UUID, error) {
	reply, a, err := c.call("POST", "/api/v1/tickets", `{"user_id":"`+user+`","extra":{}}`, "Idempotency-Key: "+uuid.NewString())
	if err == nil && a.status != http.StatusCreated {
		err = fmt.Errorf("status %d, %s", a.status, reply.Code)
	}
	return reply.ID, err
}

func (c *soakClient) approveTicket(id uuid.UUID) (ticket.Approval, error) {
	reply, a, err := c.call("POST", "/api/v1/tickets/"+id.String()+"/decision", `{"decision":"approve","version":1}`)
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("status %d, %s", a.status, reply.Code)
	}
	return ticket.Approval{TicketID: id, UpdatedAt: time.UnixMilli(reply.UpdatedAt)}, err
}
