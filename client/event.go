package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Event is one committed change.
type Event struct {
	ID       string   `json:"id"` // the same whenever and however the event is told
	Type     string   `json:"type"`
	TicketID string   `json:"ticket_id"` // empty when all of a user was erased
	UserID   string   `json:"user_id"`
	UserSeq  int64    `json:"user_seq"` // grows with the events of the user: what is not greater than the last one used is older
	Version  int64    `json:"version"`
	Status   Status   `json:"status"`
	At       Time     `json:"at_ms"`
	Reasons  []string `json:"reasons"`
}

// EventPage is some events in order, and where to go on.
type EventPage struct {
	Events []Event `json:"items"`
	Next   string  `json:"next"` // the cursor behind them; it is there without events, too
}

// EventQuery says which events are asked for. What is empty is left to the server.
type EventQuery struct {
	After string        // the Next of a page; empty: from the oldest event that is kept
	Types []string      // such as ticket.approved; empty: all
	Limit int           // of one page
	Wait  time.Duration // how long the server waits for an event, in whole seconds
}

// EventPage is the next events after a cursor; [CursorExpired] when that is too old.
func (c *Client) EventPage(ctx context.Context, q EventQuery) (EventPage, error) {
	var page EventPage
	return page, c.decode(ctx, q.call(), &page)
}

// Events goes on from a cursor for ever: page after page, with those that are empty. Keep the Next of a page together with what was
// done with its events. After an error that another try may mend it goes on if the loop does; otherwise the error is the last
// value.
func (c *Client) Events(ctx context.Context, q EventQuery) iter.Seq2[EventPage, error] {
	return func(yield func(EventPage, error) bool) {
		for failed := 0; ; {
			page, err := c.EventPage(ctx, q)
			more := yield(page, err) && ctx.Err() == nil
			switch {
			case !more:
				return
			case err == nil:
				q.After, failed = page.Next, 0
				continue
			case !q.call().mayRepeat(err):
				return
			}
			if failed++; c.sleepFor(ctx, min(waitBefore(min(failed, 8), err), c.config.MaxWait)) != nil {
				return
			}
		}
	}
}

func (q EventQuery) call() *call {
	made := newCall(http.MethodGet, "events")
	made.query, made.extra = url.Values{}, q.Wait
	if q.After != "" {
		made.query.Set("after", q.After)
	}
	if len(q.Types) > 0 {
		made.query.Set("types", strings.Join(q.Types, ","))
	}
	if q.Limit > 0 {
		made.query.Set("limit", strconv.Itoa(q.Limit))
	}
	if seconds := int(q.Wait / time.Second); seconds > 0 {
		made.query.Set("wait", strconv.Itoa(seconds))
	}
	return made
}
