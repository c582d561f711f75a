package api

import (
	"context"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/ticket"
	"docket/web/problem"
	"docket/web/request"
)

const maxSubjects = 1000 // approvals of a user in one answer

// latestFor is the latest approval of a user for a subject; empty: of all.
func (a *API) latestFor(ctx context.Context, userID, subject string) (ticket.Approval, error) {
	if subject == "" {
		return a.Desk.Latest(ctx, userID)
	}
	if wrong := a.subjectProblem(subject); wrong != "" {
		var invalid problem.Invalid
		invalid.Add("for", form.CodeNotAnOption, wrong)
		return ticket.Approval{}, invalid.Sorted()
	}
	found, err := a.Desk.LatestFor(ctx, subject, []string{userID})
	if err != nil {
		return ticket.Approval{}, err
	}
	if found[0].TicketID == uuid.Nil {
		return found[0], ticket.ErrNotFound
	}
	return found[0], nil
}

// subjectProblem says why nothing is approved for a subject; empty when it may be.
func (a *API) subjectProblem(subject string) string {
	switch {
	case a.Form.LatestPer == "":
		return "This form does not tell approvals apart by a subject: it has no latest_per."
	case !utf8.ValidString(subject) || strings.Contains(subject, "\x00") || utf8.RuneCountInString(subject) > form.MaxSubject:
		return "A subject has 1 to 200 characters, and no NUL."
	}
	return ""
}

// readSubject is the optional member "for" of a batch.
func (a *API) readSubject(b *requestBody) string {
	subject, given := b.readText("for", false)
	if wrong := a.subjectProblem(subject); given && wrong != "" {
		b.addProblem("for", form.CodeNotAnOption, wrong)
	}
	return subject
}

// LatestOf is the latest approvals of a user for each subject.
func (a *API) LatestOf(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	if _, err := parseParameters(r); err != nil {
		return err
	}
	userID := r.PathValue("user_id")
	if userID == "" || !request.ValidUserID(userID) { // nobody can have such an id
		return problem.ErrNoPage
	}
	found, err := a.listLatest(r.Context(), userID)
	if err != nil {
		return err
	}
	w.Header()["Content-Type"] = jsonType
	body := []byte(`{"items":[`)
	for i, one := range found {
		if i > 0 {
			body = append(body, ',')
		}
		body = appendLatest(body, one, one.TicketID.String())
	}
	_, _ = w.Write(append(body, "]}"...)) // a client that has gone needs no answer
	return nil
}

// listLatest lists the latest approvals of a user: one at most where the form does not tell them apart.
func (a *API) listLatest(ctx context.Context, userID string) ([]ticket.Approval, error) {
	if a.Form.LatestPer != "" {
		return a.Desk.LatestOf(ctx, userID, maxSubjects)
	}
	found, err := a.Desk.LatestBatch(ctx, []string{userID})
	if err != nil || found[0].TicketID == uuid.Nil {
		return nil, err
	}
	return found, nil
}
