package web

import (
	"net/http"
	"unicode/utf8"

	"docket/internal/ticket"
	"docket/views"
)

// reopen lets a user in again whom a rejection keeps out.
func (s *Server) reopen(w http.ResponseWriter, r *http.Request) error {
	user := r.PathValue("user_id")
	if !storable(user) {
		return ticket.ErrNotFound
	}
	if err := readForm(r); err != nil {
		return err
	}
	note := tidy(r.PostForm.Get("note"))
	switch {
	case note == "":
		return s.unopened(w, r, user, note, "Write why they may send it again.")
	case utf8.RuneCountInString(note) > wordsMost || !writable(note):
		return s.unopened(w, r, user, note, "Use at most 4000 characters, all of which can be seen.")
	}
	opened, err := s.Reopenings.Add(r.Context(), ticket.Reopening{UserID: user, By: ticket.Agent(userOf(r)), Note: note}, s.Form.Attempts)
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.ReviewTicketPath(opened.TicketID), http.StatusSeeOther)
	return nil
}

// unopened shows the ticket that keeps a user out, with what is wrong with the note.
func (s *Server) unopened(w http.ResponseWriter, r *http.Request, user, note, problem string) error {
	own, err := s.Desk.TicketsOf(r.Context(), user, ticket.Page{Limit: 1})
	if err != nil {
		return err
	}
	if len(own.Tickets) == 0 {
		return ticket.ErrNotFound
	}
	return s.showReview(w, r, http.StatusUnprocessableEntity, views.Review{Ticket: own.Tickets[0], Typed: views.Typed{Note: note}, Invalid: map[string]string{"reopen": problem}})
}
