package web

import (
	"errors"
	"net/http"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/ticket"
)

// apiDecide closes a ticket by the decision of another system.
func (s *Server) apiDecide(w http.ResponseWriter, r *http.Request, by account.Key) error {
	if _, err := parameters(r); err != nil {
		return err
	}
	id, err := ticketID(r)
	if err != nil {
		return err
	}
	decision, version, err := s.readVerdict(w, r, ticket.Key(by.Name))
	if err != nil {
		return err
	}
	t, err := s.Desk.Decide(r.Context(), id, version, decision)
	switch {
	case errors.Is(err, ticket.ErrDecided), errors.Is(err, ticket.ErrStale), errors.Is(err, ticket.ErrHeld):
		return explained{error: err, ticket: shown(t)}
	case err != nil:
		return err
	}
	return writeJSON(w, http.StatusOK, shown(t))
}

// readVerdict reads and checks a decision, and the version of the ticket that it was made on.
func (s *Server) readVerdict(w http.ResponseWriter, r *http.Request, by string) (ticket.Decision, int64, error) {
	b, err := readJSON(w, r, "decision", "version", "reason", "comment", "note")
	if err != nil {
		return ticket.Decision{}, 0, err
	}
	version, note := b.version("version"), b.words("note")
	decision := ticket.Approve(by, note)
	switch verdict, ok := b.text("decision", true); {
	case verdict == "approve":
		b.refuseRest("reason", "comment")
	case verdict == "reject":
		decision = s.rejection(b, by, note)
	case ok:
		b.refuse("decision", form.CodeNotAnOption, "Choose approve or reject.")
	}
	return decision, version, b.wrong.sorted()
}

// refuseRest notes what only a rejection has.
func (b *body) refuseRest(names ...string) {
	for _, name := range names {
		if b.has(name, false) {
			b.refuse(name, "unexpected", "Only a rejection has this field.")
		}
	}
}

// rejection is the decision to reject for a reason of the form. Where the comment is left out the user reads the text
// of the reason.
func (s *Server) rejection(b *body, by, note string) ticket.Decision {
	code, given := b.text("reason", true)
	comment := b.words("comment")
	reason, known := s.Form.Reason(code)
	switch {
	case given && !known:
		b.refuse("reason", form.CodeNotAnOption, "The form knows no such reason.")
	case comment == "":
		comment = reason.Text
	}
	if known && comment == "" {
		b.refuse("comment", form.CodeRequired, "Write what the user will read: this reason has no text of its own.")
	}
	return ticket.Reject(by, code, comment, note)
}
