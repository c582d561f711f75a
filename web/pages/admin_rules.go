package pages

import (
	"errors"
	"net/http"

	"docket/internal/report"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/listing"
)

// Rules compares what the rules said with what agents decided.
func (p *Pages) Rules(w http.ResponseWriter, r *http.Request) (err error) {
	given := r.URL.Query()
	f, wrong := views.Filter{From: given.Get("from"), To: given.Get("to")}, listing.Problems{}
	view := views.RulesView{Filter: f}
	view.Since, view.Until = p.Lists.ParseRange(f, p.words(r), wrong)
	view.Invalid = wrong.Messages()
	if len(view.Invalid) == 0 {
		view.Comparison, err = p.Reports.Compare(r.Context(), view.Since, listing.UpToNow(ticket.Query{To: view.Until}, f).To)
		if errors.Is(err, report.ErrRangeTooLarge) {
			view.Invalid["from"] = p.words(r).T("rules.too_many")
		} else if err != nil {
			return err
		}
	}
	status := http.StatusOK
	if len(view.Invalid) > 0 {
		status = http.StatusUnprocessableEntity
	}
	var deciders []string
	for _, d := range view.Comparison.Disagreements {
		deciders = append(deciders, d.By)
	}
	if view.Names, err = p.emailsOf(r.Context(), deciders); err != nil {
		return err
	}
	site := p.site(r)
	return p.render(w, r, status, views.RulesPage(site, view), views.Rules(site, view))
}
