package intake

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"docket/internal/form"
	"docket/internal/ticket"
	"docket/web/request"
)

// Complete adds what a customer does not send: the files of an earlier try to send the same form, and, when it is the next
// try after a rejection, the answers that it does not ask for again.
func (in *Intake) Complete(ctx context.Context, sent *FormInput) error {
	if err := in.addDraftFiles(ctx, sent); err != nil { // both would wait for the same lock
		return err
	}
	if err := in.Resubmit(ctx, sent); err != nil || !sent.Visits() {
		return err
	}
	return in.dropForeignFiles(ctx, sent)
}

// dropForeignFiles takes out files of the user of a submission link that came neither with the link nor with the ticket that it follows.
func (in *Intake) dropForeignFiles(ctx context.Context, sent *FormInput) error {
	before := form.Input{}
	if sent.Previous != nil {
		before = in.Form.InputFromAnswers(sent.Previous.Extra)
	}
	for _, name := range in.Form.Uploads() {
		kept := []string{}
		for _, text := range sent.Values(name) {
			foreign, err := in.isForeign(ctx, *sent, text)
			switch {
			case err != nil:
				return err
			case !foreign || slices.Contains(before.Values(name), text):
				kept = append(kept, text)
			}
		}
		if sent.Input[name] = kept; len(kept) == 0 {
			delete(sent.Input, name)
		}
	}
	return nil
}

// isForeign reports whether text is the id of a file that did not come the way that the form comes.
func (in *Intake) isForeign(ctx context.Context, sent FormInput, text string) (bool, error) {
	id, err := uuid.Parse(text)
	if err != nil {
		return false, nil
	}
	found, err := in.Files.OfUser(ctx, sent.UserID, id)
	return found[id].By != sent.Uploader(), err
}

// addDraftFiles finds the files that came with an earlier try to send the same form, where it names none now.
func (in *Intake) addDraftFiles(ctx context.Context, sent *FormInput) error {
	var missing []string
	for _, name := range in.Form.Uploads() {
		if len(sent.Values(name)) < 2 && sent.Text(name) == "" && in.showsRow(*sent, name) {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	draft, err := in.Files.Draft(ctx, sent.Draft())
	if err != nil || draft.SubmissionID != sent.SubmissionID {
		return err
	}
	for _, name := range missing {
		if draft.Answers.Text(name) != "" {
			sent.Input[name] = draft.Answers.Values(name)
		}
	}
	return nil
}

// showsRow reports whether the page that sent the form shows an input, and not a row that was removed or added elsewhere.
func (in *Intake) showsRow(sent FormInput, name string) bool {
	field, _ := in.Form.Field(name)
	return in.Form.Gives(sent.Input, field)
}

// Resubmit finds the rejected ticket that a form follows. What the form does not ask again is as it was sent before,
// whatever is given for it now; the whole form asks for everything.
func (in *Intake) Resubmit(ctx context.Context, sent *FormInput) error {
	t, found, err := in.previousTicket(ctx, sent.Owner, sent.Text("mends"))
	if err != nil || !found {
		return err
	}
	sent.Previous = &t
	if sent.WholeForm {
		return nil
	}
	if again, part := in.Form.Resubmit(t, sent.Input, in.Now()); part {
		sent.Input, sent.Asked = again.Input, again.Asked
		sent.Lock(sent.Input)
	}
	return nil
}

// ShowWholeForm makes the whole form of one that asked only for a part, with what was typed into that.
func (in *Intake) ShowWholeForm(ctx context.Context, sent *FormInput) error {
	sent.WholeForm = false
	err := in.Resubmit(ctx, sent)
	sent.WholeForm, sent.Asked = true, nil
	return err
}

// previousTicket is the rejected ticket that a form follows: the one that it names, or else the user's last. When that is
// open, it is this very submission that arrives again, and follows what that one did. False: there is none.
func (in *Intake) previousTicket(ctx context.Context, owner request.Owner, named string) (ticket.Ticket, bool, error) {
	if !in.Form.OneOpen {
		return ticket.Ticket{}, false, nil
	}
	id, err := uuid.Parse(named)
	if err != nil && !in.Form.FollowsLast() {
		return ticket.Ticket{}, false, nil
	}
	if err != nil {
		own, err := in.Desk.TicketsOf(ctx, owner.UserID, ticket.Page{Limit: 1})
		if err != nil || len(own.Tickets) == 0 {
			return ticket.Ticket{}, false, err
		}
		last := own.Tickets[0]
		if !last.Status.Open() || last.Previous == uuid.Nil {
			return last, in.AllowsResubmission(last) && owner.Sees(last), nil
		}
		id = last.Previous
	}
	t, err := in.Desk.TicketOf(ctx, owner.UserID, id)
	if errors.Is(err, ticket.ErrNotFound) {
		return ticket.Ticket{}, false, nil
	}
	return t, err == nil && in.AllowsResubmission(t) && owner.Sees(t), err
}

// AllowsResubmission reports whether a ticket was rejected for something that its user may put right. Where a user may have
// many open tickets, none of them follows another; and one that was erased has nothing to take over.
func (in *Intake) AllowsResubmission(t ticket.Ticket) bool {
	return in.Form.OneOpen && t.Status == ticket.Rejected && !t.Erased() && in.Form.ClassOf(t.Decision) == form.Retry
}
