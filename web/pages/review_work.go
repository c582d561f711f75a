package pages

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

const (
	maxSnooze     = 90 * 24 * time.Hour
	maxWorkReason = 200 // characters
)

// workInput is what an agent sent to do with a ticket beside deciding it.
type workInput struct {
	ticketID uuid.UUID
	agent    uuid.UUID
	list     workList
	typed    views.TypedWork
}

// readWork reads which ticket a form is about, and the list it carries along.
func (p *Pages) readWork(r *http.Request) (input workInput, err error) {
	input.agent = request.Account(r).ID
	input.ticketID, input.list, err = p.readTicket(r)
	return input, err
}

// Skip lets go of a ticket and goes to the next one.
func (p *Pages) Skip(w http.ResponseWriter, r *http.Request) error {
	input, err := p.readWork(r)
	if err != nil {
		return err
	}
	err = p.Claims.Skip(r.Context(), input.agent, input.ticketID)
	return p.afterWork(w, r, input, audit.Skipped, err)
}

// Snooze takes a ticket out of the queue until a time and goes to the next one.
func (p *Pages) Snooze(w http.ResponseWriter, r *http.Request) error {
	input, err := p.readWork(r)
	if err != nil {
		return err
	}
	reason, at := request.TidyText(r.PostForm.Get("reason")), r.PostForm.Get("at")
	input.typed = views.TypedWork{Reason: reason, Until: at}
	invalid := map[string]string{}
	words := p.words(r)
	switch {
	case reason == "":
		invalid["snooze_reason"] = words.T("work.no_reason")
	case !request.ValidText(reason):
		invalid["snooze_reason"] = words.T("review.bad_characters")
	case utf8.RuneCountInString(reason) > maxWorkReason:
		invalid["snooze_reason"] = words.T("review.too_long", "Most", maxWorkReason)
	}
	until, ok := p.parseUntil(p.zone(r), cmp.Or(r.PostForm.Get("until"), at))
	if now := p.Now(); !ok || !until.After(now) || until.Sub(now) > maxSnooze {
		invalid["until"] = words.T("work.bad_until")
	}
	if len(invalid) > 0 {
		return p.showInvalidWork(w, r, input, invalid)
	}
	err = p.Claims.Snooze(r.Context(), input.agent, input.ticketID, until, reason)
	return p.afterWork(w, r, input, audit.Snoozed, err)
}

// parseUntil reads a time as a button of the page, a date-time input or a program writes it; without a zone it is in the zone of the page.
func (p *Pages) parseUntil(zone *time.Location, text string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, true
		}
	}
	return p.Lists.In(zone).Form.ParseTime(text, 0)
}

// HandOver gives a ticket to a colleague or a team, or back to everyone, and goes to the next one.
func (p *Pages) HandOver(w http.ResponseWriter, r *http.Request) error {
	input, err := p.readWork(r)
	if err != nil {
		return err
	}
	to := ticket.Receiver{}
	if r.PostForm.Get("everyone") == "" {
		var message string
		input.typed.To = strings.TrimSpace(r.PostForm.Get("to"))
		to, message, err = p.receiver(r.Context(), input.agent, account.NormalizeEmail(input.typed.To), p.words(r))
		if err != nil {
			return err
		}
		if message != "" {
			return p.showInvalidWork(w, r, input, map[string]string{"to": message})
		}
	}
	err = p.Claims.HandOver(r.Context(), input.agent, input.ticketID, to)
	if errors.Is(err, ticket.ErrStep) {
		return p.showInvalidWork(w, r, input, map[string]string{"to": p.words(r).T("work.to_other_step")})
	}
	return p.afterWork(w, r, input, audit.HandedOver, err)
}

// Wake puts a snoozed ticket back into the queue.
func (p *Pages) Wake(w http.ResponseWriter, r *http.Request) error {
	input, err := p.readWork(r)
	if err != nil {
		return err
	}
	err = p.Claims.Wake(r.Context(), input.agent, input.ticketID)
	if errors.Is(err, ticket.ErrStale) { // it is awake, which is what was asked for
		err = nil
	}
	return p.afterWork(w, r, input, audit.Woken, err)
}

// Comment adds a comment of the agent to a ticket.
func (p *Pages) Comment(w http.ResponseWriter, r *http.Request) error {
	input, err := p.readWork(r)
	if err != nil {
		return err
	}
	input.typed.Text = request.TidyText(r.PostForm.Get("text"))
	message := textProblem(input.typed.Text, p.words(r))
	if input.typed.Text == "" {
		message = p.words(r).T("work.no_text")
	}
	if message != "" {
		return p.showInvalidWork(w, r, input, map[string]string{"text": message})
	}
	err = p.Claims.Comment(r.Context(), input.agent, input.ticketID, input.typed.Text)
	return p.afterWork(w, r, input, audit.Commented, err)
}

// afterWork records what was done and leads on: to the next ticket, the list, or the same ticket again. If it was not done, it shows
// the ticket as it is now.
func (p *Pages) afterWork(w http.ResponseWriter, r *http.Request, input workInput, done audit.Action, err error) error {
	switch {
	case errors.Is(err, ticket.ErrDecided), errors.Is(err, ticket.ErrStale), errors.Is(err, ticket.ErrClaimed):
		return p.showConflict(w, r, input.ticketID, err, views.Review{Work: input.typed, List: input.list.text})
	case err != nil:
		return err
	}
	if err := p.Audit.Record(r.Context(), request.NewEntry(r, done, audit.TicketObject(input.ticketID))); err != nil {
		return err
	}
	after := views.After{Ticket: input.ticketID, Done: string(done), List: input.list.text}
	switch {
	case r.PostForm.Get("then") == "list", r.PostForm.Get("everyone") != "": // else the agent would take it again
		http.Redirect(w, r, views.ListPath(after), http.StatusSeeOther)
	case done == audit.Commented || done == audit.Woken:
		http.Redirect(w, r, views.NextTicketPath(input.ticketID, after), http.StatusSeeOther)
	default:
		return p.goNext(w, r, after, input.list)
	}
	return nil
}

func (p *Pages) showInvalidWork(w http.ResponseWriter, r *http.Request, input workInput, invalid map[string]string) error {
	t, err := p.Desk.Ticket(r.Context(), input.ticketID)
	if err != nil {
		return err
	}
	return p.showReview(w, r, http.StatusUnprocessableEntity, views.Review{Ticket: t, Work: input.typed, Invalid: invalid, List: input.list.text})
}

// WorkState is the part of a ticket's page that says who works on it now.
func (p *Pages) WorkState(w http.ResponseWriter, r *http.Request) error {
	id, list, err := p.readTicket(r)
	if err != nil {
		return err
	}
	ctx := ticket.Fresh(r.Context())
	t, err := p.Desk.Ticket(ctx, id)
	if err != nil {
		return err
	}
	view := views.Review{Ticket: t, List: list.text}
	if seen := r.URL.Query().Get("seen"); seen != "" {
		if view.Seen, err = request.ParseVersion(seen); err != nil {
			return problem.WrongParameters{"seen"}
		}
	}
	pending, err := p.Desk.Pending(ctx, request.Account(r).ID, t.ID)
	if err != nil {
		return err
	}
	if err := p.addPending(r, pending, &view); err != nil {
		return err
	}
	if err := p.addWork(ctx, request.Account(r), &view); err != nil {
		return err
	}
	if view.Names, err = p.emailsOf(ctx, []string{t.ClosedBy()}); err != nil {
		return err
	}
	lines := views.WorkLines(p.site(r), view, true)
	return p.render(w, r, http.StatusOK, lines, lines)
}

// addWork adds who works on the ticket, where it is, and who else looks at it.
func (p *Pages) addWork(ctx context.Context, agent account.Account, view *views.Review) error {
	state, err := p.Claims.State(ctx, agent.ID, view.Ticket.ID)
	if err != nil {
		return err
	}
	ids := append([]uuid.UUID{state.Claim.Agent, state.Placement.To.Agent}, state.Viewers...)
	_, by := ticket.ActorID(state.Placement.By)
	if placer, err := uuid.Parse(by); err == nil {
		ids = append(ids, placer)
	}
	emails, err := p.Accounts.Emails(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range state.Viewers {
		if emails[id] != "" {
			view.Viewers = append(view.Viewers, emails[id])
		}
	}
	if !view.Ticket.Status.Open() {
		return nil
	}
	view.HandedAway = state.HandedAway
	view.Placement = newPlacement(state.Placement, emails, state.HandedAway)
	if view.HeldUntil = state.Claim.Until; view.HeldUntil.IsZero() {
		return nil
	}
	if view.HeldByMe = state.Claim.Agent == agent.ID; view.HeldByMe {
		return p.Claims.OpenAhead(ctx, state.Claim, view.Ticket.ID)
	}
	view.HeldBy = emails[state.Claim.Agent]
	return nil
}

// newPlacement is where a ticket is, in names.
func newPlacement(placed ticket.Placement, emails map[uuid.UUID]string, away bool) views.Placement {
	shown := views.Placement{To: placed.To.Team, Until: placed.Until, Reason: placed.Reason}
	if placed.To.Agent != uuid.Nil {
		shown.To = emails[placed.To.Agent]
	}
	shown.Mine = shown.To != "" && !away
	_, by := ticket.ActorID(placed.By)
	if id, err := uuid.Parse(by); err == nil {
		shown.By = emails[id]
	}
	return shown
}
