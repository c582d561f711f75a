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
	"docket/internal/form/formstep"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/intake"
	"docket/web/problem"
	"docket/web/request"
)

const ticketsPerPage = 20 // of a customer's own tickets

// Tickets lists a customer's own tickets.
func (p *Pages) Tickets(w http.ResponseWriter, r *http.Request) error {
	after, err := p.Lists.ParseCursor(r.URL.Query().Get("cursor"), "own", request.UserID(r))
	if err != nil {
		return err
	}
	list, err := p.Desk.TicketsOf(r.Context(), request.UserID(r), ticket.Page{After: after, Limit: ticketsPerPage})
	if err != nil {
		return err
	}
	closed, err := p.resubmissionClosed(r, list)
	if err != nil {
		return err
	}
	shown := views.Tickets{List: list, CanSubmit: after.IsZero() && !closed && p.openTicket(list) == nil}
	if !after.IsZero() {
		shown.FirstURL = views.TicketsPath
	}
	if !list.Next.IsZero() {
		shown.NextURL = views.TicketsPath + "?" + url.Values{"cursor": {p.Lists.Sign(list.Next, "own", request.UserID(r))}}.Encode()
	}
	site := p.site(r)
	return p.render(w, r, http.StatusOK, views.TicketsPage(site, shown), views.TicketList(site, shown))
}

// openTicket is the ticket that keeps its user from submitting another; nil when none does.
func (p *Pages) openTicket(own ticket.List) *ticket.Ticket {
	for i, t := range own.Tickets {
		if p.Form.FollowsLast() && t.Status.Open() {
			return &own.Tickets[i]
		}
	}
	return nil
}

// resubmissionClosed reports whether the user's last ticket closed resubmission, and no admin has allowed it again.
func (p *Pages) resubmissionClosed(r *http.Request, own ticket.List) (bool, error) {
	if !p.Form.FollowsLast() || len(own.Tickets) == 0 || !own.Tickets[0].ClosesResubmission(p.Form.Attempts) {
		return false, nil
	}
	reopened, err := p.reopened(r.Context(), own.Tickets[0])
	return !reopened, err
}

// reopened reports whether an admin has allowed a user to submit again after this ticket.
func (p *Pages) reopened(ctx context.Context, t ticket.Ticket) (bool, error) {
	all, err := p.Reopenings.List(ctx, t.UserID)
	return reopens(all, t), err
}

// reopens reports whether one of these reopenings is for this ticket.
func reopens(all []ticket.Reopening, t ticket.Ticket) bool {
	return slices.ContainsFunc(all, func(r ticket.Reopening) bool { return r.TicketID == t.ID })
}

// NewTicket is an empty form, or after a rejection the fields that are asked again.
func (p *Pages) NewTicket(w http.ResponseWriter, r *http.Request) error {
	own, err := p.Desk.TicketsOf(r.Context(), request.UserID(r), ticket.Page{Limit: ticketsPerPage})
	if err != nil {
		return err
	}
	if closed, err := p.resubmissionClosed(r, own); err != nil || closed {
		return cmp.Or(err, ticket.ErrResubmissionClosed)
	}
	view, err := p.openForm(r, own)
	if err != nil {
		return err
	}
	return p.showForm(w, r, http.StatusOK, view)
}

// openForm is the form as its owner left it, or what it has already.
func (p *Pages) openForm(r *http.Request, own ticket.List) (views.FormView, error) {
	owner, err := p.Intake.OwnerOf(r)
	if err != nil {
		return views.FormView{}, err
	}
	view, version, err := p.draftView(r)
	if err != nil {
		return view, err
	}
	if view.OpenTicket = p.openTicket(own); view.OpenTicket != nil {
		view.Values, view.FromDraft = nil, false
	} else {
		if p.Form.FollowsLast() && len(own.Tickets) > 0 && p.Intake.AllowsResubmission(own.Tickets[0]) && owner.Sees(own.Tickets[0]) {
			p.askAgain(r, &view, own.Tickets[0])
		}
		if view.Values == nil || p.Form.Layout == formstep.Steps && view.Previous == nil {
			known, err := p.Intake.Defaults(r)
			if err != nil {
				return view, err
			}
			view.Values = intake.AddMissing(view.Values, known)
		}
		view.Values = owner.Fill(view.Values)
	}
	if err := p.addFiles(r, &view); err != nil {
		return view, err
	}
	if view.OpenTicket == nil {
		p.divideForm(r, &view, r.URL.Query().Get("step"))
	}
	view.Baseline = p.baseline(version, view)
	return view, nil
}

// Submit submits the form, or shows it again with what is wrong.
func (p *Pages) Submit(w http.ResponseWriter, r *http.Request, sent intake.FormInput) error {
	if sent.Step != formstep.Check { // the whole form is sent in any case, and shown when the last step has not sent it
		sent.Step = ""
	}
	if err := p.Intake.Complete(r.Context(), &sent); err != nil {
		return p.showUnsaved(w, r, p.uncheckedFormView(r, sent), err)
	}
	if sent.FileErr != nil {
		return p.showSent(w, r, sent, func(view views.FormView) error { return p.showFileNotSaved(w, r, view, sent.FileErr) })
	}
	if same := p.findUnconfirmed(r.Context(), sent); len(same) > 0 {
		return p.showSent(w, r, sent, func(view views.FormView) error {
			view.Unchanged = same
			return p.showForm(w, r, http.StatusUnprocessableEntity, view)
		})
	}
	p.rememberLanguage(r, request.Account(r)) // before what an e-mail is written for
	t, err := p.Intake.SubmitForm(r.Context(), sent, p.words(r).Tag())
	if err != nil {
		return p.showSent(w, r, sent, func(view views.FormView) error { return p.showRefused(w, r, sent, view, t, err) })
	}
	_ = p.Files.DeleteSentDraft(r.Context(), sent.Draft(), sent.SubmissionID) // a draft that was sent is not shown again; it is deleted with old drafts
	http.Redirect(w, r, p.link(r).Ticket(t.ID), http.StatusSeeOther)
	return nil
}

// showSent shows the form as it was sent, by show; without its files when they cannot be looked up.
func (p *Pages) showSent(w http.ResponseWriter, r *http.Request, sent intake.FormInput, show func(views.FormView) error) error {
	view, err := p.formView(r, sent)
	if err != nil {
		return p.showUnsaved(w, r, p.uncheckedFormView(r, sent), err)
	}
	return show(view)
}

// showRefused shows the form again and says why it was not submitted; t is the ticket that prevents it.
func (p *Pages) showRefused(w http.ResponseWriter, r *http.Request, sent intake.FormInput, view views.FormView, t ticket.Ticket, err error) error {
	if wrong, ok := errors.AsType[form.Invalid](err); ok {
		return p.showInvalid(w, r, sent, view, fieldMessages(wrong))
	}
	if _, ok := errors.AsType[intake.FilesLost](err); ok {
		view.WholeForm, view.Asked = view.Previous != nil, nil // it may be a file of the previous attempt
		return p.showInvalid(w, r, sent, view, p.lostFileTexts(r, sent.Input))
	}
	switch {
	case sent.Visits() && (errors.Is(err, ticket.ErrKeyReused) || errors.Is(err, ticket.ErrOpenTicket) && sent.Sees(t)):
		http.Redirect(w, r, p.link(r).Home(), http.StatusSeeOther) // it was sent before
		return nil
	case errors.Is(err, ticket.ErrOpenTicket):
		view.OpenTicket = &t
		return p.showForm(w, r, http.StatusConflict, view)
	case errors.Is(err, ticket.ErrKeyReused):
		view.SubmissionID = uuid.NewString()
		view.Problem = p.words(r).T("form.sent_before")
		return p.showForm(w, r, http.StatusUnprocessableEntity, view)
	case errors.Is(err, ticket.ErrDailyLimit):
		_, _ = p.Intake.SaveDraft(r.Context(), sent, p.words(r).Tag()) // the page shows all of it, too
		return p.showLimited(w, r, view, err)
	}
	return p.showUnsaved(w, r, view, err)
}

// VisibleFields says which fields apply now that these answers are given.
func (p *Pages) VisibleFields(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	owner, err := p.Intake.OwnerOf(r)
	if err != nil {
		return err
	}
	sent := intake.FormInput{Input: form.Input(r.PostForm), Owner: owner, WholeForm: !r.PostForm.Has("mends")}
	p.Form.Fold(sent.Input)
	sent.Lock(sent.Input)
	if !sent.WholeForm {
		if err := p.Intake.Resubmit(r.Context(), &sent); err != nil {
			return err
		}
	}
	view := views.FormView{Values: sent.Input, Asked: sent.Asked}
	if sent.Step = sent.Text(intake.StepInput); sent.Step != "" {
		view.Invalid = map[string]string{}
		p.divideSent(r, &view, sent)
	}
	return p.answerChanged(w, r, view)
}

// showInvalid shows the form with what is wrong, and saves it as a draft.
func (p *Pages) showInvalid(w http.ResponseWriter, r *http.Request, sent intake.FormInput, shown views.FormView, wrong map[string]string) error {
	for name, message := range wrong {
		if shown.Invalid[name] == "" {
			shown.Invalid[name] = message
		}
	}
	if saved, err := p.Intake.SaveDraft(r.Context(), sent, p.words(r).Tag()); err == nil { // else the page shows all of it, too
		p.addConflicts(r, sent, &shown, saved)
	}
	return p.showForm(w, r, http.StatusUnprocessableEntity, shown)
}

// showUnsaved shows the form again when it is not known whether it was saved, and another attempt may succeed.
func (p *Pages) showUnsaved(w http.ResponseWriter, r *http.Request, view views.FormView, err error) error {
	if !errors.Is(err, ticket.ErrUnavailable) && !errors.Is(err, ticket.ErrOverloaded) {
		return err
	}
	q := request.RecordOf(r.Context())
	q.Code, q.Cause = string(problem.Of(err).Code), err
	w.Header().Set("Retry-After", "2")
	view.Problem = p.words(r).T("form.unsaved")
	return p.showForm(w, r, http.StatusServiceUnavailable, view)
}

// showFileNotSaved shows the form again when a file of it could not be saved, which is not the fault of the file.
func (p *Pages) showFileNotSaved(w http.ResponseWriter, r *http.Request, view views.FormView, err error) error {
	found, q, site := problem.Of(err), request.RecordOf(r.Context()), p.site(r)
	q.Code, view.Problem = string(found.Code), views.FileNotSavedText(site)
	if found.Status >= 500 {
		q.Cause = err
	} else {
		view.Problem = found.Detail(site.Words, err) // choosing the file again would not help
	}
	w.Header().Set("Retry-After", strconv.Itoa(found.Retry))
	return p.showForm(w, r, found.Status, view)
}

func (p *Pages) showForm(w http.ResponseWriter, r *http.Request, status int, view views.FormView) error {
	site := p.site(r)
	site.Here, site.Likely = site.Link.Form(), p.likelyCountries(r, view)
	view.Usual = p.Rollups.Usual(r.Context(), site.Now)
	p.addProposals(r, &view)
	part := views.TicketForm(site, view)
	if status == http.StatusTooManyRequests || status >= 500 { // htmx shows it above the form, which stays as it is
		part = views.FormProblem(view.Problem)
	}
	return p.render(w, r, status, views.TicketFormPage(site, view), part)
}

// Ticket shows a customer one of their own tickets.
func (p *Pages) Ticket(w http.ResponseWriter, r *http.Request) error {
	id, err := request.TicketID(r)
	if err != nil {
		return err
	}
	t, err := p.Desk.TicketOf(r.Context(), request.UserID(r), id)
	if err != nil {
		return err
	}
	return p.showOwnTicket(w, r, t)
}

// showOwnTicket shows a ticket to its owner, and whether they may submit again.
func (p *Pages) showOwnTicket(w http.ResponseWriter, r *http.Request, t ticket.Ticket) (err error) {
	view := views.TicketView{Ticket: t}
	if p.Form.OneOpen && t.ClosesResubmission(p.Form.Attempts) {
		if view.Reopened, err = p.reopened(r.Context(), t); err != nil {
			return err
		}
	}
	return p.showTicket(w, r, http.StatusOK, view)
}

// Withdraw withdraws an open ticket for its owner.
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

// showTicket shows a ticket to its owner. "seen" in the query is the version that a page shows already: it is answered with no content.
func (p *Pages) showTicket(w http.ResponseWriter, r *http.Request, status int, view views.TicketView) error {
	if r.URL.Query().Get("seen") == strconv.FormatInt(view.Ticket.Version, 10) {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	site := p.siteOf(r, view.Ticket)
	if view.Ticket.Status.Open() {
		steps, err := p.Opinions.Steps(r.Context(), view.Ticket.ID)
		if err != nil {
			return err
		}
		view.Steps = steps[view.Ticket.ID]
	}
	var err error
	if view.Replaced, err = p.replaced(r.Context(), view.Ticket); err != nil {
		return err
	}
	view.Usual = p.Rollups.Usual(r.Context(), site.Now)
	site.Here = site.Link.Ticket(view.Ticket.ID)
	return p.render(w, r, status, views.TicketPage(site, view), views.TicketCard(site, view))
}

// replaced reports whether a rejected ticket is not its owner's last, which alone can be sent again.
func (p *Pages) replaced(ctx context.Context, t ticket.Ticket) (bool, error) {
	if t.Status != ticket.Rejected || !p.Form.FollowsLast() {
		return false, nil
	}
	own, err := p.Desk.TicketsOf(ctx, t.UserID, ticket.Page{Limit: 1})
	return len(own.Tickets) > 0 && own.Tickets[0].ID != t.ID, err
}

func fieldMessages(wrong form.Invalid) map[string]string {
	messages := make(map[string]string, len(wrong))
	for name, found := range wrong {
		messages[name] = found.Message
	}
	return messages
}
