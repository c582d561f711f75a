package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/ticket"
)

// newTicket is a submission with the id of its ticket.
type newTicket struct {
	id uuid.UUID
	ticket.Submission
}

// submitBatch adds tickets in one transaction, mostly by one statement: what a statement costs by itself is half of what a ticket costs.
// It returns nil for what was not added.
func (s *Store) submitBatch(ctx context.Context, on db.DBTX, made []newTicket) ([]*db.Ticket, error) {
	if distributed, err := s.pool.Distributed(ctx, on); err != nil {
		return nil, err
	} else if distributed {
		return s.submitEach(ctx, on, made)
	}
	added := make(map[uuid.UUID]db.TicketSubmitRow, len(made))
	batch := s.q.TicketSubmit(ctx, on, divideTickets(made))
	batch.Query(func(_ int, rows []db.TicketSubmitRow, _ error) { // Close returns the error
		for _, row := range rows {
			added[row.ID] = row
		}
	})
	if err := batch.Close(); err != nil {
		return nil, err
	}
	tickets := make([]*db.Ticket, len(made))
	for i, n := range made {
		if row, ok := added[n.id]; ok {
			tickets[i] = n.openTicket(row)
		}
	}
	return tickets, nil
}

// divideTickets puts into one statement what may be added together: it sees nothing of what it adds itself, and has one limit of the day.
func divideTickets(made []newTicket) (statements []db.TicketSubmitParams) {
	for _, n := range made {
		at := slices.IndexFunc(statements, n.fits)
		if at < 0 {
			at, statements = len(statements), append(statements, db.TicketSubmitParams{DailyLimit: int32(n.DailyLimit)})
		}
		n.addTo(&statements[at])
	}
	return statements
}

// fits reports whether the ticket can be added by a statement beside those that it adds.
func (n newTicket) fits(p db.TicketSubmitParams) bool {
	if int32(n.DailyLimit) != p.DailyLimit || slices.Contains(p.UserIds, n.UserID) {
		return false
	}
	for i, key := range p.SubmissionKeys {
		if key == n.Key && p.SubmittedBy[i] == n.By {
			return false
		}
	}
	return true
}

// addTo adds the ticket to those of a statement.
func (n newTicket) addTo(p *db.TicketSubmitParams) {
	p.Ids, p.UserIds, p.Extras = append(p.Ids, n.id), append(p.UserIds, n.UserID), append(p.Extras, n.Extra)
	p.FormVersions, p.Languages, p.Queues = append(p.FormVersions, n.FormVersion), append(p.Languages, n.Language), append(p.Queues, n.Queue)
	p.Subjects = append(p.Subjects, n.Subject)
	p.OneOpen, p.Attempts = append(p.OneOpen, n.OneOpen), append(p.Attempts, int32(cmp.Or(n.Attempts, ticket.Attempts)))
	p.SubmittedBy, p.SubmissionKeys = append(p.SubmittedBy, n.By), append(p.SubmissionKeys, n.Key)
	p.SubmissionHashes = append(p.SubmissionHashes, fingerprint(n.Submission))
	p.Whole, p.Words = append(p.Whole, n.wholeLexemes()), append(p.Words, n.wordLexemes())
}

// wholeLexemes are what the ticket is found by whatever its day is, one a line.
func (n newTicket) wholeLexemes() string {
	lexemes := append([]string{wholeNumber(n.id)}, n.Whole...)
	for _, signal := range n.Signals {
		lexemes = append(lexemes, signalMark+signal)
	}
	for _, identity := range n.Identities {
		lexemes = append(lexemes, identityLexeme(identity))
	}
	return strings.Join(lexemes, "\n")
}

// wordLexemes are the words that the ticket is found by, each after a line end.
func (n newTicket) wordLexemes() string {
	if len(n.Words) == 0 {
		return ""
	}
	return "\n" + strings.Join(n.Words, "\n")
}

// openTicket is the row of the ticket: what was sent, and what the database made of it.
func (n newTicket) openTicket(row db.TicketSubmitRow) *db.Ticket {
	return &db.Ticket{
		ID: n.id, UserID: n.UserID, Status: string(ticket.Processing), Version: 1, Extra: row.Extra, FormVersion: n.FormVersion, Language: n.Language,
		Queue: n.Queue, Subject: n.Subject, OneOpen: n.OneOpen, SubmittedBy: n.By, SubmissionKey: n.Key, Attempt: row.Attempt, PreviousID: row.PreviousID,
		CreatedAtMs: row.CreatedAtMs, UpdatedAtMs: row.CreatedAtMs,
	}
}
