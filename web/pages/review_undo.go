package pages

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"docket/internal/audit"
	"docket/internal/form"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// putDecision makes a decision of an agent: at once, or when the time is over in which it can be undone. Where two people have to think
// the same it becomes an opinion.
func (p *Pages) putDecision(ctx context.Context, id uuid.UUID, version int64, d ticket.Decision) error {
	needed, err := p.Intake.NeedsSecond(ctx, id)
	if err != nil {
		return err
	}
	if d.Second = d.Second || needed; p.UndoTime == 0 && !d.Second {
		if _, err := p.Desk.Decide(ctx, id, version, d); !errors.Is(err, ticket.ErrOpinion) && !errors.Is(err, ticket.ErrStep) {
			return err
		}
	}
	if err := p.Desk.Postpone(ctx, id, version, d, p.UndoTime); err != nil || p.UndoTime > 0 {
		return err
	}
	_, by := ticket.ActorID(d.By)
	agent, err := uuid.Parse(by)
	if err == nil {
		_, err = p.Desk.DecideNow(ctx, id, agent)
	}
	return err
}

// Undo takes back the agent's own decision of a ticket while it is pending, and goes to the ticket, which they hold again.
func (p *Pages) Undo(w http.ResponseWriter, r *http.Request) error {
	id, err := request.TicketID(r)
	if err != nil {
		return err
	}
	list, err := p.readList(r)
	if err != nil {
		return err
	}
	err = p.Desk.Undo(r.Context(), id, request.Account(r).ID)
	if errors.Is(err, ticket.ErrDecided) || errors.Is(err, ticket.ErrClaimed) {
		return p.showConflict(w, r, id, err, views.Review{UndoLate: true, List: list.text})
	}
	if err != nil {
		return err
	}
	if err := p.Audit.Record(r.Context(), request.NewEntry(r, audit.DecisionUndone, audit.TicketObject(id))); err != nil {
		return err
	}
	http.Redirect(w, r, views.TicketListPath(id, list.text), http.StatusSeeOther)
	return nil
}

// SendNow makes the agent's own pending decision before it is due. A toast is replaced alone: what is typed on the page around it
// stays.
func (p *Pages) SendNow(w http.ResponseWriter, r *http.Request) error {
	id, err := request.TicketID(r)
	if err != nil {
		return err
	}
	if err := request.ParseForm(r); err != nil {
		return err
	}
	t, err := p.Desk.DecideNow(r.Context(), id, request.Account(r).ID)
	if err != nil {
		return err
	}
	if isFragment(r) && r.PostForm.Get("part") == "toast" {
		site := p.siteOf(r, t)
		done := views.ToastLine(site, views.Toast{Ticket: id, Text: views.DecidedText(site, t, t.Status)}, "")
		return p.render(w, r, http.StatusOK, done, done)
	}
	http.Redirect(w, r, cmp.Or(localPath(r.PostForm.Get("next")), views.ReviewTicketPath(id)), http.StatusSeeOther)
	return nil
}

// decidedTicket is the ticket that the address says was decided just before; the zero UUID when it names none.
func decidedTicket(r *http.Request) (uuid.UUID, error) {
	text := r.URL.Query().Get("decided")
	if text == "" {
		return uuid.Nil, nil
	}
	id, err := uuid.Parse(text)
	if err != nil || id.String() != text {
		return uuid.Nil, problem.WrongParameters{"decided"}
	}
	return id, nil
}

// toast says what the agent decided last and can still undo, of another ticket than this one; else what became of the ticket that
// was decided just before.
func (p *Pages) toast(r *http.Request, pending []ticket.PendingDecision, but uuid.UUID) (views.Toast, error) {
	decided, err := decidedTicket(r)
	if err != nil {
		return views.Toast{}, err
	}
	by := request.ActorOf(request.Account(r))
	done := r.URL.Query().Get("done")
	if done != "" && !slices.Contains(views.DoneNames, done) {
		return views.Toast{}, problem.WrongParameters{"done"}
	}
	at := slices.IndexFunc(pending, func(d ticket.PendingDecision) bool { return !d.Undone && d.Decision.By == by && d.TicketID != but })
	if at < 0 && decided == uuid.Nil {
		return views.Toast{}, nil
	}
	shown := views.Toast{Ticket: decided, Done: done}
	if at >= 0 {
		shown = views.Toast{Ticket: pending[at].TicketID, Pending: true, Left: pending[at].Left}
	}
	t, err := p.Desk.Ticket(r.Context(), shown.Ticket)
	if err != nil {
		return views.Toast{}, nil //nolint:nilerr // it is not worth to withhold the page
	}
	if !shown.Pending && t.Status.Open() && done == "" {
		shown.Text, err = p.stepGivenText(r, t)
		return shown, err
	}
	if !shown.Pending && done != "" {
		shown.Text = views.DoneText(p.siteOf(r, t), t, done)
		return shown, nil
	}
	status := t.Status
	if shown.Pending {
		status = pending[at].Decision.Status
	}
	shown.Text = views.DecidedText(p.siteOf(r, t), t, status)
	return shown, nil
}

// addPending adds the pending decision of a ticket, and what the agent typed for one that they undid.
func (p *Pages) addPending(r *http.Request, pending []ticket.PendingDecision, view *views.Review) error {
	at := slices.IndexFunc(pending, func(d ticket.PendingDecision) bool { return d.TicketID == view.Ticket.ID })
	if at < 0 || !view.Ticket.Status.Open() {
		return nil
	}
	d, mine := pending[at], pending[at].Decision.By == request.ActorOf(request.Account(r))
	switch {
	case !d.Undone:
		view.Pending = &views.PendingDecision{Status: d.Decision.Status, Left: d.Left, Mine: mine, Second: d.Decision.Second || view.Opinions.Given()}
		names, err := p.emailsOf(r.Context(), []string{d.Decision.By})
		view.Pending.By = names[d.Decision.By]
		return err
	case mine && !view.Conflict && len(view.Invalid) == 0:
		view.Typed = views.TypedDecision{
			Reasons: d.Decision.Reasons, Rows: d.Decision.Rows, Class: form.Class(d.Decision.Class), Comment: d.Decision.Comment, Note: d.Decision.Note,
			Grant: p.Form.GrantOf(view.Ticket.Extra, view.Ticket.CreatedAt).InputFromAnswers(d.Decision.Grant),
		}
	}
	return nil
}

// withoutPending leaves out the tickets whose decision is pending: nobody can take them.
func withoutPending(tickets []ticket.Ticket, pending []ticket.PendingDecision) []ticket.Ticket {
	return slices.DeleteFunc(slices.Clone(tickets), func(t ticket.Ticket) bool {
		return slices.ContainsFunc(pending, func(d ticket.PendingDecision) bool { return d.TicketID == t.ID && !d.Undone })
	})
}
