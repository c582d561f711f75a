package pages

import (
	"net/http"
	"unicode/utf8"

	"docket/internal/ticket"
	"docket/views"
	"docket/web/request"
)

// Reopen lets a user in again whom a rejection keeps out.
func (p *Pages) Reopen(w http.ResponseWriter, r *http.Request) error {
	user := r.PathValue("user_id")
	if !request.ValidUserID(user) {
		return ticket.ErrNotFound
	}
	if err := request.ParseForm(r); err != nil {
		return err
	}
	note := request.TidyText(r.PostForm.Get("note"))
	switch {
	case note == "":
		return p.unopened(w, r, user, note, p.words(r).T("review.reopen_reason"))
	case utf8.RuneCountInString(note) > request.MaxText:
		return p.unopened(w, r, user, note, p.words(r).T("review.too_long", "Most", request.MaxText))
	case !request.ValidText(note):
		return p.unopened(w, r, user, note, p.words(r).T("review.bad_characters"))
	}
	opened, err := p.Reopenings.Add(r.Context(), ticket.Reopening{UserID: user, By: ticket.Agent(request.UserID(r)), Note: note}, p.Form.Attempts)
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.ReviewTicketPath(opened.TicketID), http.StatusSeeOther)
	return nil
}

// unopened shows the ticket that keeps a user out, with what is wrong with the note.
func (p *Pages) unopened(w http.ResponseWriter, r *http.Request, user, note, problem string) error {
	own, err := p.Desk.TicketsOf(r.Context(), user, ticket.Page{Limit: 1})
	if err != nil {
		return err
	}
	if len(own.Tickets) == 0 {
		return ticket.ErrNotFound
	}
	return p.showReview(w, r, http.StatusUnprocessableEntity, views.Review{Ticket: own.Tickets[0], Typed: views.Typed{Note: note}, Invalid: map[string]string{"reopen": problem}})
}
