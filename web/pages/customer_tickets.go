package pages

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
	"docket/web/intake"
	"docket/web/problem"
	"docket/web/request"
)

const ownTickets = 20 // a page of a customer's own tickets

func (p *Pages) Tickets(w http.ResponseWriter, r *http.Request) error {
	after, err := p.Lists.ParseCursor(r.URL.Query().Get("cursor"), "own", request.UserID(r))
	if err != nil {
		return err
	}
	list, err := p.Desk.TicketsOf(r.Context(), request.UserID(r), ticket.Page{After: after, Limit: ownTickets})
	if err != nil {
		return err
	}
	closed, err := p.closed(r, list)
	if err != nil {
		return err
	}
	shown := views.Tickets{List: list, CanSubmit: after.IsZero() && !closed && p.openOf(list) == nil}
	if !after.IsZero() {
		shown.FirstURL = views.TicketsPath
	}
	if !list.Next.IsZero() {
		shown.NextURL = views.TicketsPath + "?" + url.Values{"cursor": {p.Lists.Sign(list.Next, "own", request.UserID(r))}}.Encode()
	}
	site := p.site(r)
	return p.render(w, r, http.StatusOK, views.TicketsPage(site, shown), views.TicketList(site, shown))
}

// openOf is the ticket that keeps its user from submitting another; nil when none does.
func (p *Pages) openOf(own ticket.List) *ticket.Ticket {
	for i, t := range own.Tickets {
		if p.Form.OneOpen && t.Status.Open() {
			return &own.Tickets[i]
		}
	}
	return nil
}

// closed reports whether the user's last ticket closed the door, and nobody opened it again.
func (p *Pages) closed(r *http.Request, own ticket.List) (bool, error) {
	if !p.Form.OneOpen || len(own.Tickets) == 0 || !own.Tickets[0].ClosesResubmission(p.Form.Attempts) {
		return false, nil
	}
	reopened, err := p.reopened(r.Context(), own.Tickets[0])
	return !reopened, err
}

// reopened reports whether the door that a ticket closed was opened again.
func (p *Pages) reopened(ctx context.Context, t ticket.Ticket) (bool, error) {
	all, err := p.Reopenings.List(ctx, t.UserID)
	return letIn(all, t), err
}

// letIn reports whether one of these is of the door that a ticket closed.
func letIn(all []ticket.Reopening, t ticket.Ticket) bool {
	return slices.ContainsFunc(all, func(r ticket.Reopening) bool { return r.TicketID == t.ID })
}

// NewTicket is an empty form, or after a rejection that can be mended what is to be mended.
func (p *Pages) NewTicket(w http.ResponseWriter, r *http.Request) error {
	own, err := p.Desk.TicketsOf(r.Context(), request.UserID(r), ticket.Page{Limit: ownTickets})
	if err != nil {
		return err
	}
	if closed, err := p.closed(r, own); err != nil || closed {
		return cmp.Or(err, ticket.ErrResubmissionClosed)
	}
	sheet, err := p.drafted(r)
	if err != nil {
		return err
	}
	if sheet.Open = p.openOf(own); sheet.Open != nil {
		sheet.Values, sheet.Kept = nil, false
	} else if len(own.Tickets) > 0 && p.Intake.AllowsResubmission(own.Tickets[0]) {
		p.narrow(r, &sheet, own.Tickets[0])
	}
	if err := p.showFiles(r, &sheet); err != nil {
		return err
	}
	return p.showForm(w, r, http.StatusOK, sheet)
}

// Submit submits the form, or shows it again with what is wrong.
func (p *Pages) Submit(w http.ResponseWriter, r *http.Request, sent intake.FormInput) error {
	if err := p.Intake.Complete(r.Context(), &sent); err != nil {
		return p.showUnsaved(w, r, p.unseen(sent), err)
	}
	sheet, err := p.show(r, sent)
	if err != nil {
		return p.showUnsaved(w, r, p.unseen(sent), err)
	}
	if sent.FileErr != nil {
		return p.showUnkept(w, r, sheet, sent.FileErr)
	}
	t, err := p.Intake.SubmitForm(r.Context(), sent, p.words(r).Tag())
	if err != nil {
		return p.showRefused(w, r, sent, sheet, t, err)
	}
	_ = p.Files.Forget(r.Context(), sent.UserID) // one that was sent is not shown again, and goes with the old ones
	http.Redirect(w, r, views.TicketPath(t.ID), http.StatusSeeOther)
	return nil
}

// showRefused shows the form again with why it was not submitted; t is the ticket that is in the way.
func (p *Pages) showRefused(w http.ResponseWriter, r *http.Request, sent intake.FormInput, sheet views.Sheet, t ticket.Ticket, err error) error {
	if wrong, ok := errors.AsType[form.Invalid](err); ok {
		return p.showMistakes(w, r, sent, sheet, messages(wrong))
	}
	if lost, ok := errors.AsType[intake.FilesLost](err); ok {
		sheet.All, sheet.Asked = sheet.Mends != nil, nil // a file that was taken over may be the one
		return p.showMistakes(w, r, sent, sheet, p.lost(r, lost.Files))
	}
	switch {
	case errors.Is(err, ticket.ErrOpenTicket):
		sheet.Open = &t
		return p.showForm(w, r, http.StatusConflict, sheet)
	case errors.Is(err, ticket.ErrKeyReused):
		sheet.SubmissionID = uuid.NewString()
		sheet.Problem = p.words(r).T("sheet.sent_before")
		return p.showForm(w, r, http.StatusUnprocessableEntity, sheet)
	}
	return p.showUnsaved(w, r, sheet, err)
}

// VisibleFields says which fields apply now that these answers are given.
func (p *Pages) VisibleFields(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	sent := intake.FormInput{Input: form.Input(r.PostForm), UserID: request.UserID(r), WholeForm: !r.PostForm.Has("mends")}
	if !sent.WholeForm {
		if err := p.Intake.Resubmit(r.Context(), &sent); err != nil {
			return err
		}
	}
	markers := views.Markers(p.site(r), sent.Input)
	return p.render(w, r, http.StatusOK, markers, markers)
}

// showMistakes shows the form with what is wrong, and keeps it as a draft.
func (p *Pages) showMistakes(w http.ResponseWriter, r *http.Request, sent intake.FormInput, shown views.Sheet, wrong map[string]string) error {
	for name, message := range wrong {
		if shown.Invalid[name] == "" {
			shown.Invalid[name] = message
		}
	}
	_ = p.Intake.SaveDraft(r.Context(), sent) // the page that is shown has all of it, too
	return p.showForm(w, r, http.StatusUnprocessableEntity, shown)
}

// showUnsaved keeps what was typed when it is not known to be saved, and another attempt may succeed.
func (p *Pages) showUnsaved(w http.ResponseWriter, r *http.Request, sheet views.Sheet, err error) error {
	if !errors.Is(err, ticket.ErrUnavailable) && !errors.Is(err, ticket.ErrOverloaded) {
		return err
	}
	q := request.RecordOf(r.Context())
	q.Code, q.Cause = string(problem.Of(err).Code), err
	w.Header().Set("Retry-After", "2")
	sheet.Problem = p.words(r).T("sheet.unsaved")
	return p.showForm(w, r, http.StatusServiceUnavailable, sheet)
}

// showUnkept shows the form again when a file of it could not be kept, through no fault of its own.
func (p *Pages) showUnkept(w http.ResponseWriter, r *http.Request, sheet views.Sheet, err error) error {
	found, q, site := problem.Of(err), request.RecordOf(r.Context()), p.site(r)
	q.Code, sheet.Problem = string(found.Code), views.Unkept(site)
	if found.Status >= 500 {
		q.Cause = err
	} else {
		sheet.Problem = found.Detail(site.Words, err) // to choose the file again would not help
	}
	w.Header().Set("Retry-After", strconv.Itoa(found.Retry))
	return p.showForm(w, r, found.Status, sheet)
}

func (p *Pages) showForm(w http.ResponseWriter, r *http.Request, status int, sheet views.Sheet) error {
	site := p.site(r)
	site.Here = views.NewTicketPath
	return p.render(w, r, status, views.TicketFormPage(site, sheet), views.TicketForm(site, sheet))
}

func (p *Pages) Ticket(w http.ResponseWriter, r *http.Request) error {
	id, err := request.TicketID(r)
	if err != nil {
		return err
	}
	t, err := p.Desk.TicketOf(r.Context(), request.UserID(r), id)
	if err != nil {
		return err
	}
	view := views.TicketView{Ticket: t}
	if p.Form.OneOpen && t.ClosesResubmission(p.Form.Attempts) {
		if view.Reopened, err = p.reopened(r.Context(), t); err != nil {
			return err
		}
	}
	return p.showTicket(w, r, http.StatusOK, view)
}

func (p *Pages) Withdraw(w http.ResponseWriter, r *http.Request) error {
	id, err := request.TicketID(r)
	if err != nil {
		return err
	}
	t, err := p.Desk.Withdraw(r.Context(), request.UserID(r), id)
	if errors.Is(err, ticket.ErrDecided) {
		return p.showTicket(w, r, http.StatusConflict, views.TicketView{
			Ticket: t, Problem: p.words(r).T("ticket.too_late"),
		})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.TicketPath(id), http.StatusSeeOther)
	return nil
}

func (p *Pages) showTicket(w http.ResponseWriter, r *http.Request, status int, view views.TicketView) error {
	site := p.siteOf(r, view.Ticket)
	site.Here = views.TicketPath(view.Ticket.ID)
	return p.render(w, r, status, views.TicketPage(site, view), views.TicketCard(site, view))
}

func messages(wrong form.Invalid) map[string]string {
	m := make(map[string]string, len(wrong))
	for name, problem := range wrong {
		m[name] = problem.Message
	}
	return m
}
