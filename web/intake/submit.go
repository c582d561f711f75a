package intake

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/search"
	"docket/internal/ticket"
)

// SubmitForm checks what a customer sent and submits it. What is wrong with it is form.Invalid, in the language given;
// that is empty when only files of it were refused.
func (in *Intake) SubmitForm(ctx context.Context, sent FormInput, language string) (ticket.Ticket, error) {
	answers, err := in.Form.In(language).Check(sent.Input, in.Now())
	if len(sent.Refused) > 0 {
		wrong, _ := errors.AsType[form.Invalid](err)
		return ticket.Ticket{}, wrong
	}
	if err != nil {
		return ticket.Ticket{}, err
	}
	return in.Submit(ctx, ticket.Submission{
		UserID: sent.UserID, By: sent.Sender(), Key: sent.SubmissionID, Language: language, DailyLimit: in.Form.SubmissionsPerDay,
	}, answers)
}

// Submit gives checked answers to the desk, once the rules of the form have evaluated them and the form is kept. When the form
// cannot be kept, the ticket is still submitted. It returns form.Invalid where a step asks nobody who exists, and that must not be.
func (in *Intake) Submit(ctx context.Context, sub ticket.Submission, answers form.Answers) (ticket.Ticket, error) {
	placed := in.filesIn(answers)
	sub.Extra, sub.Files = answers.JSON(), withoutRows(placed)
	sub.FormVersion, sub.OneOpen, sub.Attempts = in.Form.Version, in.Form.OneOpen, in.Form.Attempts
	sub.Words, sub.Whole = search.Index(in.Form, answers)
	sub.Identities = in.Identifier.Identities(in.Form, answers)
	sub.Queue, sub.Subject = in.Form.QueueOf(answers, in.Now()), in.Form.SubjectOf(answers)
	sub.Steps = in.Form.StepsOf(answers, in.Now())
	if err := in.checkApprovers(ctx, sub); err != nil {
		return ticket.Ticket{}, err
	}
	pictures, err := in.Files.OfUser(ctx, sub.UserID, slices.Concat(slices.Collect(maps.Values(sub.Files))...)...)
	if err != nil {
		return ticket.Ticket{}, err
	}
	sub.Signals = warningsOf(pictures)
	in.evaluate(ctx, &sub, answers, pictures)
	if err := in.Forms.Keep(ctx, in.Form); err != nil {
		in.Log.Warn("a ticket is submitted under a form that is not kept", "version", in.Form.Version, "error", err)
	}
	t, err := in.Desk.Submit(ctx, sub)
	if errors.Is(err, ticket.ErrFile) {
		return t, FilesLost{placed}
	}
	return t, err
}

// FilesLost says that at least one of these files could not be given to the ticket: it is not there any more, is not the
// user's, or belongs to another ticket. Of a group they are by row, such as "owners.1.photo".
type FilesLost struct{ Files ticket.Files }

// Error implements error.
func (FilesLost) Error() string { return ticket.ErrFile.Error() }

// Unwrap gives ticket.ErrFile.
func (FilesLost) Unwrap() error { return ticket.ErrFile }

// filesIn is the files that checked answers name.
func (in *Intake) filesIn(answers form.Answers) ticket.Files {
	found := ticket.Files{}
	for field, answer := range in.Form.Each(answers) {
		if !field.Type.Upload() {
			continue
		}
		for _, text := range answer.Texts {
			if id, err := uuid.Parse(text); err == nil {
				found[answer.Name] = append(found[answer.Name], id)
			}
		}
	}
	return found
}

// withoutRows is files by the fields for which they are kept: those in the rows of a group together.
func withoutRows(placed ticket.Files) ticket.Files {
	kept := ticket.Files{}
	for name, ids := range placed {
		field := form.InAnyRow(name)
		kept[field] = append(kept[field], ids...)
	}
	return kept
}

// FilesOf is the files that a ticket names, by the fields at which its answers name them: of a group by row, such as "owners.1.photo".
func (in *Intake) FilesOf(ctx context.Context, t ticket.Ticket) (map[string][]files.File, error) {
	named, err := in.Files.OfTicket(ctx, t.ID)
	if err != nil || !slices.ContainsFunc(slices.Collect(maps.Keys(named)), func(field string) bool { return strings.Contains(field, ".") }) {
		return named, err
	}
	places, placed := in.Forms.OfTicket(ctx, in.Form, t).FilePlaces(t.Extra), map[string][]files.File{}
	for field, list := range named {
		for _, file := range list {
			name := cmp.Or(places[file.ID.String()], field)
			placed[name] = append(placed[name], file)
		}
	}
	return placed, nil
}
