package pages

import (
	"net/http"

	"docket/internal/ticket"
	"docket/views"
	"docket/web/request"
)

// Reopen allows a user to submit again after a rejection that had closed it.
func (p *Pages) Reopen(w http.ResponseWriter, r *http.Request) error {
	user := userInPath(r)
	if !request.ValidUserID(user) {
		return ticket.ErrNotFound
	}
	if err := request.ParseForm(r); err != nil {
		return err
	}
	note := request.TidyText(r.PostForm.Get("note"))
	message := textProblem(note, p.words(r))
	if note == "" {
		message = p.words(r).T("review.reopen_reason")
	}
	if message != "" {
		return p.showReopenProblem(w, r, user, note, message)
	}
	opened, err := p.Reopenings.Add(r.Context(), ticket.Reopening{UserID: user, By: request.ActorOf(request.Account(r)), Note: note}, p.Form.Attempts)
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.ReviewTicketPath(opened.TicketID), http.StatusSeeOther)
	return nil
}

// showReopenProblem shows the ticket that closed resubmission, with what is wrong with the note.
func (p *Pages) showReopenProblem(w http.ResponseWriter, r *http.Request, user, note, message string) error {
	own, err := p.Desk.TicketsOf(r.Context(), user, ticket.Page{Limit: 1})
	if err != nil {
		return err
	}
	if len(own.Tickets) == 0 {
		return ticket.ErrNotFound
	}
	return p.showReview(w, r, http.StatusUnprocessableEntity, views.Review{Ticket: own.Tickets[0], Typed: views.TypedDecision{Note: note}, Invalid: map[string]string{"reopen": message}})
}
