// Package intake is a submission's way from a request to the desk, wherever it comes from: its body is read and its files are
// kept, an earlier draft or ticket completes it, the form checks it and the rules evaluate it.
package intake

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/formarchive"
	"docket/internal/metrics"
	"docket/internal/opinion"
	"docket/internal/search"
	"docket/internal/ticket"
)

// Intake takes submissions under one form.
type Intake struct {
	Desk       ticket.Desk
	Form       *form.Form
	Forms      *formarchive.Archive
	Files      *files.Files
	Metrics    *metrics.Metrics
	Identifier *search.Identifier
	Opinions   *opinion.Opinions
	Attributes AttributesOf
	Staff      StaffOf
	Log        *slog.Logger
	Now        func() time.Time
}

// NeedsSecond reports whether two people have to think the same of a ticket, by today's form; never of one that is closed.
func (in *Intake) NeedsSecond(ctx context.Context, id uuid.UUID) (bool, error) {
	if in.Form.Second == nil {
		return false, nil
	}
	t, err := in.Desk.Ticket(ticket.Fresh(ctx), id)
	return err == nil && in.NeedsSecondOf(t), err
}

// NeedsSecondOf is NeedsSecond for a ticket that was read.
func (in *Intake) NeedsSecondOf(t ticket.Ticket) bool {
	f := in.Form
	return f.Second != nil && t.Status.Open() && f.Second.Holds(f.ValuesOf(f.Answers(t.Extra), t.CreatedAt))
}

// AddRows adds to a rejection the rows of groups that it is for, and the answers of its ticket, to which they belong.
func (in *Intake) AddRows(ctx context.Context, id uuid.UUID, r *form.Rejection, rows []string) error {
	if len(rows) == 0 {
		return nil
	}
	t, err := in.Desk.Ticket(ticket.Fresh(ctx), id)
	r.Rows, r.Extra = rows, t.Extra
	return err
}

// RejectionForm is today's form, whose reasons are given, in the language in which a ticket's user filled in theirs.
func (in *Intake) RejectionForm(ctx context.Context, id uuid.UUID) (*form.Form, error) {
	if len(in.Form.Languages) == 1 {
		return in.Form, nil
	}
	t, err := in.Desk.Ticket(ticket.Fresh(ctx), id)
	return in.Form.In(t.Language), err
}
