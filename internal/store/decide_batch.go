package store

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/ticket"
)

// closing is a decision of a version of a ticket.
type closing struct {
	id      uuid.UUID
	version int64
	ticket.Decision
	terms        ticket.Terms // of an approval
	ignorePlaced bool         // whoever it was handed over to
}

// decideBatch decides tickets by one statement, which decides one ticket of each user: what a statement costs by itself is half of what a
// decision costs. What is not decided then is sent once more, each by a statement of its own. It returns nil for what was not decided at all.
func (s *Store) decideBatch(ctx context.Context, on db.DBTX, closings []closing) ([]*db.Ticket, error) {
	if distributed, err := s.pool.Distributed(ctx, on); err != nil {
		return nil, err
	} else if distributed {
		return s.decideEach(ctx, on, closings)
	}
	decided := make([]*db.Ticket, len(closings))
	err := s.decideGroups(ctx, on, closings, groupByTicket(closings), decided)
	if err != nil || len(closings) == 1 {
		return decided, err
	}
	var left [][]int
	for i, row := range decided {
		if row == nil {
			left = append(left, []int{i})
		}
	}
	if len(left) == 0 {
		return decided, nil
	}
	return decided, s.decideGroups(ctx, on, closings, left, decided)
}

// decideGroups decides each group by one statement, all of them in one transaction, and puts the tickets where their closings are.
func (s *Store) decideGroups(ctx context.Context, on db.DBTX, closings []closing, groups [][]int, decided []*db.Ticket) error {
	statements := make([]db.TicketDecideParams, len(groups))
	for n, group := range groups {
		for _, i := range group {
			closings[i].addTo(&statements[n])
		}
	}
	batch := s.q.TicketDecide(ctx, on, statements)
	batch.Query(func(n int, rows []db.Ticket, _ error) { // Close returns the error
		for _, row := range rows {
			at := slices.IndexFunc(groups[n], func(i int) bool { return closings[i].id == row.ID })
			decided[groups[n][at]] = &row
		}
	})
	return batch.Close()
}

// groupByTicket divides closings, by their places, into groups that have each ticket once.
func groupByTicket(closings []closing) (groups [][]int) {
	seen := make(map[uuid.UUID]int, len(closings)) // how often
	for i, c := range closings {
		n := seen[c.id]
		seen[c.id]++
		if n == len(groups) {
			groups = append(groups, nil)
		}
		groups[n] = append(groups[n], i)
	}
	return groups
}

// addTo adds the decision to those of a statement.
func (c closing) addTo(p *db.TicketDecideParams) {
	until := int64(0)
	if !c.terms.Until.IsZero() {
		until = c.terms.Until.UnixMilli()
	}
	p.Ids, p.Versions, p.IgnorePlaced = append(p.Ids, c.id), append(p.Versions, c.version), append(p.IgnorePlaced, c.ignorePlaced)
	p.Statuses, p.DecidedBy, p.RuleHashes = append(p.Statuses, string(c.Status)), append(p.DecidedBy, c.By), append(p.RuleHashes, c.Hash)
	p.Subjects, p.ValidUntilMs, p.Grants = append(p.Subjects, c.terms.Subject), append(p.ValidUntilMs, until), append(p.Grants, c.Grant)
	p.Notes, p.Comments = append(p.Notes, c.Note), append(p.Comments, c.Comment)
	reasons, rows, class := "", "", ""
	if c.Status == ticket.Rejected {
		reasons, rows, class = strings.Join(c.Reasons, "\n"), strings.Join(c.Rows, "\n"), string(c.Class)
	}
	p.Reasons, p.RejectRows, p.Classes = append(p.Reasons, reasons), append(p.RejectRows, rows), append(p.Classes, class)
}
