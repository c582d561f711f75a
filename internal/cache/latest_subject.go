package cache

import (
	"context"
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// subjectApproval is what is remembered of a user for a subject. It is valid as long as the lease of its load: when the user is
// forgotten, so are all of their subjects, however many these are.
type subjectApproval struct {
	*approval
	held lease
}

// LatestFor implements ticket.Desk. Each user and subject has the guards of the latest approval of a user.
func (c *Cache) LatestFor(ctx context.Context, subject string, userIDs []string) ([]ticket.Approval, error) {
	return c.latestBatch(ctx, subject, userIDs)
}

// remembered is what is in memory of a user for a subject; empty: of the latest of all.
func (c *Cache) remembered(subject, userID string, now time.Time) (*approval, bool) {
	if subject == "" {
		return c.latest.get(userID, now)
	}
	found, ok := c.subjects.get(keyOf(userID, subject), now)
	if !ok {
		return nil, false
	}
	held, _ := c.leases.grant(userID, now)
	return found.approval, found.held == held || c.leases.unending
}

// settleSubject is settleLatest for a subject. held is the lease of the load.
func (c *Cache) settleSubject(read *approval, keep bool, held lease, until time.Time) *approval {
	served := c.applyFloor(read, c.now())
	if keep {
		c.subjects.set(served.key, subjectApproval{served, held}, until)
	}
	return served
}

// LatestOf implements ticket.Desk. The list is not cached; each approval of it is no older than what was answered for its subject.
func (c *Cache) LatestOf(ctx context.Context, userID string, most int) (latest []ticket.Approval, err error) {
	read, err := readUncached(ctx, c, userID, func(ctx context.Context, from ticket.Reader) ([]ticket.Approval, error) {
		all, err := from.LatestOf(ctx, userID, most)
		return all, notFoundIfEmpty(all, err)
	})
	if err = emptyIfNotFound(err); err != nil {
		return nil, err
	}
	for _, a := range read {
		served := compact(a, keyOf(userID, a.Subject))
		c.leases.settle(userID, lease{}, func(bool) { served = c.applyFloor(served, c.now()) })
		if a, _ := c.answer(served, false); a.TicketID != uuid.Nil { // else it was removed or has ended
			latest = append(latest, a)
		}
	}
	return latest, nil
}
