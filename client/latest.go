package client

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"sync"
)

// Approval is the latest approved ticket of a user.
type Approval struct {
	UserID    string          `json:"user_id"`
	TicketID  string          `json:"ticket_id"`
	Status    string          `json:"status"`
	Extra     json.RawMessage `json:"extra"` // the answers of the form
	DecidedBy string          `json:"decided_by"`
	DecidedAt Time            `json:"decided_at_ms"`
	CreatedAt Time            `json:"created_at_ms"` // when the user's first approval was decided
	UpdatedAt Time            `json:"updated_at_ms"` // grows with every approval of the user

	Subject    string          `json:"subject"`        // what it is for, where the form says latest_per
	ValidUntil Time            `json:"valid_until_ms"` // when it ends; zero: it does not
	Grant      json.RawMessage `json:"grant"`          // its own answers; nil: it has none

	// Degraded says that the primary is away or overloaded, and the answer comes from a replica.
	Degraded bool `json:"-"`
}

// Latest is the latest approved ticket of a user; [NoApprovedTicket] when there is none, [ApprovalExpired] when it has ended. What was
// looked up before is asked for by its ETag, and sent again only if it has changed.
func (c *Client) Latest(ctx context.Context, userID string) (Approval, error) {
	made := newCall(http.MethodGet, "users", userID, "latest-ticket")
	before, known := c.seen.get(userID)
	if known {
		made.header.Set("If-None-Match", before.etag)
	}
	var found Approval
	err := c.do(ctx, made, func(answer *http.Response) error {
		if answer.StatusCode == http.StatusNotModified {
			found = before.approval
		} else if err := json.NewDecoder(answer.Body).Decode(&found); err != nil {
			return err
		}
		found.Degraded = answer.Header.Get("X-Consistency") == "degraded"
		c.seen.put(userID, seenApproval{found, answer.Header.Get("ETag")})
		return nil
	})
	if errors.Is(err, NoApprovedTicket) || errors.Is(err, ApprovalExpired) {
		c.seen.forget(userID)
	}
	return found, err
}

// maxBatch is how many users one call takes.
const maxBatch = 1000

// LatestBatch is the latest approved tickets of users, in their order; nil for a user without one.
func (c *Client) LatestBatch(ctx context.Context, userIDs []string) ([]*Approval, error) {
	all := make([]*Approval, 0, len(userIDs))
	for some := range slices.Chunk(userIDs, maxBatch) {
		made, err := newCall(http.MethodPost, "latest-tickets").withJSON(map[string]any{"user_ids": some})
		if err != nil {
			return nil, err
		}
		err = c.do(ctx, made, func(answer *http.Response) error {
			var found struct {
				Items []struct {
					Ticket *Approval `json:"ticket"`
				} `json:"items"`
			}
			if err := json.NewDecoder(answer.Body).Decode(&found); err != nil {
				return err
			}
			for _, item := range found.Items {
				if item.Ticket != nil {
					item.Ticket.Degraded = answer.Header.Get("X-Consistency") == "degraded"
				}
				all = append(all, item.Ticket)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// seenApproval is an approval that was answered, and its ETag.
type seenApproval struct {
	approval Approval
	etag     string
}

// seenApprovals remembers as many users as it may, those that were asked for last.
type seenApprovals struct {
	most              int
	mu                sync.Mutex // guards what follows
	current, previous map[string]seenApproval
}

func newSeenApprovals(most int) *seenApprovals {
	return &seenApprovals{most: most, current: map[string]seenApproval{}}
}

func (s *seenApprovals) get(userID string) (seenApproval, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found, ok := s.current[userID]; ok {
		return found, true
	}
	found, ok := s.previous[userID]
	return found, ok
}

// put remembers an approval. When half of the room is used, what was not asked for since is forgotten.
func (s *seenApprovals) put(userID string, seen seenApproval) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.most <= 0 {
		return
	}
	if len(s.current) >= max(s.most/2, 1) {
		s.current, s.previous = map[string]seenApproval{}, s.current
	}
	s.current[userID] = seen
}

func (s *seenApprovals) forget(userID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.current, userID)
	delete(s.previous, userID)
}
