// Package intake takes a checked submission to the desk, wherever it comes from: the rules of the form evaluate it, the form is
// kept, and the files that it names are given to its ticket.
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
	"docket/internal/ticket"
)

// Intake takes submissions under one form.
type Intake struct {
	Desk    ticket.Desk
	Form    *form.Form
	Forms   *formarchive.Forms
	Files   *files.Files
	Metrics *metrics.Metrics
	Log     *slog.Logger
	Now     func() time.Time
}

// Submit gives a submission to the desk once its form is kept. A ticket is worth more than the words of its questions: it
// is taken even if those cannot be kept.
func (in *Intake) Submit(ctx context.Context, sub ticket.Submission) (ticket.Ticket, error) {
	if err := in.Forms.Keep(ctx, in.Form); err != nil {
		in.Log.Warn("a ticket is submitted under a form that is not kept", "version", in.Form.Version, "error", err)
	}
	return in.Desk.Submit(ctx, sub)
}

// FilesIn is the files that checked answers name.
func FilesIn(answers form.Answers) ticket.Files {
	found := ticket.Files{}
	for _, answer := range answers {
		if id, err := uuid.Parse(answer.Text); err == nil && answer.Type.Upload() {
			found[answer.Name] = id
		}
	}
	return found
}

// RejectionForm is today's form, whose reasons are given, in the language in which a ticket's user filled in theirs.
func (in *Intake) RejectionForm(ctx context.Context, id uuid.UUID) (*form.Form, error) {
	if len(in.Form.Languages) == 1 {
		return in.Form, nil
	}
	t, err := in.Desk.Ticket(ticket.Fresh(ctx), id)
	return in.Form.In(t.Language), err
}
