package api

import (
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
	if _, err := parameters(r); err != nil {
		return err
	}
	id, err := request.TicketID(r)
	if err != nil {
		return err
	}
	decision, version, err := a.readVerdict(w, r, id, ticket.Key(by.Name))
	if err != nil {
		return err
	}
	t, err := a.Desk.Decide(r.Context(), id, version, decision)
	switch {
	case errors.Is(err, ticket.ErrDecided), errors.Is(err, ticket.ErrStale), errors.Is(err, ticket.ErrHeld):
		return problem.WithTicket(err, shown(t))
	case err != nil:
		return err
	}
	return WriteJSON(w, http.StatusOK, shown(t))
}

// readVerdict reads and checks a decision, and the version of the ticket that it was made on.
func (a *API) readVerdict(w http.ResponseWriter, r *http.Request, id uuid.UUID, by string) (ticket.Decision, int64, error) {
	b, err := readJSON(w, r, "decision", "version", "reason", "reasons", "class", "comment", "note")
	if err != nil {
		return ticket.Decision{}, 0, err
	}
	version, note := b.version("version"), b.words("note")
	decision := ticket.Approve(by, note)
	switch verdict, ok := b.text("decision", true); {
	case verdict == decisionApprove:
		b.refuseRest("reason", "reasons", "class", "comment")
	case verdict == decisionReject:
		f, err := a.Intake.RejectionForm(r.Context(), id)
		if err != nil {
			return decision, 0, err
		}
		decision = b.rejection(f, by, note)
	case ok:
		b.refuse("decision", form.CodeNotAnOption, "Choose approve or reject.")
	}
	return decision, version, b.wrong.Sorted()
}

// refuseRest notes what only a rejection has.
func (b *body) refuseRest(names ...string) {
	for _, name := range names {
		if b.has(name, false) {
			b.refuse(name, problem.FieldUnexpected, "Only a rejection has this field.")
		}
	}
}

// rejection is the decision to reject. Where the comment is left out the user reads the texts of the reasons.
func (b *body) rejection(f *form.Form, by, note string) ticket.Decision {
	class, _ := b.text("class", false)
	typed := form.Rejection{Reasons: b.reasons(), Class: form.Class(class), Comment: b.words("comment")}
	if b.refused("reason", "reasons", "class") {
		return ticket.Decision{}
	}
	decision, err := f.Reject(typed, by, note)
	refused, _ := errors.AsType[form.Invalid](err)
	for name, problem := range refused {
		if name == "reason" && b.has("reasons", false) {
			name = "reasons"
		}
		if !b.refused(name) {
			b.refuse(name, problem.Code, problem.Message)
		}
	}
	return decision
}

// reasons are the codes of the reasons: one by itself, or a list of them.
func (b *body) reasons() []string {
	if !b.has("reasons", false) {
		code, given := b.text("reason", true)
		if !given {
			return nil
		}
		return []string{code}
	}
	if b.has("reason", false) {
		b.refuse("reason", problem.FieldUnexpected, "Send reason or reasons, not both.")
	}
	var codes []string
	if value := b.members["reasons"].Value; value[0] != '[' || json.Unmarshal(value, &codes) != nil {
		b.refuse("reasons", form.CodeWrongType, "Must be a list of strings.")
	}
	return codes
}
