package client

import (
	"context"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Time is a point in time, which the interface has as Unix milliseconds; zero where it has null.
type Time struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (t *Time) UnmarshalJSON(text []byte) error {
	var ms *int64
	if err := json.Unmarshal(text, &ms); err != nil || ms == nil {
		*t = Time{}
		return err
	}
	*t = Time{time.UnixMilli(*ms)}
	return nil
}

// MarshalJSON implements json.Marshaler.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, t.UnixMilli(), 10), nil
}

// Ticket is one submission of a user and what became of it. What it does not have yet is empty.
type Ticket struct {
	ID            string          `json:"id"`
	UserID        string          `json:"user_id"`
	Status        Status          `json:"status"`
	Version       int64           `json:"version"`
	Extra         json.RawMessage `json:"extra"`
	FormVersion   string          `json:"form_version"`
	Attempt       int             `json:"attempt"`
	PreviousID    string          `json:"previous_id"`
	SubmittedBy   string          `json:"submitted_by"`
	DecidedBy     string          `json:"decided_by"`
	DecidedAt     Time            `json:"decided_at_ms"`
	Grant         json.RawMessage `json:"grant"` // what the approval granted
	RejectReasons []string        `json:"reject_reasons"`
	RejectRows    []string        `json:"reject_rows"` // of groups that it is for, such as "owners.1"; nil: all at which its reasons point
	RejectClass   string          `json:"reject_class"`
	RejectComment string          `json:"reject_comment"`
	RevokedBy     string          `json:"revoked_by"`
	RevokedAt     Time            `json:"revoked_at_ms"`
	CreatedAt     Time            `json:"created_at_ms"`
	UpdatedAt     Time            `json:"updated_at_ms"`
	ErasedAt      Time            `json:"erased_at_ms"`
	Archived      bool            `json:"archived"` // nobody changes it any more

	History []Change              `json:"history"` // of one ticket that was asked for
	Files   map[string]TicketFile `json:"files"`   // by field; of one ticket that was asked for
	Match   map[string]Match      `json:"match"`   // of its answers with what was read of its files, by field; of one ticket that was asked for
}

// Status is what became of a ticket.
type Status string

// The statuses.
const (
	Processing Status = "processing"
	Approved   Status = "approved"
	Rejected   Status = "rejected"
	Withdrawn  Status = "withdrawn"
	Revoked    Status = "revoked"
)

// Change is one entry of a ticket's history.
type Change struct {
	Version int64    `json:"version"`
	Kind    string   `json:"kind"`
	Actor   string   `json:"actor"`
	At      Time     `json:"at_ms"`
	Reasons []string `json:"reasons"`
	Comment string   `json:"comment"`
}

// TicketFile is a file of a ticket.
type TicketFile struct {
	ID        string `json:"id"`
	MediaType string `json:"media_type"`
	Size      int64  `json:"size"`
	SHA256    string `json:"sha256"` // of the bytes as they were sent
	Read      []Read `json:"read"`
	Faces     *int   `json:"faces"` // how many were found; nil: none were looked for
}

// Ticket is one ticket with its history; [NotFound] when there is none.
func (c *Client) Ticket(ctx context.Context, id string) (Ticket, error) {
	var t Ticket
	return t, c.decode(ctx, newCall(http.MethodGet, "tickets", id), &t)
}

// ClosedTicket is a ticket with its history as soon as it is closed, or as it stands when it is not after so many seconds.
func (c *Client) ClosedTicket(ctx context.Context, id string, wait time.Duration) (Ticket, error) {
	made := newCall(http.MethodGet, "tickets", id)
	made.extra = wait
	if seconds := int(wait / time.Second); seconds > 0 {
		made.query = url.Values{"wait": {strconv.Itoa(seconds)}}
	}
	var t Ticket
	return t, c.decode(ctx, made, &t)
}

// Query says which tickets are listed. What is empty is left to the server.
type Query struct {
	Status   Status
	From, To time.Time // of creation; of a closed status, of closing
	UserID   string
	Sort     string // oldest or newest
	Limit    int    // of one page
}

// Tickets lists the tickets of one status, a page at a time. It ends with the first error.
func (c *Client) Tickets(ctx context.Context, q Query) iter.Seq2[Ticket, error] {
	query := url.Values{}
	set := func(name, value string, given bool) {
		if given {
			query.Set(name, value)
		}
	}
	set("status", string(q.Status), q.Status != "")
	set("from", q.From.Format(time.RFC3339Nano), !q.From.IsZero())
	set("to", q.To.Format(time.RFC3339Nano), !q.To.IsZero())
	set("user_id", q.UserID, q.UserID != "")
	set("sort", q.Sort, q.Sort != "")
	set("limit", strconv.Itoa(q.Limit), q.Limit > 0)
	return c.list(ctx, query, "tickets")
}

// TicketsOf lists the tickets of a user, newest first. It ends with the first error.
func (c *Client) TicketsOf(ctx context.Context, userID string) iter.Seq2[Ticket, error] {
	return c.list(ctx, url.Values{}, "users", userID, "tickets")
}

func (c *Client) list(ctx context.Context, query url.Values, path ...string) iter.Seq2[Ticket, error] {
	return func(yield func(Ticket, error) bool) {
		for more := true; more; {
			made := newCall(http.MethodGet, path...)
			made.query = query
			var page struct {
				Items []Ticket `json:"items"`
				Next  *string  `json:"next_cursor"`
			}
			if err := c.decode(ctx, made, &page); err != nil {
				yield(Ticket{}, err)
				return
			}
			for _, t := range page.Items {
				if !yield(t, nil) {
					return
				}
			}
			if more = page.Next != nil; more {
				query.Set("cursor", *page.Next)
			}
		}
	}
}

// File writes a file of a ticket to w, and returns its media type.
func (c *Client) File(ctx context.Context, id string, w io.Writer) (mediaType string, err error) {
	err = c.do(ctx, newCall(http.MethodGet, "files", id), func(answer *http.Response) error {
		mediaType = answer.Header.Get("Content-Type")
		_, err := io.Copy(w, answer.Body)
		return err
	})
	return mediaType, err
}
