package store

import (
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
	ctx, cancel := postgres.DetachWrite(ctx, s.pool)
	defer cancel()
	return s.submit(ctx, sub)
}

func (s *Store) submit(ctx context.Context, sub ticket.Submission) (ticket.Ticket, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return ticket.Ticket{}, postgres.WrapError("make a ticket id", err)
	}
	made := newTicket{id, sub}
	missing := false // a file that the submission names
	row, err := postgres.RetryIfOutcomeUnknown(ctx, func() (row db.Ticket, err error) {
		if len(sub.Files) == 0 && sub.Evaluate == nil && len(sub.Evaluation.Verdicts) == 0 && len(sub.Steps) == 0 {
			row, err := s.submits.Send(ctx, made)
			return firstTicket([]*db.Ticket{row}, err)
		}
		row, missing, err = s.submitAlone(ctx, made)
		return row, err
	})
	if missing {
		return ticket.Ticket{}, ticket.ErrFile
	}
	if postgres.IsNoRows(err) {
		return s.explainNoSubmission(ctx, sub)
	}
	if err != nil {
		err = postgres.WrapError("submit a ticket", err)
	}
	if !wroteNothing(err) {
		s.Publish(ctx, ticket.Change{UserID: sub.UserID})
	}
	if err != nil {
		return ticket.Ticket{}, err
	}
	return fromRow(row), nil
}

// explainNoSubmission finds out why a submission added no ticket: it is a repetition, or the user may not submit now.
func (s *Store) explainNoSubmission(ctx context.Context, sub ticket.Submission) (ticket.Ticket, error) {
	row, err := s.q.TicketBySubmission(ctx, s.pool, db.TicketBySubmissionParams{UserID: sub.UserID, SubmittedBy: sub.By, SubmissionKey: sub.Key})
	switch {
	case err == nil:
		return s.answerRepetition(ctx, row, sub)
	case !postgres.IsNoRows(err):
		return ticket.Ticket{}, postgres.WrapError("find an earlier submission", err)
	}
	return s.checkLastTicket(ctx, sub)
}

// answerRepetition returns the ticket that an earlier submission under the same key made: ticket.ErrKeyReused when that had
// other content.
func (s *Store) answerRepetition(ctx context.Context, row db.Ticket, sub ticket.Submission) (ticket.Ticket, error) {
	same, err := s.sameContent(ctx, row, sub)
	switch {
	case err != nil:
		return ticket.Ticket{}, postgres.WrapError("compare with an earlier submission", err)
	case !same:
		return fromRow(row), ticket.ErrKeyReused
	}
	s.Publish(ctx, ticket.Change{UserID: sub.UserID}) // as for a decision
	return fromRow(row), s.confirm(ctx, "confirm a submission")
}

// checkLastTicket finds out whether the user's last ticket forbids a new submission: it is open, or closed resubmission. Or the user
// has submitted too often.
func (s *Store) checkLastTicket(ctx context.Context, sub ticket.Submission) (ticket.Ticket, error) {
	last, err := s.q.TicketLastOf(ctx, s.pool, db.TicketLastOfParams{UserID: sub.UserID, Subject: &sub.Subject})
	if err != nil && !postgres.IsNoRows(err) {
		return ticket.Ticket{}, postgres.WrapError("find the last ticket", err)
	}
	switch t := fromRow(last.Ticket); {
	case err == nil && sub.OneOpen && t.Status.Open():
		return t, ticket.ErrOpenTicket
	case err == nil && sub.OneOpen && !last.Reopened && t.ClosesResubmission(cmp.Or(sub.Attempts, ticket.Attempts)):
		return t, ticket.ErrResubmissionClosed
	}
	if err := s.checkDailyLimit(ctx, sub); err != nil {
		return ticket.Ticket{}, err
	}
	return s.submit(ctx, sub) // nothing forbids it any more: the last ticket was closed meanwhile, or resubmission reopened
}

// checkDailyLimit returns ticket.ErrDailyLimit when the user has submitted as often as they may in a day.
func (s *Store) checkDailyLimit(ctx context.Context, sub ticket.Submission) error {
	if sub.DailyLimit == 0 {
		return nil
	}
	reached, err := s.q.DailyCountReached(ctx, s.pool, db.DailyCountReachedParams{UserID: sub.UserID, Kind: "submissions", Most: int32(sub.DailyLimit)})
	switch {
	case err != nil:
		return postgres.WrapError("read how often a user has submitted", err)
	case reached:
		return ticket.ErrDailyLimit
	}
	return nil
}

// fingerprint is equal for two submissions under one key that have the same answers and name the same files.
func fingerprint(sub ticket.Submission) []byte {
	sum := sha256.New()
	sum.Write([]byte(sub.UserID))
	sum.Write([]byte{0})
	sum.Write(sub.Extra)
	return sum.Sum(nil)
}
