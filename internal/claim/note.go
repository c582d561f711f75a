package claim

import (
	"context"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const (
	// skipTime is for how long a ticket that an agent has skipped is not offered to them.
	skipTime = 15 * time.Minute

	mostNotes = 200 // of a ticket, that are listed
)

// Skip lets go of an open ticket, which is not offered to the agent again for skipTime. It returns ticket.ErrDecided when the ticket
// is closed.
func (c *Claims) Skip(ctx context.Context, agent, id uuid.UUID) error {
	return c.addNote(ctx, agent, id, "skip a ticket", func(ctx context.Context, on db.DBTX, note uuid.UUID, user string) (uuid.UUID, error) {
		return c.q.NoteSkip(ctx, on, db.NoteSkipParams{OfUser: user, ID: note, TicketID: id, AccountID: agent, SkipMs: skipTime.Milliseconds()})
	})
}

// Comment adds a comment that agents alone see. It returns ticket.ErrNotFound when there is no such ticket or it was erased, and
// ticket.ErrOwnTicket.
func (c *Claims) Comment(ctx context.Context, agent, id uuid.UUID, text string) error {
	return c.addNote(ctx, agent, id, "comment on a ticket", func(ctx context.Context, on db.DBTX, note uuid.UUID, user string) (uuid.UUID, error) {
		return c.q.NoteComment(ctx, on, db.NoteCommentParams{OfUser: user, ID: note, TicketID: id, AccountID: agent, Text: text})
	})
}

// addNote writes something that leaves a note. Without a row it finds out why, unless an earlier attempt has left the note.
func (c *Claims) addNote(ctx context.Context, agent, id uuid.UUID, doing string, write func(ctx context.Context, on db.DBTX, note uuid.UUID, user string) (uuid.UUID, error)) error {
	ctx, cancel := postgres.DetachWrite(ctx, c.primary)
	defer cancel()
	note, err := uuid.NewV7()
	if err != nil {
		return postgres.WrapError("make an id", err)
	}
	_, err = postgres.RetryIfOutcomeUnknown(ctx, func() (written uuid.UUID, err error) {
		err = c.primary.ChangeTicket(ctx, id, func(on postgres.Statements, user string) (err error) {
			written, err = write(ctx, on, note, user)
			return err
		})
		return written, err
	})
	if postgres.IsNoRows(err) {
		if _, err := c.q.NoteGet(ctx, c.primary, note); !postgres.IsNoRows(err) {
			return wrapUnlessNil(doing, err)
		}
		return c.explainNoNote(ctx, agent, id)
	}
	c.publish(ctx, id)
	return wrapUnlessNil(doing, err)
}

func wrapUnlessNil(doing string, err error) error {
	if err == nil {
		return nil
	}
	return postgres.WrapError(doing, err)
}

// explainNoNote finds out why nothing was written: ticket.ErrStale when the ticket has changed meanwhile, so that it could be now.
func (c *Claims) explainNoNote(ctx context.Context, agent, id uuid.UUID) error {
	switch err := c.explainRefusal(ctx, agent, id); err {
	case nil, ticket.ErrHandedOver, ticket.ErrTooManyHeld:
		return ticket.ErrStale
	default:
		return err
	}
}

// Notes lists what agents did with a ticket beside deciding it, oldest first.
func (c *Claims) Notes(ctx context.Context, id uuid.UUID) ([]ticket.Note, error) {
	rows, err := c.q.NoteList(ctx, c.primary, db.NoteListParams{TicketID: id, Max: mostNotes})
	if err != nil {
		return nil, postgres.WrapError("list notes", err)
	}
	notes := make([]ticket.Note, len(rows))
	for i, row := range rows {
		notes[i] = ticket.Note{
			Kind: ticket.NoteKind(row.Kind), Actor: row.Actor, At: time.UnixMilli(row.AtMs), Text: row.Text,
			To: ticket.ParseReceiver(postgres.OrZero(row.Target)), Until: postgres.TimeOrZero(row.UntilMs),
		}
	}
	return notes, nil
}
