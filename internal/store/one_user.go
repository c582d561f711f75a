package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// submitEach adds tickets, each by a statement that names its user. It returns nil for what was not added.
func (s *Store) submitEach(ctx context.Context, on db.DBTX, made []newTicket) ([]*db.Ticket, error) {
	tickets := make([]*db.Ticket, len(made))
	for _, i := range placesByUser(made, func(n newTicket) string { return n.UserID }) {
		n := made[i]
		p := db.TicketSubmitOneParams{
			ID: n.id, UserID: n.UserID, Extra: n.Extra, FormVersion: n.FormVersion, Language: n.Language, Queue: n.Queue, OneOpen: n.OneOpen,
			Attempts: int32(cmp.Or(n.Attempts, ticket.Attempts)), SubmittedBy: n.By, SubmissionKey: n.Key, SubmissionHash: fingerprint(n.Submission),
			Subject: n.Subject, Whole: n.wholeLexemes(), Words: n.wordLexemes(), DailyLimit: int32(n.DailyLimit),
		}
		err := s.writeOne(ctx, on, &tickets[i], n.id, func(tx pgx.Tx) (string, error) {
			added, err := s.q.TicketSubmitOne(ctx, tx, p)
			if !added {
				return "", err
			}
			return n.UserID, err
		})
		if err != nil {
			return nil, err
		}
	}
	return tickets, nil
}

// decideEach decides tickets, each by a statement that names its user. It returns nil for what was not decided.
func (s *Store) decideEach(ctx context.Context, on db.DBTX, closings []closing) ([]*db.Ticket, error) {
	tickets := make([]*db.Ticket, len(closings))
	for _, i := range placesByUser(closings, func(c closing) string { return c.id.String() }) {
		p := closings[i].oneParams()
		err := s.writeOne(ctx, on, &tickets[i], p.ID, func(tx pgx.Tx) (string, error) { return s.q.TicketDecideOne(ctx, tx, p) })
		if err != nil {
			return nil, err
		}
	}
	return tickets, nil
}

// oneParams are the decision as it is sent alone.
func (c closing) oneParams() db.TicketDecideOneParams {
	p := db.TicketDecideOneParams{
		ID: c.id, Version: c.version, Status: string(c.Status), DecidedBy: c.By, IgnorePlaced: c.ignorePlaced, Subject: c.terms.Subject,
		GrantExtra: c.Grant, Comment: c.Comment, Note: c.Note, RuleHash: c.Hash,
	}
	if !c.terms.Until.IsZero() {
		p.ValidUntilMs = c.terms.Until.UnixMilli()
	}
	if c.Status == ticket.Rejected {
		p.Reasons, p.RejectRows, p.Class = strings.Join(c.Reasons, "\n"), strings.Join(c.Rows, "\n"), string(c.Class)
	}
	return p
}

// writeOne has write change a ticket, and reads it in the same transaction, before anybody else changes it. write returns its user; nobody: nothing was
// changed.
func (s *Store) writeOne(ctx context.Context, on db.DBTX, written **db.Ticket, id uuid.UUID, write func(tx pgx.Tx) (user string, err error)) error {
	return postgres.TransactOn(ctx, on.(postgres.Beginner), func(tx pgx.Tx) error {
		user, err := write(tx)
		if err != nil || user == "" {
			return err
		}
		row, err := s.q.TicketGetOf(ctx, tx, db.TicketGetOfParams{ID: id, UserID: user})
		*written = &row
		return err
	})
}

// placesByUser lists the places of what is written in an order that every transaction has, so that none waits for one that waits for it.
func placesByUser[T any](all []T, key func(T) string) []int {
	places := make([]int, len(all))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(key(all[a]), key(all[b])) })
	return places
}
