package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/ticket"
	"docket/web/problem"
	"docket/web/request"
)

// What a decision can be.
const (
	decisionApprove = "approve"
	decisionReject  = "reject"
)

// Decide closes a ticket by the decision of another system.
func (a *API) Decide(w http.ResponseWriter, r *http.Request, by account.Key) error {
	if _, err := parseParameters(r); err != nil {
		return err
	}
	id, err := request.TicketID(r)
	if err != nil {
		return err
	}
	decision, version, err := a.readDecision(w, r, id, ticket.Key(by.Name))
	if err != nil {
		return err
	}
	if err := a.checkNotOwn(r.Context(), id, by); err != nil {
		return err
	}
	decide := a.Desk.Decide
	switch first, err := a.isFirstOpinion(r.Context(), id, by); {
	case err != nil:
		return err
	case first:
		decide = a.Desk.GiveFirstOpinion
	}
	t, err := decide(r.Context(), id, version, decision)
	switch {
	case errors.Is(err, ticket.ErrDecided), errors.Is(err, ticket.ErrStale), errors.Is(err, ticket.ErrClaimed), errors.Is(err, ticket.ErrOpinion), errors.Is(err, ticket.ErrStep):
		return problem.WithTicket(err, newDecidedTicketJSON(t, by))
	case err != nil:
		return err
	}
	return WriteJSON(w, http.StatusOK, newDecidedTicketJSON(t, by))
}

// isFirstOpinion reports whether what a key decides is the first opinion of a ticket that two have to decide. It refuses a ticket that
// only agents decide while none has given an opinion. Where one has, the database lets a system decide what that agent thinks, too.
func (a *API) isFirstOpinion(ctx context.Context, id uuid.UUID, by account.Key) (bool, error) {
	if a.Form.Second == nil {
		return false, nil
	}
	t, err := a.Desk.Ticket(ticket.Fresh(ctx), id)
	if err != nil || !a.Intake.NeedsSecondOf(t) {
		return false, err
	}
	opinions, err := a.Opinions.List(ctx, id)
	given := opinions[id]
	switch {
	case err != nil:
		return false, err
	case len(given) > 0:
		return given[0].Decision.By == ticket.Key(by.Name), nil
	case a.Form.FirstByProgram:
		return true, nil
	}
	return false, problem.WithTicket(ticket.ErrOpinion, newDecidedTicketJSON(t, by))
}

// checkNotOwn refuses a ticket that a key has submitted, if that key may not decide its own.
func (a *API) checkNotOwn(ctx context.Context, id uuid.UUID, by account.Key) error {
	if !by.NotOwn {
		return nil
	}
	t, err := a.Desk.Ticket(ticket.Fresh(ctx), id)
	if err != nil {
		return err
	}
	if t.SubmittedBy == ticket.Key(by.Name) {
		return problem.WithDetail(ticket.ErrOwnTicket, "This key does not decide what it has submitted.")
	}
	return nil
}

// readDecision reads and checks a decision, and the version of the ticket that it was made on.
func (a *API) readDecision(w http.ResponseWriter, r *http.Request, id uuid.UUID, by string) (ticket.Decision, int64, error) {
	b, err := readJSON(w, r, "decision", "version", "reason", "reasons", "rows", "class", "comment", "note", "grant")
	if err != nil {
		return ticket.Decision{}, 0, err
	}
	version, note := b.readVersion("version"), b.readComment("note")
	decision := ticket.Approve(by, note)
	switch choice, ok := b.readText("decision", true); {
	case choice == decisionApprove:
		b.refuseFields("Only a rejection has this field.", "reason", "reasons", "rows", "class", "comment")
		if decision.Grant, err = a.readGrant(r.Context(), b, id); err != nil {
			return decision, 0, err
		}
	case choice == decisionReject:
		b.refuseFields("Only an approval has this field.", "grant")
		f, err := a.Intake.RejectionForm(r.Context(), id)
		if err != nil {
			return decision, 0, err
		}
		if decision, err = a.readRejection(r.Context(), b, f, id, by, note); err != nil {
			return decision, 0, err
		}
	case ok:
		b.addProblem("decision", form.CodeNotAnOption, "Choose approve or reject.")
	}
	return decision, version, b.wrong.Sorted()
}

// refuseFields notes the fields that the decision does not have.
func (b *requestBody) refuseFields(message string, names ...string) {
	for _, name := range names {
		if b.hasField(name, false) {
			b.addProblem(name, problem.FieldUnexpected, message)
		}
	}
}

// readRejection is the decision to reject. Where the comment is left out the user reads the texts of the reasons.
func (a *API) readRejection(ctx context.Context, b *requestBody, f *form.Form, id uuid.UUID, by, note string) (ticket.Decision, error) {
	class, _ := b.readText("class", false)
	typed := form.Rejection{Reasons: b.readReasons(), Class: form.Class(class), Comment: b.readComment("comment")}
	if err := a.Intake.AddRows(ctx, id, &typed, b.readTexts("rows")); err != nil {
		return ticket.Decision{}, err
	}
	if b.hasProblem("reason", "reasons", "rows", "class") {
		return ticket.Decision{}, nil
	}
	decision, err := f.Reject(typed, by, note)
	refused, _ := errors.AsType[form.Invalid](err)
	for name, wrong := range refused {
		if name == "reason" && b.hasField("reasons", false) {
			name = "reasons"
		}
		if !b.hasProblem(name) {
			b.addProblem(name, wrong.Code, wrong.Message)
		}
	}
	return decision, nil
}

// readReasons returns the codes of the reasons, from reason or from reasons.
func (b *requestBody) readReasons() []string {
	if !b.hasField("reasons", false) {
		code, given := b.readText("reason", true)
		if !given {
			return nil
		}
		return []string{code}
	}
	if b.hasField("reason", false) {
		b.addProblem("reason", problem.FieldUnexpected, "Send reason or reasons, not both.")
	}
	return b.readTexts("reasons")
}

// readTexts returns a field that is a list of strings; none when it is left out.
func (b *requestBody) readTexts(name string) (texts []string) {
	if !b.hasField(name, false) {
		return nil
	}
	if value := b.members[name].Value; value[0] != '[' || json.Unmarshal(value, &texts) != nil {
		b.addProblem(name, form.CodeWrongType, "Must be a list of strings.")
	}
	return texts
}
