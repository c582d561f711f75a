package transfer

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"docket/db"
)

// step is one of the changes that made a ticket what it is.
type step struct {
	atMS   int64
	kind   stepKind
	ticket *Ticket
}

// stepKind orders the changes of one ticket that have the same time.
type stepKind int

const (
	add    stepKind = iota // as it was closed, or as it is if it is open
	expire                 // an approval ends
	revoke                 // an approval is taken back
	erase
)

// round holds changes of many users, at most one of each user, so that each kind of them is one statement.
type round struct {
	added   []*Ticket
	latest  []uuid.UUID // those of the added that become the latest approval of their users
	expired []*Ticket
	revoked []*Ticket
	erased  []*Ticket
}

// plan is how tickets are added: in the order in which everything happened to those of each user.
type plan struct {
	rounds []round
	firsts map[string]int64 // when users were first approved, if that was earlier than the database knows
}

// newPlan plans to add the tickets of users. latest is what the database knows of each of them.
func newPlan(users map[string][]*Ticket, latest []db.TransferLatestRow) (p plan, err error) {
	p.firsts = map[string]int64{}
	for _, known := range latest {
		if err := p.addUser(known, stepsOf(users[known.UserID])); err != nil {
			return p, err
		}
	}
	return p, nil
}

// stepsOf lists what happened to tickets, in the order of time.
func stepsOf(tickets []*Ticket) (steps []step) {
	for _, t := range tickets {
		steps = append(steps, step{max(t.CreatedMS, t.ClosedMS), add, t})
		if t.ExpiredMS != 0 {
			steps = append(steps, step{t.ExpiredMS, expire, t})
		}
		if t.Revoked != nil {
			steps = append(steps, step{t.Revoked.AtMS, revoke, t})
		}
		if t.Erased != nil {
			steps = append(steps, step{t.Erased.AtMS, erase, t})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int {
		return cmp.Or(cmp.Compare(a.atMS, b.atMS), cmp.Compare(a.kind, b.kind), cmp.Compare(a.ticket.CreatedMS, b.ticket.CreatedMS))
	})
	return steps
}

// addUser plans the steps of one user.
func (p *plan) addUser(known db.TransferLatestRow, steps []step) error {
	var latestID uuid.UUID
	first := known.FirstMs
	for n, s := range steps {
		if n == len(p.rounds) {
			p.rounds = append(p.rounds, round{})
		}
		r, t := &p.rounds[n], s.ticket
		switch s.kind {
		case add:
			r.added = append(r.added, t)
			if t.ClosedMS == 0 || !t.approved() {
				continue
			}
			switch {
			case t.ClosedMS <= known.Removed:
				return fmt.Errorf("ticket %s was approved before an approval of the same user that was taken back or erased", t.ID)
			case t.ClosedMS == known.LatestMs:
				return fmt.Errorf("ticket %s was approved in the same millisecond as another one of the same user", t.ID)
			case t.ClosedMS > known.LatestMs:
				r.latest = append(r.latest, t.ID)
				if known.LatestMs == 0 {
					known.FirstMs, first = t.ClosedMS, t.ClosedMS
				}
				known.LatestMs, latestID = t.ClosedMS, t.ID
			}
			first = min(first, t.ClosedMS)
		case expire:
			r.expired = append(r.expired, t)
			continue
		case revoke:
			r.revoked = append(r.revoked, t)
		case erase:
			r.erased = append(r.erased, t)
		}
		if s.kind != add && t.ID == latestID {
			known.Removed, known.LatestMs, latestID = known.LatestMs, 0, uuid.Nil
		}
	}
	if known.LatestMs != 0 && first < known.FirstMs {
		p.firsts[known.UserID] = first
	}
	return nil
}

// approved reports whether the ticket was approved, also if that was taken back.
func (t *Ticket) approved() bool { return t.Status == "approved" || t.Status == "revoked" }
