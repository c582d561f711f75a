package pages

import (
	"context"

	"docket/internal/search"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/listing"
)

// fillSearch adds one page of what a search finds.
func (p *Pages) fillSearch(ctx context.Context, q ticket.Query, view *views.QueueView) (err error) {
	if view.List, err = p.Desk.Search(ctx, searchOf(q, view.Filter)); err != nil {
		return err
	}
	p.addPageLinks(view)
	return nil
}

// searchOf is the search that a filter asks for.
func searchOf(q ticket.Query, f views.Filter) ticket.Search {
	asked := search.Parse(f.Search)
	asked.Page, asked.From, asked.To = q.Page, q.From, q.To
	if f.To == "" {
		asked.To = listing.UpToNow(q, f).To
	}
	return asked
}
