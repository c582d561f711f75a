package cache

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// approvals are approvals by user; of a user without one it says so.
type approvals = map[string]*approval

// missed is a user of a batch who is not in memory, with what a load of that user notes before it reads.
type missed struct {
	userID string
	held   lease
	dirty  bool
}

// LatestBatch implements ticket.Desk. Each user has the guards of a look-up of that user alone, but those who are not in memory are
// read together: from a replica, and by one read of the primary those who are dirty and those whom the replica lacks.
func (c *Cache) LatestBatch(ctx context.Context, userIDs []string) ([]ticket.Approval, error) {
	return c.latestBatch(ctx, "", userIDs)
}

// latestBatch is LatestBatch for a subject; empty: the latest of all.
func (c *Cache) latestBatch(ctx context.Context, subject string, userIDs []string) ([]ticket.Approval, error) {
	if ticket.IsFresh(ctx) {
		return c.latestBatchFresh(ctx, subject, userIDs)
	}
	began := c.now()
	all, missing := make([]ticket.Approval, len(userIDs)), []int(nil)
	first, again := make(map[string]int, len(userIDs)), []int(nil) // who is named twice has one answer, whatever happens meanwhile
	for i, userID := range userIDs {
		if _, known := first[userID]; known {
			again = append(again, i)
			continue
		}
		first[userID] = i
		a, ok := c.remembered(subject, userID, began)
		if !ok {
			missing = append(missing, i)
			continue
		}
		all[i], _ = c.answer(a, false) // that there is none is an answer
	}
	if len(missing) > 0 {
		found, err := c.loadMissed(ctx, subject, c.grantMissed(userIDs, missing, began), began)
		if err != nil {
			return nil, err
		}
		for _, i := range missing {
			r := found[userIDs[i]]
			all[i], _ = c.answer(r.value, r.degraded)
		}
	}
	for _, i := range again {
		all[i] = all[first[userIDs[i]]]
	}
	return all, nil
}

// latestBatchFresh reads the primary and raises the floors, as latestFresh does.
func (c *Cache) latestBatchFresh(ctx context.Context, subject string, userIDs []string) ([]ticket.Approval, error) {
	read, err := readUsers(subject, userIDs)(ctx, c.primary)
	if err != nil {
		return nil, err
	}
	all := make([]ticket.Approval, len(userIDs))
	for i, userID := range userIDs {
		a := read[userID]
		c.leases.settle(userID, lease{}, func(bool) { c.applyFloor(a, c.now()) })
		all[i], _ = c.answer(a, false) // that there is none is an answer
	}
	return all, nil
}

// grantMissed gives each user who is missing a lease.
func (c *Cache) grantMissed(userIDs []string, missing []int, now time.Time) []missed {
	misses := make([]missed, 0, len(missing))
	for _, i := range missing {
		held, dirty := c.leases.grant(userIDs[i], now)
		misses = append(misses, missed{userIDs[i], held, dirty})
	}
	return misses
}

// loadMissed reads users, and settles each of them as the load of that user would.
func (c *Cache) loadMissed(ctx context.Context, subject string, misses []missed, began time.Time) (map[string]result[*approval], error) {
	found, err := c.readMissed(ctx, subject, misses)
	if err != nil {
		return nil, err
	}
	for _, m := range misses {
		r := found[m.userID]
		c.leases.settle(m.userID, m.held, func(valid bool) {
			if keep, until := valid && !r.degraded, began.Add(c.times.life); subject == "" {
				r.value = c.settleLatest(r.value, keep, until)
			} else {
				r.value = c.settleSubject(r.value, keep, m.held, until)
			}
		})
		found[m.userID] = r
	}
	return found, nil
}

// readMissed reads each user where a load would read that user alone.
func (c *Cache) readMissed(ctx context.Context, subject string, misses []missed) (map[string]result[*approval], error) {
	found := make(map[string]result[*approval], len(misses))
	left, lacked := c.readMissedProven(ctx, subject, misses, found)
	if len(left) == 0 || ctx.Err() != nil {
		return found, ctx.Err()
	}
	dirty := slices.ContainsFunc(left, missed.isDirty)
	read := readUsers(subject, idsOf(left)).withTimeout(addTrips(c.times.query, c.trip))
	primary, err := read.unlessQuiet(c, dirty)(ctx, c.primary)
	overloaded := errors.Is(err, ticket.ErrOverloaded)
	if !overloaded && !errors.Is(err, ticket.ErrUnavailable) {
		addResults(found, primary, false)
		return found, err
	}
	addResults(found, lacked, false) // as far as can be said without the primary
	left = slices.DeleteFunc(left, func(m missed) bool { return lacked[m.userID] != nil })
	if len(left) == 0 {
		return found, nil
	}
	if overloaded && dirty {
		return nil, err
	}
	replica, err := readDegraded(ctx, c, readUsers(subject, idsOf(left)).withTimeout(addTrips(c.times.query, c.trip)), err)
	addResults(found, replica.value, true)
	return found, err
}

// readMissedProven adds whom a proven replica has. It returns the others, and what the replica says of those whom it lacks.
func (c *Cache) readMissedProven(ctx context.Context, subject string, misses []missed, found map[string]result[*approval]) (left []missed, lacked approvals) {
	clean := slices.DeleteFunc(slices.Clone(misses), missed.isDirty)
	if len(clean) == 0 {
		return misses, nil
	}
	read, proven, err := readProven(ctx, c, readUsers(subject, idsOf(clean)))
	if !proven || err != nil {
		return misses, nil
	}
	lacked = approvals{}
	for _, m := range misses {
		switch a := read[m.userID]; {
		case m.dirty:
			left = append(left, m)
		case a.none:
			left, lacked[m.userID] = append(left, m), a
		default:
			found[m.userID] = result[*approval]{value: a}
		}
	}
	return left, lacked
}

// readUsers reads the approvals of some users for a subject; empty: the latest of all.
func readUsers(subject string, userIDs []string) readFunc[approvals] {
	return func(ctx context.Context, from ticket.Reader) (approvals, error) {
		latest := from.LatestBatch
		if subject != "" {
			latest = func(ctx context.Context, userIDs []string) ([]ticket.Approval, error) {
				return from.LatestFor(ctx, subject, userIDs)
			}
		}
		read, err := latest(ctx, userIDs)
		all := make(approvals, len(read))
		for i, a := range read {
			if a.TicketID == uuid.Nil {
				all[userIDs[i]] = noApproval(userIDs[i], subject, removedVersion(a))
			} else {
				all[userIDs[i]] = compact(a, keyOf(a.UserID, subject))
			}
		}
		return all, err
	}
}

func addResults(found map[string]result[*approval], read approvals, degraded bool) {
	for userID, a := range read {
		found[userID] = result[*approval]{a, degraded}
	}
}

func (m missed) isDirty() bool { return m.dirty }

func idsOf(users []missed) []string {
	ids := make([]string, len(users))
	for i, m := range users {
		ids[i] = m.userID
	}
	return ids
}
