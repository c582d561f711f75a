package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// client calls the JSON interface of docket.
type client struct {
	http *http.Client
	key  string
}

func newClient(key string) client {
	return client{http: &http.Client{Timeout: 8 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 4}}, key: key}
}

// answered is what the interface says of a ticket, whichever way it was asked.
type answered struct {
	ID        uuid.UUID `json:"id"`
	TicketID  uuid.UUID `json:"ticket_id"`
	UpdatedAt int64     `json:"updated_at_ms"`
	Code      string    `json:"code"`
}

func (p client) call(ctx context.Context, method, url, body string, header ...string) (a answered, status int, degraded bool, err error) {
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return a, 0, false, err
	}
	r.Header.Set("Authorization", "Bearer "+p.key)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	answer, err := p.http.Do(r)
	if err != nil {
		return a, 0, false, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	return a, answer.StatusCode, answer.Header.Get("X-Consistency") == "degraded", err
}

// latest asks for a user's latest approval; now: for what the primary says.
func (p client) latest(ctx context.Context, base, user string, now bool) (ticket.Approval, error) {
	var header []string
	if now {
		header = append(header, "Cache-Control: no-cache")
	}
	a, status, degraded, err := p.call(ctx, http.MethodGet, base+"/api/v1/users/"+user+"/latest-ticket", "", header...)
	switch {
	case err != nil:
		return ticket.Approval{}, err
	case status == http.StatusNotFound && a.Code == "no_approved_ticket":
		return ticket.Approval{Degraded: degraded}, ticket.ErrNotFound
	case status != http.StatusOK:
		return ticket.Approval{}, fmt.Errorf("status %d, %s", status, a.Code)
	}
	return ticket.Approval{TicketID: a.TicketID, UpdatedAt: time.UnixMilli(a.UpdatedAt), Degraded: degraded}, nil
}

// submit submits a ticket of a user.
func (p client) submit(ctx context.Context, base, user string) (uuid.UUID, error) {
	a, status, _, err := p.call(ctx, http.MethodPost, base+"/api/v1/tickets", `{"user_id":"`+user+`","extra":{}}`, "Idempotency-Key: "+uuid.NewString())
	if err == nil && status != http.StatusCreated {
		err = fmt.Errorf("status %d, %s", status, a.Code)
	}
	return a.ID, err
}

// approve approves a ticket.
func (p client) approve(ctx context.Context, base string, id uuid.UUID) (ticket.Approval, error) {
	a, status, _, err := p.call(ctx, http.MethodPost, base+"/api/v1/tickets/"+id.String()+"/decision", `{"decision":"approve","version":1}`)
	if err == nil && status != http.StatusOK {
		err = errors.Join(fmt.Errorf("status %d, %s", status, a.Code))
	}
	return ticket.Approval{TicketID: id, UpdatedAt: time.UnixMilli(a.UpdatedAt)}, err
}
