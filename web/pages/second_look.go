package pages

import (
	"context"
	"errors"
	"maps"
	"net/http"

	"github.com/google/uuid"

	"docket/internal/audit"
	"docket/internal/form"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

const (
	mostOffered = 20 // second looks in one list
	mostLooks   = 50 // that were given
)

// SecondLooks lists the tickets at which the agent can take a second look, and those at which they have.
func (p *Pages) SecondLooks(w http.ResponseWriter, r *http.Request) error {
	left := r.URL.Query().Get("left")
	if left != "" && left != "gone" {
		return problem.WrongParameters{"left"}
	}
	view, agent := views.SecondLooksView{Gone: left == "gone"}, request.Account(r).ID
	ids, err := p.Looks.Offered(r.Context(), agent, mostOffered)
	if err != nil {
		return err
	}
	for _, id := range ids {
		t, err := p.Desk.Ticket(r.Context(), id)
		if err != nil {
			return err
		}
		view.Offered = append(view.Offered, t.BeforeDecision())
	}
	given, err := p.Looks.By(r.Context(), agent, p.Now().Add(-views.LooksSince), mostLooks)
	if err != nil {
		return err
	}
	if view.Given, view.Names, err = p.lookLines(r.Context(), given); err != nil {
		return err
	}
	if err := p.recordCount(r, audit.ListShown, "", int64(len(view.Offered)+len(view.Given))); err != nil {
		return err
	}
	site := p.siteOf(r, append(ticketsOf(view.Given), view.Offered...)...)
	p.addWorkload(r, &site)
	return p.render(w, r, http.StatusOK, views.SecondLooksPage(site, view), views.SecondLooks(site, view))
}

// lookLines are looks with their tickets, and the names of who is in them.
func (p *Pages) lookLines(ctx context.Context, looks []ticket.SecondLook) (lines []views.LookLine, names map[string]string, err error) {
	var actors []string
	for _, look := range looks {
		t, err := p.Desk.Ticket(ctx, look.TicketID)
		if err != nil {
			return nil, nil, err
		}
		lines = append(lines, views.LookLine{Look: look, Ticket: t})
		actors = append(actors, look.By, look.Second.By)
	}
	names, err = p.emailsOf(ctx, actors)
	return lines, names, err
}

func ticketsOf(lines []views.LookLine) []ticket.Ticket {
	tickets := make([]ticket.Ticket, len(lines))
	for i, line := range lines {
		tickets[i] = line.Ticket
	}
	return tickets
}

// addDiffering adds the second looks that differ from the decision.
func (p *Pages) addDiffering(ctx context.Context, view *views.QueueView) error {
	looks, err := p.Looks.Differing(ctx, p.Now().Add(-views.LooksSince), mostDisagreed)
	if err != nil {
		return err
	}
	view.Differing, view.Names, err = p.lookLines(ctx, looks)
	return err
}

// addLook adds the second look at a decided ticket, once it is given.
func (p *Pages) addLook(ctx context.Context, view *views.Review) error {
	if view.Ticket.Status.Open() {
		return nil
	}
	look, err := p.Looks.Of(ctx, view.Ticket.ID)
	if err == nil && look.Given() {
		view.Look = look
	}
	if errors.Is(err, ticket.ErrNotFound) {
		return nil
	}
	return err
}

// NextSecondLook takes the next ticket for a second look and goes to it, or to the list if there is none.
func (p *Pages) NextSecondLook(w http.ResponseWriter, r *http.Request) error {
	id, err := p.Looks.TakeNext(r.Context(), request.Account(r).ID)
	switch {
	case errors.Is(err, ticket.ErrNotFound):
		http.Redirect(w, r, views.SecondLooksPath, http.StatusSeeOther)
	case err != nil:
		return err
	default:
		http.Redirect(w, r, views.SecondLookPath(id), http.StatusSeeOther)
	}
	return nil
}

// SecondLook shows a decided ticket as it was before, and takes it for the agent. Once the look is given it leads to the ticket itself.
func (p *Pages) SecondLook(w http.ResponseWriter, r *http.Request) error {
	id, err := request.TicketID(r)
	if err != nil {
		return err
	}
	if err := p.Looks.Take(r.Context(), request.Account(r).ID, id); err != nil {
		return p.leaveSecondLook(w, r, id, err)
	}
	return p.showSecondLook(w, r, http.StatusOK, id, views.Review{})
}

// leaveSecondLook leads on when a look is not the agent's to give: to the ticket if it was given, else to the list.
func (p *Pages) leaveSecondLook(w http.ResponseWriter, r *http.Request, id uuid.UUID, cause error) error {
	if !errors.Is(cause, ticket.ErrClaimed) && !errors.Is(cause, ticket.ErrDecided) {
		return cause
	}
	look, err := p.Looks.Of(r.Context(), id)
	switch {
	case err != nil:
		return err
	case look.Given():
		http.Redirect(w, r, views.ReviewTicketPath(id), http.StatusSeeOther)
	default:
		http.Redirect(w, r, views.SecondLooksGonePath, http.StatusSeeOther)
	}
	return nil
}

// showSecondLook shows a ticket with nothing of its decision, or of what came after.
func (p *Pages) showSecondLook(w http.ResponseWriter, r *http.Request, status int, id uuid.UUID, view views.Review) error {
	ctx := r.Context()
	t, err := p.Desk.Ticket(ctx, id)
	if err != nil {
		return err
	}
	view.Ticket, view.Blind, view.UserForm, view.Names = t.BeforeDecision(), true, p.Form.In(t.Language), map[string]string{}
	if t.Previous != uuid.Nil {
		previous, err := p.Desk.Ticket(ctx, t.Previous)
		if err != nil {
			return err
		}
		view.Previous = &previous
		if view.Names, err = p.emailsOf(ctx, []string{previous.Decision.By}); err != nil {
			return err
		}
	}
	if err := p.Audit.Record(ctx, request.NewEntry(r, audit.LookOpened, audit.TicketObject(id))); err != nil {
		return err
	}
	if err := p.addSamePerson(ctx, p.formFor(r), &view); err != nil {
		return err
	}
	p.addMeasurements(ctx, &view)
	site := p.siteOf(r, view.Tickets()...)
	return p.render(w, r, status, views.SecondLookPage(site, view), views.SecondLook(site, view))
}

// GiveSecondLook keeps what the agent would have decided, and leads to the ticket with its decision.
func (p *Pages) GiveSecondLook(w http.ResponseWriter, r *http.Request) error {
	id, err := request.TicketID(r)
	if err != nil {
		return err
	}
	if _, err := p.Looks.Of(r.Context(), id); err != nil {
		return err
	}
	d, typed, invalid, err := p.readSecondLook(r)
	if err != nil {
		return err
	}
	agent := request.Account(r).ID
	if len(invalid) > 0 {
		if err := p.Looks.Take(r.Context(), agent, id); err != nil {
			return p.leaveSecondLook(w, r, id, err)
		}
		return p.showSecondLook(w, r, http.StatusUnprocessableEntity, id, views.Review{Typed: typed, Invalid: invalid})
	}
	if err := p.Looks.Give(r.Context(), agent, id, d); err != nil {
		return p.leaveSecondLook(w, r, id, err)
	}
	if err := p.Audit.Record(r.Context(), request.NewEntry(r, audit.LookGiven, audit.TicketObject(id))); err != nil {
		return err
	}
	http.Redirect(w, r, views.ReviewTicketPath(id), http.StatusSeeOther)
	return nil
}

// readSecondLook reads what an agent would have decided, and what is wrong with it by field.
func (p *Pages) readSecondLook(r *http.Request) (d ticket.Decision, typed views.TypedDecision, invalid map[string]string, err error) {
	if err := request.ParseForm(r); err != nil {
		return d, typed, nil, err
	}
	sent, words := r.PostForm, p.words(r)
	if verdict := sent.Get("verdict"); verdict != "approve" && verdict != "reject" || repeatsAny(sent, "verdict", "note") {
		return d, typed, nil, problem.ErrMalformed
	}
	typed = views.TypedDecision{Reasons: sent["reason"], Note: request.TidyText(sent.Get("note"))}
	invalid = map[string]string{}
	if message := textProblem(typed.Note, words); message != "" {
		invalid["note"] = message
	}
	by := ticket.Agent(request.UserID(r))
	if sent.Get("verdict") == "approve" {
		return ticket.Approve(by, typed.Note), typed, invalid, nil
	}
	rejection := form.Rejection{Reasons: typed.Reasons, Comment: "-", Locale: words.Tag()} // nobody is sent a comment
	d, err = p.Form.Reject(rejection, by, typed.Note)
	if refused, ok := errors.AsType[form.Invalid](err); ok {
		maps.Copy(invalid, fieldMessages(refused))
		err = nil
	}
	return d, typed, invalid, err
}
