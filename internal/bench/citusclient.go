package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"docket/internal/consistency"
	"docket/internal/ticket"
)

// loadForm is a form without photos.
const loadForm = `name: load
title: Load
fields:
  - {name: name, label: Name, type: text, required: true}
reasons:
  - {code: no, label: No, class: retry, fields: [name], text: "No."}
`

// clusterClient sends one request after the other to one instance, and records in the history what it was answered.
type clusterClient struct {
	name, at, key string
	other         string // another instance
	http          *http.Client
	history       *consistency.History
	refused       *atomic.Int64 // answers 503
}

func (r *clusterRun) client(worker int, history *consistency.History) *clusterClient {
	n := len(r.instances)
	return &clusterClient{
		name: fmt.Sprint(worker), at: r.instances[worker%n], other: r.instances[(worker+1)%n], key: r.key,
		http: &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}, history: history, refused: &r.refused,
	}
}

// clusterReply is what answers say of a ticket.
type clusterReply struct {
	ID        uuid.UUID `json:"id"`
	TicketID  uuid.UUID `json:"ticket_id"`
	UpdatedAt int64     `json:"updated_at_ms"`
	Code      string    `json:"code"`
	status    int
	degraded  bool
}

// call sends a request, again while the answer is 503.
func (c *clusterClient) call(ctx context.Context, at, method, path, body string, header ...string) (reply clusterReply, err error) {
	for {
		reply, err = c.send(ctx, at, method, path, body, header...)
		if err != nil || reply.status != http.StatusServiceUnavailable {
			return reply, err
		}
		c.refused.Add(1)
		select {
		case <-ctx.Done():
			return reply, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (c *clusterClient) send(ctx context.Context, at, method, path, body string, header ...string) (reply clusterReply, err error) {
	req, err := http.NewRequestWithContext(ctx, method, at+path, strings.NewReader(body))
	if err != nil {
		return reply, err
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return reply, err
	}
	defer resp.Body.Close()
	err = json.NewDecoder(resp.Body).Decode(&reply)
	reply.status, reply.degraded = resp.StatusCode, resp.Header.Get("X-Consistency") == "degraded"
	return reply, err
}

// want is the error of an answer with another status.
func (r clusterReply) want(status int, err error) error {
	if err == nil && r.status != status {
		err = fmt.Errorf("status %d (%s), want %d", r.status, r.Code, status)
	}
	return err
}

func (c *clusterClient) submitTicket(ctx context.Context, user, key string) (uuid.UUID, error) {
	reply, err := c.call(ctx, c.at, "POST", "/api/v1/tickets", `{"user_id":"`+user+`","extra":{"name":"An"}}`, "Idempotency-Key", key)
	if err == nil && reply.status == http.StatusOK { // it was there
		return reply.ID, nil
	}
	return reply.ID, reply.want(http.StatusCreated, err)
}

func (c *clusterClient) approveTicket(ctx context.Context, id string) (ticket.Approval, error) {
	reply, err := c.call(ctx, c.at, "POST", "/api/v1/tickets/"+id+"/decision", `{"decision":"approve","version":1}`)
	return ticket.Approval{TicketID: reply.ID, UpdatedAt: time.UnixMilli(reply.UpdatedAt)}, reply.want(http.StatusOK, err)
}

func (c *clusterClient) latestApproval(ctx context.Context, user string, fresh bool) (ticket.Approval, error) {
	var header []string
	if fresh {
		header = []string{"Cache-Control", "no-cache"}
	}
	reply, err := c.call(ctx, c.at, "GET", latestPath(user), "", header...)
	if err == nil && reply.status == http.StatusNotFound && reply.Code == "no_approved_ticket" {
		return ticket.Approval{Degraded: reply.degraded}, ticket.ErrNotFound
	}
	return ticket.Approval{TicketID: reply.TicketID, UpdatedAt: time.UnixMilli(reply.UpdatedAt), Degraded: reply.degraded}, reply.want(http.StatusOK, err)
}

func (c *clusterClient) recordRead(ctx context.Context, user string, fresh bool) {
	kind := consistency.Read
	if fresh {
		kind = consistency.FreshRead
	}
	o := c.history.Begin(consistency.Operation{Kind: kind, Client: c.name, Instance: c.at, User: user})
	approval, err := c.latestApproval(ctx, user, fresh)
	c.history.End(o, approval, err)
}

// writeUser submits a ticket twice with the same key, approves it and reads it, then has the other instance reject it. It returns how many of these
// made a second ticket or decision.
func (c *clusterClient) writeUser(ctx context.Context, user string) (decidedTwice, submittedTwice int64, err error) {
	key := uuid.NewString()
	id, err := c.submitTicket(ctx, user, key)
	if err != nil {
		return 0, 0, err
	}
	repeated, err := c.submitTicket(ctx, user, key)
	if err != nil {
		return 0, 0, fmt.Errorf("submit again with the same key: %w", err)
	}
	if repeated != id {
		submittedTwice = 1
	}
	o := c.history.Begin(consistency.Operation{Kind: consistency.Approve, Client: c.name, Instance: c.at, User: user, Ticket: id})
	approval, err := c.approveTicket(ctx, id.String())
	approval.TicketID = id
	c.history.End(o, approval, err)
	c.recordRead(ctx, user, false)
	rejected, rejectErr := c.call(ctx, c.other, "POST", "/api/v1/tickets/"+id.String()+"/decision", `{"decision":"reject","version":1,"reasons":["no"]}`)
	if rejectErr == nil && rejected.status == http.StatusOK {
		return 1, submittedTwice, err
	}
	return 0, submittedTwice, errors.Join(err, rejected.want(http.StatusConflict, rejectErr))
}
