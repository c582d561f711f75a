package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Submit implements ticket.Desk.
func (s *Store) Submit(ctx context.Context, sub ticket.Submission) (ticket.Ticket, error) {
	ctx, cancel := postgres.DetachWrite(ctx)
	defer cancel()
	return s.submit(ctx, sub)
}

func (s *Store) submit(ctx context.Context, sub ticket.Submission) (ticket.Ticket, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return ticket.Ticket{}, postgres.WrapError("make a ticket id", err)
	}
	fresh := db.TicketSubmitParams{
		ID: id, UserID: sub.UserID, Extra: sub.Extra, FormVersion: sub.FormVersion, Language: sub.Language, OneOpen: sub.OneOpen,
		SubmittedBy: sub.By, SubmissionKey: sub.Key, SubmissionHash: fingerprint(sub),
		Attempts: int32(cmp.Or(sub.Attempts, ticket.Attempts)),
	}
	lacks := false // a file that it names
	row, err := postgres.RetryIfOutcomeUnknown(ctx, func() (row db.Ticket, err error) {
		if len(sub.Files) == 0 && sub.Evaluate == nil && len(sub.Evaluation.Verdicts) == 0 {
			made, err := s.submits.of(ctx, fresh)
			return sole([]*db.Ticket{made}, err)
		}
		row, lacks, err = s.submitWith(ctx, fresh, sub)
		return row, err
	})
	if lacks {
		return ticket.Ticket{}, ticket.ErrFile
	}
	if postgres.IsNoRows(err) {
		return s.submitted(ctx, sub)
	}
	s.Publish(ctx, ticket.Change{UserID: sub.UserID})
	if err != nil {
		return ticket.Ticket{}, postgres.WrapError("submit a ticket", err)
	}
	return fromRow(row), nil
}

// submitAll adds tickets together.
func (s *Store) submitAll(ctx context.Context, on db.DBTX, all []db.TicketSubmitParams) ([]*db.Ticket, error) {
	return tickets(s.q.TicketSubmit(ctx, on, all))
}

// submitted finds out why a submission added no ticket: it is a repetition, or something keeps it out.
func (s *Store) submitted(ctx context.Context, sub ticket.Submission) (ticket.Ticket, error) {
	row, err := s.q.TicketBySubmission(ctx, s.primary, db.TicketBySubmissionParams{SubmittedBy: sub.By, SubmissionKey: sub.Key})
	switch {
	case err == nil && bytes.Equal(row.SubmissionHash, fingerprint(sub)):
		s.Publish(ctx, ticket.Change{UserID: sub.UserID}) // as for a decision
		return fromRow(row), nil
	case err == nil:
		return fromRow(row), ticket.ErrKeyReused
	case !postgres.IsNoRows(err):
		return ticket.Ticket{}, postgres.WrapError("find an earlier submission", err)
	}
	return s.refused(ctx, sub)
}

// refused finds out what of the user's keeps a new submission out: an open ticket or a closed door.
func (s *Store) refused(ctx context.Context, sub ticket.Submission) (ticket.Ticket, error) {
	last, err := s.q.TicketLastOf(ctx, s.primary, sub.UserID)
	if err != nil && !postgres.IsNoRows(err) {
		return ticket.Ticket{}, postgres.WrapError("find the last ticket", err)
	}
	switch t := fromRow(last.Ticket); {
	case err == nil && sub.OneOpen && t.Status.Open():
		return t, ticket.ErrOpenTicket
	case err == nil && sub.OneOpen && !last.Reopened && t.ClosesResubmission(cmp.Or(sub.Attempts, ticket.Attempts)):
		return t, ticket.ErrResubmissionClosed
	}
	return s.submit(ctx, sub) // what was in the way is gone: it was closed meanwhile, or the door was opened
}

// fingerprint tells whether two submissions under one key say the same.
func fingerprint(sub ticket.Submission) []byte {
	sum := sha256.New()
	sum.Write([]byte(sub.UserID))
	sum.Write([]byte{0})
	sum.Write(sub.Extra)
	return sum.Sum(nil)
}
