package client

import (
	"context"
	"net/http"
)

// Decision approves or rejects a ticket.
type Decision struct {
	Decision string   `json:"decision"` // Approve or Reject
	Version  int64    `json:"version"`  // of the ticket that it is made on
	Reasons  []string `json:"reasons,omitempty"`
	Rows     []string `json:"rows,omitempty"`    // of groups that it is for, such as "owners.1"; nil: all at which a reason points
	Class    string   `json:"class,omitempty"`   // whether the user may submit again; empty: as the reasons say
	Comment  string   `json:"comment,omitempty"` // what the user reads; empty: the texts of the reasons
	Note     string   `json:"note,omitempty"`    // what the user never reads

	Grant map[string]any `json:"grant,omitempty"` // of an approval: its own answers; nil: what the form proposes
}

// What a decision can be.
const (
	Approve = "approve"
	Reject  = "reject"
)

// Decide closes a ticket. A repeated decision is answered like the first; any other second one is [AlreadyDecided], with the ticket as it
// stands in the error.
func (c *Client) Decide(ctx context.Context, ticketID string, d Decision) (Ticket, error) {
	made, err := newCall(http.MethodPost, "tickets", ticketID, "decision").withJSON(d)
	if err != nil {
		return Ticket{}, err
	}
	var t Ticket
	return t, c.decode(ctx, made, &t)
}

// Withdraw takes back an open ticket that this key has submitted. Withdrawing twice is no error.
func (c *Client) Withdraw(ctx context.Context, ticketID string) (Ticket, error) {
	var t Ticket
	return t, c.decode(ctx, newCall(http.MethodPost, "tickets", ticketID, "withdraw"), &t)
}
