package store

import (
	"context"
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const (
	mostWhole  = 1000       // tickets that one number or address finds
	dayMS      = 86_400_000 // of the days that words carry
	signalMark = "!"        // before a warning of a picture
	wholeMark  = "="        // before what is found whole, as package search writes it
)

// wholeNumber is how a ticket is found by its number.
func wholeNumber(id uuid.UUID) string { return wholeMark + strings.ToLower(ticket.Number(id)) }

// identityLexeme is how the tickets with an identity are found.
func identityLexeme(i ticket.Identity) string { return "~" + hex.EncodeToString(i.Hash) }

// Signals implements ticket.Reader.
func (r *Reader) Signals(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID][]string, error) {
	rows, err := r.q.TicketSignals(ctx, r.pool, ids)
	if err != nil {
		return nil, postgres.WrapError("read the warnings of pictures", err)
	}
	signals := map[uuid.UUID][]string{}
	for _, row := range rows {
		if len(row.Signals) > 0 {
			signals[row.TicketID] = row.Signals
		}
	}
	return signals, nil
}

// SamePerson implements ticket.Reader.
func (r *Reader) SamePerson(ctx context.Context, userID string, identity ticket.Identity, most int) ([]ticket.Ticket, error) {
	rows, err := r.q.TicketSamePerson(ctx, r.pool, db.TicketSamePersonParams{
		UserID: userID, Identity: quoteLexeme(identityLexeme(identity)), Most: mostWhole, Max: int32(most),
	})
	list, err := toList(rows, err, most, ticket.After, "find tickets of the same person")
	return list.Tickets, err
}

// countSamePerson counts the other users with an identity of a new ticket. It waits for others that are being submitted.
func (s *Store) countSamePerson(ctx context.Context, tx pgx.Tx, sub ticket.Submission) (int, error) {
	lexemes := make([]string, len(sub.Identities))
	for i, identity := range sub.Identities {
		lexemes[i] = identityLexeme(identity)
	}
	if err := s.q.TicketIdentityLock(ctx, tx, lexemes); err != nil {
		return 0, err
	}
	users, err := s.q.TicketSamePersonCount(ctx, tx, db.TicketSamePersonCountParams{UserID: sub.UserID, Identities: quoteAny(lexemes), Most: mostWhole})
	return int(users), err
}

// Search implements ticket.Reader. What is given whole is looked for first, and where that finds nothing, words.
func (r *Reader) Search(ctx context.Context, s ticket.Search) (ticket.List, error) {
	if s.IsZero() {
		return ticket.List{}, nil
	}
	rows, err := r.findWhole(ctx, s)
	if err == nil && len(rows) == 0 {
		rows, err = r.findWords(ctx, s)
	}
	list, err := toList(rows, err, s.Limit, ticket.After, "search tickets")
	if err != nil {
		return list, err
	}
	return r.addArchivedFound(ctx, s, list)
}

func (r *Reader) findWhole(ctx context.Context, s ticket.Search) ([]db.Ticket, error) {
	after := startNewestFirst(s.After, time.UnixMilli(math.MaxInt64))
	return r.q.TicketFindWhole(ctx, r.pool, db.TicketFindWholeParams{
		Whole: quoteAny(s.Whole), UserID: s.UserID, Email: s.Email, ID: s.ID, Most: mostWhole,
		AfterMs: after.At.UnixMilli(), AfterID: after.ID, Max: int32(s.Limit + 1),
	})
}

// findWords looks through the days of the range from the last one on, and stops as soon as there are enough tickets: a common
// name is not read of a whole month to show its newest fifty.
func (r *Reader) findWords(ctx context.Context, s ticket.Search) (found []db.Ticket, err error) {
	after := startNewestFirst(s.After, s.To)
	first, last := s.From.UnixMilli()/dayMS, after.At.UnixMilli()/dayMS
	for span := int64(1); last >= first && len(found) <= s.Limit; span *= 4 {
		from := max(first, last-span+1)
		more, err := r.q.TicketFindWords(ctx, postgres.Rewriting{Pool: r.pool}, db.TicketFindWordsParams{
			Words: quoteWords(s.Words, from, last), FromMs: s.From.UnixMilli(),
			AfterMs: after.At.UnixMilli(), AfterID: after.ID, Max: int32(s.Limit + 1 - len(found)),
		})
		if err != nil {
			return nil, err
		}
		found, last = append(found, more...), from-1
	}
	return found, nil
}

// quoteWords is a tsquery for tickets of these days that have a word beginning with each of words.
func quoteWords(words []string, first, last int64) string {
	var days []string
	for day := first; day <= last; day++ {
		var all []string
		for _, word := range words {
			all = append(all, quoteLexeme(strconv.FormatInt(day, 10)+" "+word)+":*")
		}
		days = append(days, strings.Join(all, " & "))
	}
	return strings.Join(days, " | ")
}

// quoteAny is a tsquery for what has any of these.
func quoteAny(whole []string) string {
	quoted := make([]string, len(whole))
	for i, text := range whole {
		quoted[i] = quoteLexeme(text)
	}
	return strings.Join(quoted, " | ")
}

// quoteLexeme is a lexeme of a tsquery; after an E it is a text of SQL.
func quoteLexeme(text string) string {
	return "'" + strings.NewReplacer("'", "''", `\`, `\\`).Replace(text) + "'"
}
