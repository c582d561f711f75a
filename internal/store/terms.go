package store

import (
	"context"
	"time"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const expireMost = 100 // approvals in one transaction

// WithTerms says what approvals are for and when they end; nil: as they were submitted, and never.
func (s *Store) WithTerms(terms ticket.TermsOf) *Store {
	s.terms = terms
	return s
}

// addTerms adds to a decision what its approval is for and when it ends. The time is that of the database.
func (s *Store) addTerms(ctx context.Context, on db.DBTX, c *closing) error {
	if s.terms == nil || c.Status != ticket.Approved {
		return nil
	}
	row, err := s.q.TicketTerms(ctx, on, c.id)
	switch {
	case postgres.IsNoRows(err): // the decision finds no ticket either
		return nil
	case err != nil:
		return err
	}
	c.terms = s.terms(row.Extra, c.Grant, time.UnixMilli(row.NowMs))
	return nil
}

// Time is the clock of the primary.
func (r *Reader) Time(ctx context.Context) (time.Time, error) {
	ms, err := r.q.PrimaryTime(ctx, r.pool)
	return time.UnixMilli(ms), postgres.WrapError("read the clock of the primary", err)
}

// RemindDue has an e-mail written to the owners of approvals that end within lead. Each is reminded once, whichever instance does it.
func (s *Store) RemindDue(ctx context.Context, lead time.Duration) error {
	_, err := s.q.TicketRemind(ctx, s.pool, db.TicketRemindParams{LeadMs: lead.Milliseconds(), Most: expireMost})
	return postgres.WrapError("remind of the end of approvals", err)
}

// ExpireDue implements ticket.Desk.
func (s *Store) ExpireDue(ctx context.Context) ([]string, error) {
	users, err := s.q.TicketExpire(ctx, s.pool, expireMost)
	if err != nil {
		return nil, postgres.WrapError("note that approvals have ended", err)
	}
	for _, user := range users {
		s.Publish(ctx, ticket.Change{UserID: user})
	}
	return users, nil
}
