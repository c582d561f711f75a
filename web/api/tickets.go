package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/form"
	"docket/internal/i18n"
	"docket/internal/strictjson"
	"docket/internal/ticket"
	"docket/web/intake"
	"docket/web/problem"
	"docket/web/request"
)

const maxIdempotencyKey = 255 // characters of an idempotency key

// Ticket is one ticket with its history and what is known of its files.
func (a *API) Ticket(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	t, err := a.readTicket(w, r)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), request.Timeout)
	defer cancel()
	r = r.WithContext(ctx)
	events, err := a.loadHistory(r.Context(), t)
	if err != nil {
		return err
	}
	if err := a.Audit.Record(r.Context(), request.NewEntry(r, audit.TicketOpened, audit.TicketObject(t.ID))); err != nil {
		return err
	}
	shown, matches := a.filesOf(r.Context(), t)
	return WriteJSON(w, http.StatusOK, ticketWithHistoryJSON{newTicketJSON(t), eventsUpTo(events, t.Version), shown, a.agreementsOf(r.Context(), t), matches})
}

// readTicket reads the ticket of a request, once it is closed if the request waits for that.
func (a *API) readTicket(w http.ResponseWriter, r *http.Request) (ticket.Ticket, error) {
	given, err := parseParameters(r, "wait")
	if err != nil {
		return ticket.Ticket{}, err
	}
	var wrong problem.Invalid
	wait := parseWait(given, &wrong)
	id, err := request.TicketID(r)
	if err := cmp.Or(wrong.Sorted(), err); err != nil {
		return ticket.Ticket{}, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), request.Timeout)
	defer cancel()
	t, err := a.Desk.Ticket(ctx, id)
	if err != nil || wait == 0 || !t.Status.Open() {
		return t, err
	}
	return a.awaitClosed(w, r, t, wait)
}

// loadHistory reads the events of a ticket, from the primary when the replica has fewer than the version of the ticket.
func (a *API) loadHistory(ctx context.Context, t ticket.Ticket) ([]ticket.Event, error) {
	events, err := a.Desk.History(ctx, t.ID)
	if err == nil && (len(events) == 0 || events[len(events)-1].Version < t.Version) {
		return a.Desk.History(ticket.Fresh(ctx), t.ID)
	}
	return events, err
}

// Submit keeps a ticket that another system sends in for a user.
func (a *API) Submit(w http.ResponseWriter, r *http.Request, by account.Key) error {
	if _, err := parseParameters(r); err != nil {
		return err
	}
	sub := ticket.Submission{By: ticket.Key(by.Name)}
	answers, err := a.readSubmission(w, r, by, &sub)
	if err != nil {
		return err
	}
	t, err := a.Intake.Submit(r.Context(), sub, answers)
	if errors.Is(err, ticket.ErrOpenTicket) || errors.Is(err, ticket.ErrResubmissionClosed) {
		return problem.WithTicket(err, newTicketNameJSON(t))
	}
	if wrong, refused := errors.AsType[form.Invalid](err); refused {
		return problemsOf(wrong).Sorted()
	}
	if lost, ok := errors.AsType[intake.FilesLost](err); ok {
		return filesLostProblem(lost.Files)
	}
	if err != nil {
		return err
	}
	request.RecordOf(r.Context()).Ticket = t.ID.String()
	w.Header().Set("Location", "/api/v1/tickets/"+t.ID.String())
	return WriteJSON(w, http.StatusCreated, newTicketJSON(asSubmitted(t)))
}

// asSubmitted is a ticket as it was when it was sent in, so that a repeated submission gets the same answer. A decision by a
// rule is a part of it.
func asSubmitted(t ticket.Ticket) ticket.Ticket {
	if kind, _ := ticket.ActorID(t.Decision.By); kind != "rule" {
		t.Status, t.Version, t.UpdatedAt, t.Decision = ticket.Processing, 1, t.CreatedAt, ticket.Decision{}
	}
	return t
}

// readSubmission reads and checks what is sent in.
func (a *API) readSubmission(w http.ResponseWriter, r *http.Request, by account.Key, sub *ticket.Submission) (form.Answers, error) {
	key, err := idempotencyKey(r)
	if err != nil {
		return nil, err
	}
	b, err := readJSON(w, r, "user_id", "extra")
	if err != nil {
		return nil, err
	}
	sub.Key, sub.UserID = key, b.readUserID("user_id")
	checked, err := a.checkExtra(b, by)
	if err != nil {
		return nil, err
	}
	return checked, b.wrong.Sorted()
}

// idempotencyKey is the sender's own name for a submission, which tells a second one from a repeated one.
func idempotencyKey(r *http.Request) (string, error) {
	given := r.Header.Values("Idempotency-Key")
	unprintable := func(c rune) bool { return c < ' ' || c > '~' }
	if len(given) != 1 || given[0] == "" || len(given[0]) > maxIdempotencyKey || strings.ContainsFunc(given[0], unprintable) {
		return "", problem.WithDetail(problem.ErrMalformed, "Send one header Idempotency-Key of 1 to 255 printable ASCII characters: your own name for this submission.")
	}
	return given[0], nil
}

// checkExtra checks the answers by the form, with those that the key fixes.
func (a *API) checkExtra(b *requestBody, by account.Key) (form.Answers, error) {
	if !b.hasField("extra", true) {
		return nil, nil
	}
	extra := b.members["extra"]
	if extra.Value[0] != '{' {
		b.addProblem("extra", form.CodeWrongType, "Must be an object.")
		return nil, nil
	}
	members, err := extra.Object(a.Form.Names()...)
	if err != nil {
		return nil, err
	}
	members, added := b.addFixed(by, members)
	checked, err := a.Form.In(i18n.Source).CheckJSON(eachMember(members), a.Now())
	wrong, refused := errors.AsType[form.Invalid](err)
	if asked, some := dropNotAsked(members, added, wrong); some {
		checked, err = a.Form.In(i18n.Source).CheckJSON(eachMember(asked), a.Now())
		wrong, refused = errors.AsType[form.Invalid](err)
	}
	if err != nil && !refused {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(wrong)) {
		b.addProblem(name, wrong[name].Code, wrong[name].Message)
	}
	return checked, nil
}

func eachMember(members []strictjson.Member) iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		for _, m := range members {
			if !yield(m.Name, m.Value) {
				return
			}
		}
	}
}

// problemsOf are the problems of answers, as the JSON interface says them.
func problemsOf(wrong form.Invalid) (invalid problem.Invalid) {
	for name, p := range wrong {
		invalid.Add(name, p.Code, p.Message)
	}
	return invalid
}
