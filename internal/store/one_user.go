package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"docket/db"
	"docket/internal/ticket"
)

// submitEach adds tickets in one transaction, each by a statement that names its user. It returns nil for what was not added.
func (s *Store) submitEach(ctx context.Context, on db.DBTX, made []newTicket) ([]*db.Ticket, error) {
	tickets := make([]*db.Ticket, len(made))
	for _, i := range placesByUser(made, func(n newTicket) string { return n.UserID }) {
		n := made[i]
		added, err := s.q.TicketSubmitOne(ctx, on, db.TicketSubmitOneParams{
			ID: n.id, UserID: n.UserID, Extra: n.Extra, FormVersion: n.FormVersion, Language: n.Language, Queue: n.Queue, OneOpen: n.OneOpen,
			Attempts: int32(cmp.Or(n.Attempts, ticket.Attempts)), SubmittedBy: n.By, SubmissionKey: n.Key, SubmissionHash: fingerprint(n.Submission),
			Subject: n.Subject, Whole: n.wholeLexemes(), Words: n.wordLexemes(), DailyLimit: int32(n.DailyLimit),
		})
		if err != nil {
			return nil, err
		}
		if !added {
			continue
		}
		row, err := s.q.TicketGetOf(ctx, on, db.TicketGetOfParams{ID: n.id, UserID: n.UserID})
		if err != nil {
			return nil, err
		}
		tickets[i] = &row
	}
	return tickets, nil
}

// decideEach decides tickets in one transaction, each by a statement that names its user. It returns nil for what was not decided.
func (s *Store) decideEach(ctx context.Context, on db.DBTX, closings []closing) ([]*db.Ticket, error) {
	tickets := make([]*db.Ticket, len(closings))
	for _, i := range placesByUser(closings, func(c closing) string { return c.id.String() }) {
		c := closings[i]
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
		user, err := s.q.TicketDecideOne(ctx, on, p)
		if err != nil {
			return nil, err
		}
		if user == "" {
			continue
		}
		row, err := s.q.TicketGetOf(ctx, on, db.TicketGetOfParams{ID: c.id, UserID: user})
		if err != nil {
			return nil, err
		}
		tickets[i] = &row
	}
	return tickets, nil
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
