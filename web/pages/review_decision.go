package pages

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"unicode/utf8"

	"github.com/google/uuid"

	"docket/internal/form"
	"docket/internal/i18n"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// decisionInput is a decision as an agent sent it.
type decisionInput struct {
	ticketID uuid.UUID
	version  int64
	typed    views.TypedDecision
	list     workList
	second   bool              // a colleague is to be asked, too
	invalid  map[string]string // comment, note, reason, rows, class → message
}

// Approve approves a ticket as the signed-in agent.
func (p *Pages) Approve(w http.ResponseWriter, r *http.Request) error {
	return p.decide(w, r, func(by string, input decisionInput) (ticket.Decision, error) {
		d := ticket.Approve(by, input.typed.Note)
		grant, err := p.checkGrant(r, input)
		d.Grant = grant
		return d, err
	})
}

// Reject rejects a ticket as the signed-in agent.
func (p *Pages) Reject(w http.ResponseWriter, r *http.Request) error {
	return p.decide(w, r, func(by string, input decisionInput) (ticket.Decision, error) {
		f, err := p.Intake.RejectionForm(r.Context(), input.ticketID)
		if err != nil {
			return ticket.Decision{}, err
		}
		typed := input.typed
		rejection := form.Rejection{Reasons: typed.Reasons, Class: typed.Class, Comment: typed.Comment, Locale: p.words(r).Tag()}
		if err := p.Intake.AddRows(r.Context(), input.ticketID, &rejection, typed.Rows); err != nil {
			return ticket.Decision{}, err
		}
		return f.Reject(rejection, by, typed.Note)
	})
}

// decide reads what an agent typed, makes a decision of it and saves it. If that fails, it shows again what was typed.
func (p *Pages) decide(w http.ResponseWriter, r *http.Request, makeDecision func(by string, input decisionInput) (ticket.Decision, error)) error {
	input, err := readDecision(r, p.words(r))
	if err != nil {
		return err
	}
	if input.list, err = p.readList(r); err != nil {
		return err
	}
	decision, err := makeDecision(request.ActorOf(request.Account(r)), input)
	if refused, ok := errors.AsType[form.Invalid](err); ok {
		maps.Copy(input.invalid, fieldMessages(refused))
	} else if err != nil {
		return err
	}
	if len(input.invalid) > 0 {
		return p.showInvalidDecision(w, r, input)
	}
	decision.Second = input.second
	err = p.putDecision(r.Context(), input.ticketID, input.version, decision)
	return p.afterDecision(w, r, input, err)
}

// afterDecision leads on after a decision that was saved, or shows why it was not.
func (p *Pages) afterDecision(w http.ResponseWriter, r *http.Request, input decisionInput, err error) error {
	switch {
	case errors.Is(err, ticket.ErrDecided), errors.Is(err, ticket.ErrStale), errors.Is(err, ticket.ErrClaimed), errors.Is(err, ticket.ErrHandedOver):
		return p.showConflict(w, r, input.ticketID, err, views.Review{Typed: input.typed, List: input.list.text})
	case err != nil:
		return err
	case r.PostForm.Get("then") == "next":
		return p.goNext(w, r, views.After{Ticket: input.ticketID, List: input.list.text}, input.list)
	}
	http.Redirect(w, r, views.TicketListPath(input.ticketID, input.list.text), http.StatusSeeOther)
	return nil
}

func (p *Pages) showInvalidDecision(w http.ResponseWriter, r *http.Request, input decisionInput) error {
	t, err := p.Desk.Ticket(r.Context(), input.ticketID)
	if err != nil {
		return err
	}
	return p.showReview(w, r, http.StatusUnprocessableEntity, views.Review{Ticket: t, Typed: input.typed, Invalid: input.invalid, List: input.list.text})
}

// readDecision reads the fields of a decision; its messages are in these words.
func readDecision(r *http.Request, words *i18n.Words) (input decisionInput, err error) {
	if input.ticketID, err = request.TicketID(r); err != nil {
		return input, err
	}
	if err := request.ParseForm(r); err != nil {
		return input, err
	}
	sent := r.PostForm
	input.version, err = request.ParseVersion(sent.Get("version"))
	if err != nil || repeatsAny(sent, "version", "class", "comment", "note") {
		return input, problem.ErrMalformed
	}
	input.typed = views.TypedDecision{
		Reasons: sent["reason"], Rows: sent["row"], Class: form.Class(sent.Get("class")),
		Comment: request.TidyText(sent.Get("comment")), Note: request.TidyText(sent.Get("note")),
	}
	input.typed.Grant = readGrant(sent)
	input.second = sent.Get("second") != ""
	input.invalid = map[string]string{}
	for name, text := range map[string]string{"comment": input.typed.Comment, "note": input.typed.Note} {
		if message := textProblem(text, words); message != "" {
			input.invalid[name] = message
		}
	}
	return input, nil
}

// textProblem says why a comment or a note cannot be saved; "" if it can.
func textProblem(text string, words *i18n.Words) string {
	switch {
	case !request.ValidText(text):
		return words.T("review.bad_characters")
	case utf8.RuneCountInString(text) > request.MaxText:
		return words.T("review.too_long", "Most", request.MaxText)
	}
	return ""
}

// repeatsAny reports whether one of these fields was sent more than once.
func repeatsAny(given url.Values, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return len(given[name]) > 1 })
}
