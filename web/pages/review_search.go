package pages

import (
	"context"
	"net/http"

	"docket/internal/audit"
	"docket/internal/search"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/listing"
	"docket/web/request"
)

// fillSearch adds one page of what a search finds.
func (p *Pages) fillSearch(ctx context.Context, q ticket.Query, view *views.QueueView) (err error) {
	asked := search.Parse(view.Filter.Search)
	asked.Page = q.Page
	if asked.From, asked.To = q.From, q.To; view.Filter.To == "" {
		asked.To = listing.UpToNow(q, view.Filter).To
	}
	if view.List, err = p.Desk.Search(ctx, asked); err != nil {
		return err
	}
	p.addPageLinks(view)
	return nil
}

// recordSearch records that a search was shown. Of one that goes on with each letter it records one a minute.
func (p *Pages) recordSearch(r *http.Request, view views.QueueView) error {
	entry := request.NewEntry(r, audit.SearchShown, "")
	entry.Count = int64(len(view.List.Tickets))
	if isFragment(r) {
		return p.Audit.RecordRepeated(r.Context(), entry)
	}
	return p.Audit.Record(r.Context(), entry)
}
