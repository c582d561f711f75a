package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"docket/internal/form"
	"docket/internal/ticket"
	"docket/views"
)

const ownTickets = 20 // a page of a customer's own tickets

func (s *Server) tickets(w http.ResponseWriter, r *http.Request) error {
	after, err := s.cursor(r.URL.Query().Get("cursor"), "own", userOf(r))
	if err != nil {
		return err
	}
	list, err := s.Desk.TicketsOf(r.Context(), userOf(r), ticket.Page{After: after, Limit: ownTickets})
	if err != nil {
		return err
	}
	closed, err := s.closed(r, list)
	if err != nil {
		return err
	}
	shown := views.Tickets{List: list, CanSubmit: after.IsZero() && !closed && s.openOf(list) == nil}
	if !after.IsZero() {
		shown.FirstURL = views.TicketsPath
	}
	if !list.Next.IsZero() {
		shown.NextURL = views.TicketsPath + "?" + url.Values{"cursor": {s.sign(list.Next, "own", userOf(r))}}.Encode()
	}
	site := s.site(r)
	return s.render(w, r, http.StatusOK, views.TicketsPage(site, shown), views.TicketList(site, shown))
}

// userOf is the user that the signed-in customer is.
func userOf(r *http.Request) string { return me(r).ID.String() }

// openOf is the ticket that keeps its user from submitting another; nil when none does.
func (s *Server) openOf(own ticket.List) *ticket.Ticket {
	for i, t := range own.Tickets {
		if s.Form.OneOpen && t.Status.Open() {
			return &own.Tickets[i]
		}
	}
	return nil
}

// closed reports whether the user's last ticket closed the door, and nobody opened it again.
func (s *Server) closed(r *http.Request, own ticket.List) (bool, error) {
	if !s.Form.OneOpen || len(own.Tickets) == 0 || !own.Tickets[0].ClosesResubmission(s.Form.Attempts) {
		return false, nil
	}
	reopened, err := s.reopened(r.Context(), own.Tickets[0])
	return !reopened, err
}

// reopened reports whether the door that a ticket closed was opened again.
func (s *Server) reopened(ctx context.Context, t ticket.Ticket) (bool, error) {
	all, err := s.Reopenings.List(ctx, t.UserID)
	return letIn(all, t), err
}

// letIn reports whether one of these is of the door that a ticket closed.
func letIn(all []ticket.Reopening, t ticket.Ticket) bool {
	return slices.ContainsFunc(all, func(r ticket.Reopening) bool { return r.TicketID == t.ID })
}

// ticketForm is an empty form, or after a rejection that can be mended what is to be mended.
func (s *Server) ticketForm(w http.ResponseWriter, r *http.Request) error {
	own, err := s.Desk.TicketsOf(r.Context(), userOf(r), ticket.Page{Limit: ownTickets})
	if err != nil {
		return err
	}
	if closed, err := s.closed(r, own); err != nil || closed {
		return cmp.Or(err, ticket.ErrResubmissionClosed)
	}
	sheet, err := s.drafted(r)
	if err != nil {
		return err
	}
	if sheet.Open = s.openOf(own); sheet.Open != nil {
		sheet.Values, sheet.Kept = nil, false
	} else if len(own.Tickets) > 0 && s.mendable(own.Tickets[0]) {
		s.narrow(r, &sheet, own.Tickets[0])
	}
	if err := s.showFiles(r, &sheet); err != nil {
		return err
	}
	return s.showForm(w, r, http.StatusOK, sheet)
}

func (s *Server) submit(w http.ResponseWriter, r *http.Request, sent sheet) error {
	err := errors.Join(s.retake(r, &sent), s.carry(r, &sent))
	if err != nil {
		return s.showUnsaved(w, r, s.unseen(sent), err)
	}
	sheet, err := s.show(r, sent)
	if err != nil {
		return s.showUnsaved(w, r, s.unseen(sent), err)
	}
	answers, err := s.formFor(r).Check(sent.values, s.Now())
	wrong, _ := errors.AsType[form.Invalid](err)
	if sent.unkept == nil && len(wrong)+len(sent.wrong) > 0 {
		return s.showMistakes(w, r, sent, sheet, messages(wrong))
	}
	if sent.unkept != nil {
		return s.showUnkept(w, r, sheet, sent.unkept)
	}
	sub := ticket.Submission{
		UserID: userOf(r), By: ticket.User(userOf(r)), Key: sheet.SubmissionID,
		Extra: answers.JSON(), FormVersion: s.Form.Version, Language: s.words(r).Tag(), OneOpen: s.Form.OneOpen,
		Attempts: s.Form.Attempts, Files: filesIn(answers),
	}
	if err := s.judge(r.Context(), &sub, answers); err != nil {
		return s.showUnsaved(w, r, sheet, err)
	}
	t, err := s.send(r.Context(), sub)
	switch {
	case errors.Is(err, ticket.ErrFile):
		sheet.All, sheet.Asked = sheet.Mends != nil, nil // a file that was carried over may be the one
		return s.showMistakes(w, r, sent, sheet, s.lost(r, answers))
	case errors.Is(err, ticket.ErrOpenTicket):
		sheet.Open = &t
		return s.showForm(w, r, http.StatusConflict, sheet)
	case errors.Is(err, ticket.ErrKeyReused):
		sheet.SubmissionID = uuid.NewString()
		sheet.Problem = s.words(r).T("sheet.sent_before")
		return s.showForm(w, r, http.StatusUnprocessableEntity, sheet)
	case err != nil:
		return s.showUnsaved(w, r, sheet, err)
	}
	_ = s.Files.Forget(r.Context(), userOf(r)) // one that was sent is not shown again, and goes with the old ones
	http.Redirect(w, r, views.TicketPath(t.ID), http.StatusSeeOther)
	return nil
}

// asked says which fields apply now that these answers are given.
func (s *Server) asked(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	sent := sheet{values: form.Input(r.PostForm), all: !r.PostForm.Has("mends")}
	if !sent.all {
		if err := s.carry(r, &sent); err != nil {
			return err
		}
	}
	markers := views.Markers(s.site(r), sent.values)
	return s.render(w, r, http.StatusOK, markers, markers)
}

// showMistakes shows the form with what is wrong, and keeps it as a draft.
func (s *Server) showMistakes(w http.ResponseWriter, r *http.Request, sent sheet, shown views.Sheet, wrong map[string]string) error {
	for name, message := range wrong {
		if shown.Invalid[name] == "" {
			shown.Invalid[name] = message
		}
	}
	_ = s.keepDraft(r, sent) // the page that is shown has all of it, too
	return s.showForm(w, r, http.StatusUnprocessableEntity, shown)
}

// showUnsaved keeps what was typed when it is not known to be saved, and another attempt may succeed.
func (s *Server) showUnsaved(w http.ResponseWriter, r *http.Request, sheet views.Sheet, err error) error {
	if !errors.Is(err, ticket.ErrUnavailable) && !errors.Is(err, ticket.ErrOverloaded) {
		return err
	}
	q := requestOf(r.Context())
	q.code, q.cause = answerTo(err).code, err
	w.Header().Set("Retry-After", "2")
	sheet.Problem = s.words(r).T("sheet.unsaved")
	return s.showForm(w, r, http.StatusServiceUnavailable, sheet)
}

// showUnkept shows the form again when a file of it could not be kept, through no fault of its own.
func (s *Server) showUnkept(w http.ResponseWriter, r *http.Request, sheet views.Sheet, err error) error {
	a, q, site := answerTo(err), requestOf(r.Context()), s.site(r)
	q.code, sheet.Problem = a.code, views.Unkept(site)
	if a.status >= 500 {
		q.cause = err
	} else {
		sheet.Problem = a.detail(site.Words, err) // to choose the file again would not help
	}
	w.Header().Set("Retry-After", strconv.Itoa(a.retry))
	return s.showForm(w, r, a.status, sheet)
}

func (s *Server) showForm(w http.ResponseWriter, r *http.Request, status int, sheet views.Sheet) error {
	site := s.site(r)
	site.Here = views.NewTicketPath
	return s.render(w, r, status, views.TicketFormPage(site, sheet), views.TicketForm(site, sheet))
}

func (s *Server) ticket(w http.ResponseWriter, r *http.Request) error {
	id, err := ticketID(r)
	if err != nil {
		return err
	}
	t, err := s.Desk.TicketOf(r.Context(), userOf(r), id)
	if err != nil {
		return err
	}
	view := views.TicketView{Ticket: t}
	if s.Form.OneOpen && t.ClosesResubmission(s.Form.Attempts) {
		if view.Reopened, err = s.reopened(r.Context(), t); err != nil {
			return err
		}
	}
	return s.showTicket(w, r, http.StatusOK, view)
}

func (s *Server) withdraw(w http.ResponseWriter, r *http.Request) error {
	id, err := ticketID(r)
	if err != nil {
		return err
	}
	t, err := s.Desk.Withdraw(r.Context(), userOf(r), id)
	if errors.Is(err, ticket.ErrDecided) {
		return s.showTicket(w, r, http.StatusConflict, views.TicketView{
			Ticket: t, Problem: s.words(r).T("ticket.too_late"),
		})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.TicketPath(id), http.StatusSeeOther)
	return nil
}

func (s *Server) showTicket(w http.ResponseWriter, r *http.Request, status int, view views.TicketView) error {
	site := s.siteOf(r, view.Ticket)
	site.Here = views.TicketPath(view.Ticket.ID)
	return s.render(w, r, status, views.TicketPage(site, view), views.TicketCard(site, view))
}

func messages(wrong form.Invalid) map[string]string {
	m := make(map[string]string, len(wrong))
	for name, problem := range wrong {
		m[name] = problem.Message
	}
	return m
}
