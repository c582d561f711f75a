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
	Log        *slog.Logger
	Now        func() time.Time
}

// RejectionForm is today's form, whose reasons are given, in the language in which a ticket's user filled in theirs.
func (in *Intake) RejectionForm(ctx context.Context, id uuid.UUID) (*form.Form, error) {
	if len(in.Form.Languages) == 1 {
		return in.Form, nil
	}
	t, err := in.Desk.Ticket(ticket.Fresh(ctx), id)
	return in.Form.In(t.Language), err
}
