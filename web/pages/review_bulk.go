package pages

import (
	"context"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/form"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

const (
	maxBulk     = 100 // tickets that are worked on together
	bulkWorkers = 8   // of them at a time
)

// bulkWork is something that an agent does with several tickets.
type bulkWork func(ctx context.Context, id uuid.UUID) error

// Bulk does the same with several tickets, each on its own: what cannot be done with one does not keep it from the others. It leads to
// a page that says of each what became of it.
func (p *Pages) Bulk(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	ids, err := parseIDs(r.PostForm["id"])
	if err != nil || repeatsAny(r.PostForm, "do", "reason", "row", "to") {
		return problem.ErrMalformed
	}
	view := views.BulkView{Do: r.PostForm.Get("do"), Reason: r.PostForm.Get("reason"), Row: r.PostForm.Get("row"), To: r.PostForm.Get("to")}
	words := p.words(r)
	switch {
	case len(ids) == 0:
		view.Problem = words.T("bulk.none")
	case len(ids) > maxBulk:
		view.Problem = words.T("bulk.too_many", "Most", maxBulk)
	}
	work, message, err := p.bulkWorkOf(r, view)
	if err != nil {
		return err
	}
	if view.Problem == "" {
		view.Problem = message
	}
	if view.Problem != "" {
		return p.showBulk(w, r, http.StatusUnprocessableEntity, view, ids[:min(len(ids), maxBulk)])
	}
	if err := doWithEach(r.Context(), ids, work); err != nil {
		return err
	}
	http.Redirect(w, r, views.BulkPath(view, ids), http.StatusSeeOther)
	return nil
}

// parseIDs reads the ids of tickets, each once.
func parseIDs(texts []string) (ids []uuid.UUID, err error) {
	for _, text := range texts {
		id, err := uuid.Parse(text)
		if err != nil || id.String() != text {
			return nil, problem.ErrMalformed
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// decodeIDs reads the ids of tickets in a views.BulkPath, each once.
func decodeIDs(text string) (ids []uuid.UUID, err error) {
	if strings.Contains(text, ",") || len(text) == len(uuid.Nil.String()) { // of the release before this one
		return parseIDs(strings.Split(text, ","))
	}
	for chunk := range slices.Chunk([]byte(text), views.BulkIDLength) {
		data, err := base64.RawURLEncoding.Strict().DecodeString(string(chunk))
		if err != nil {
			return nil, problem.ErrMalformed
		}
		id, err := uuid.FromBytes(data)
		if err != nil {
			return nil, problem.ErrMalformed
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// doWithEach works on every ticket. It returns an error only when nothing could be done and the system, not a ticket, was the reason.
func doWithEach(ctx context.Context, ids []uuid.UUID, work bulkWork) error {
	failed := make([]error, len(ids))
	var group errgroup.Group
	group.SetLimit(bulkWorkers)
	for i, id := range ids {
		group.Go(func() error {
			failed[i] = work(ctx, id)
			return nil
		})
	}
	_ = group.Wait() // it has no errors: each ticket has its own
	for _, err := range failed {
		if err == nil || problem.Of(err).Status < http.StatusInternalServerError {
			return nil
		}
	}
	return failed[0]
}

// bulkWorkOf is what an agent wants to do with tickets; the message says why they cannot.
func (p *Pages) bulkWorkOf(r *http.Request, view views.BulkView) (work bulkWork, message string, err error) {
	agent := request.Account(r).ID
	switch view.Do {
	case views.BulkApprove:
		return p.decideEach(r, func(ctx context.Context, t ticket.Ticket) (ticket.Decision, error) {
			d := ticket.Approve(ticket.Agent(agent.String()), "")
			grant, asked, err := p.Intake.ProposedGrant(ctx, t)
			if d.Grant = grant; asked {
				return d, problem.Invalid{{Field: views.GrantField, Code: form.CodeRequired}}
			}
			return d, err
		}), "", nil
	case views.BulkReject:
		return p.rejectEach(r, view)
	case views.BulkHandOver:
		to, message, err := p.receiver(r.Context(), agent, account.NormalizeEmail(strings.TrimSpace(view.To)), p.words(r))
		return p.recordEach(r, audit.HandedOver, func(ctx context.Context, id uuid.UUID) error {
			return p.Claims.HandOver(ctx, agent, id, to)
		}), message, err
	case views.BulkUndo:
		return p.recordEach(r, audit.DecisionUndone, func(ctx context.Context, id uuid.UUID) error {
			if err := p.Desk.Undo(ctx, id, agent); err != nil {
				return err
			}
			_, err := p.Claims.Release(ctx, agent, id) // so many tickets are not one agent's to keep
			return err
		}), "", nil
	}
	return nil, "", problem.ErrMalformed
}

// firstMessage is the first message about a rejection, in the order of the form to reject.
func firstMessage(refused form.Invalid) string {
	for _, name := range []string{"reason", "class", "comment"} {
		if found, ok := refused[name]; ok {
			return found.Message
		}
	}
	return ""
}

// decideEach decides a ticket as it stands now, unless it was handed over to somebody else.
func (p *Pages) decideEach(r *http.Request, decision func(context.Context, ticket.Ticket) (ticket.Decision, error)) bulkWork {
	return func(ctx context.Context, id uuid.UUID) error {
		t, err := p.Desk.Ticket(ticket.Fresh(ctx), id)
		if err != nil {
			return err
		}
		d, err := decision(ctx, t)
		if err != nil {
			return err
		}
		return p.putDecision(ctx, id, t.Version, d)
	}
}

// recordEach records what is done with each ticket.
func (p *Pages) recordEach(r *http.Request, done audit.Action, work bulkWork) bulkWork {
	return func(ctx context.Context, id uuid.UUID) error {
		if err := work(ctx, id); err != nil {
			return err
		}
		return p.Audit.Record(ctx, request.NewEntry(r, done, audit.TicketObject(id)))
	}
}

// BulkResults says what became of tickets on which an agent worked together.
func (p *Pages) BulkResults(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	ids, err := decodeIDs(query.Get("ids"))
	if err != nil || len(ids) > maxBulk {
		return problem.WrongParameters{"ids"}
	}
	if do := query.Get("do"); do != "" && !slices.Contains(views.BulkNames, do) {
		return problem.WrongParameters{"do"}
	}
	return p.showBulk(w, r, http.StatusOK, views.BulkView{Do: query.Get("do"), Row: query.Get("row")}, ids)
}

// showBulk shows what became of tickets, as they stand now.
func (p *Pages) showBulk(w http.ResponseWriter, r *http.Request, status int, view views.BulkView, ids []uuid.UUID) error {
	var err error
	if view.Results, err = p.bulkResults(r, view, ids); err != nil {
		return err
	}
	if err := p.recordCount(r, audit.ListShown, "", int64(len(ids))); err != nil {
		return err
	}
	shown := make([]ticket.Ticket, 0, len(ids))
	for _, result := range view.Results {
		shown = append(shown, result.Ticket)
	}
	site := p.siteOf(r, shown...)
	return p.render(w, r, status, views.BulkPage(site, view), views.Bulk(site, view))
}
