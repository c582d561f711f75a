package pages

import (
	"context"
	"net/http"
	"time"

	"docket/internal/i18n"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/listing"
	"docket/web/problem"
)

// listsUser makes a list of one user's tickets one of all times, unless a range is asked for, and one of every status, unless one is
// asked for or anything that narrows it.
func (p *Pages) listsUser(r *http.Request, q *ticket.Query, view *views.QueueView, wrong listing.Problems, words *i18n.Words) {
	f := &view.Filter
	if f.User == "" || f.Search != "" || f.From != "" || f.To != "" || f.Where.Waiting != "" {
		return
	}
	q.From = time.UnixMilli(0)
	view.Since, view.Until = time.Time{}, time.Time{}
	if r.URL.Query().Get("status") != "" || f.Sort != "" || f.Where.String() != "" {
		return
	}
	f.Status, view.AnyStatus = "", true
	delete(wrong, "cursor") // it is one of another list
	after, err := p.Lists.ParseCursor(f.Cursor, listing.CursorList(*f)...)
	if q.After = after; err != nil {
		wrong["cursor"] = listing.Problem{Code: problem.FieldBadCursor, Message: words.T("filter.cursor")}
	}
}

// fillUser adds one page of all tickets of a user.
func (p *Pages) fillUser(ctx context.Context, q ticket.Query, view *views.QueueView) (err error) {
	if view.List, err = p.Desk.TicketsOf(ctx, q.UserID, q.Page); err != nil {
		return err
	}
	p.addPageLinks(view)
	return nil
}
