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

// Approve approves a ticket as the signed-in agent.
func (p *Pages) Approve(w http.ResponseWriter, r *http.Request) error {
	return p.decide(w, r, func(_ uuid.UUID, by string, typed views.TypedDecision) (ticket.Decision, error) {
		return ticket.Approve(by, typed.Note), nil
	})
}

func (p *Pages) Reject(w http.ResponseWriter, r *http.Request) error {
	return p.decide(w, r, func(id uuid.UUID, by string, typed views.TypedDecision) (ticket.Decision, error) {
		f, err := p.Intake.RejectionForm(r.Context(), id)
		if err != nil {
			return ticket.Decision{}, err
		}
		return f.Reject(form.Rejection{Reasons: typed.Reasons, Class: typed.Class, Comment: typed.Comment}, by, typed.Note)
	})
}

// decide reads what an agent typed, makes a decision of it and saves it. If that fails, it shows again what was typed.
func (p *Pages) decide(w http.ResponseWriter, r *http.Request, makeDecision func(id uuid.UUID, by string, typed views.TypedDecision) (ticket.Decision, error)) error {
	id, err := request.TicketID(r)
	if err != nil {
		return err
	}
	typed, version, wrong, err := readDecision(r, p.words(r))
	if err != nil {
		return err
	}
	decision, err := makeDecision(id, ticket.Agent(request.UserID(r)), typed)
	if refused, ok := errors.AsType[form.Invalid](err); ok {
		maps.Copy(wrong, rejectionProblems(p.words(r), refused))
	} else if err != nil {
		return err
	}
	if len(wrong) > 0 {
		t, err := p.Desk.Ticket(r.Context(), id)
		if err != nil {
			return err
		}
		return p.showReview(w, r, http.StatusUnprocessableEntity, views.Review{Ticket: t, Typed: typed, Invalid: wrong})
	}
	_, err = p.Desk.Decide(r.Context(), id, version, decision)
	switch {
	case errors.Is(err, ticket.ErrDecided), errors.Is(err, ticket.ErrStale), errors.Is(err, ticket.ErrHeld):
		return p.showConflict(w, r, id, err, typed)
	case err != nil:
		return err
	case r.PostForm.Get("then") == "next":
		return p.goNext(w, r, id)
	}
	http.Redirect(w, r, views.ReviewTicketPath(id), http.StatusSeeOther)
	return nil
}

// readDecision reads the fields that a decision has.
func readDecision(r *http.Request, words *i18n.Words) (typed views.TypedDecision, version int64, wrong map[string]string, err error) {
	if err := request.ParseForm(r); err != nil {
		return typed, 0, nil, err
	}
	typed = views.TypedDecision{
		Reasons: r.PostForm["reason"], Class: form.Class(r.PostForm.Get("class")), Comment: request.TidyText(r.PostForm.Get("comment")), Note: request.TidyText(r.PostForm.Get("note")),
	}
	version, err = request.ParseVersion(r.PostForm.Get("version"))
	if err != nil || repeatsAny(r.PostForm, "version", "class", "comment", "note") {
		return typed, 0, nil, problem.ErrMalformed
	}
	wrong = map[string]string{}
	for name, text := range map[string]string{"comment": typed.Comment, "note": typed.Note} {
		if utf8.RuneCountInString(text) > request.MaxText {
			wrong[name] = words.T("review.too_long", "Most", request.MaxText)
		}
		if !request.ValidText(text) {
			wrong[name] = words.T("review.bad_characters")
		}
	}
	return typed, version, wrong, nil
}

// rejectionProblems says in these words what is wrong with a rejection, which is written in the language of the ticket's user.
func rejectionProblems(words *i18n.Words, wrong form.Invalid) map[string]string {
	texts := make(map[string]string, len(wrong))
	for name, problem := range wrong {
		texts[name] = words.T("reject." + name + "." + string(problem.Code))
	}
	return texts
}

// repeatsAny reports whether one of these fields was sent more than once.
func repeatsAny(given url.Values, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return len(given[name]) > 1 })
}
