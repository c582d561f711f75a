package pages

import (
	"cmp"
	"errors"
	"net/http"
	"time"

	"docket/internal/report"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/listing"
)

// Rules compares what the rules said with what agents decided.
func (p *Pages) Rules(w http.ResponseWriter, r *http.Request) error {
	given, problems := r.URL.Query(), listing.Problems{}
	view := views.RulesView{Filter: views.Filter{From: given.Get("from"), To: given.Get("to")}}
	view.Since, view.Until = p.lists(r).ParseRange(view.Filter, p.words(r), problems)
	view.Invalid = problems.Messages()
	if len(view.Invalid) == 0 {
		if err := p.compareRules(r, &view); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if len(view.Invalid) > 0 {
		status = http.StatusUnprocessableEntity
	}
	view.Filter.From = cmp.Or(view.Filter.From, view.Since.Format(time.DateOnly))
	site := p.site(r)
	return p.render(w, r, status, views.RulesPage(site, view), views.Rules(site, view))
}

// compareRules adds the comparison and the names of the agents in it. A range that is too large is a problem of from.
func (p *Pages) compareRules(r *http.Request, view *views.RulesView) (err error) {
	until := listing.UpToNow(ticket.Query{To: view.Until}, view.Filter).To
	view.Comparison, err = p.Reports.Compare(r.Context(), view.Since, until)
	if errors.Is(err, report.ErrRangeTooLarge) {
		view.Invalid["from"] = p.words(r).T("rules.too_many")
		return nil
	}
	if err != nil {
		return err
	}
	var deciders []string
	for _, d := range view.Comparison.Disagreements {
		deciders = append(deciders, d.By)
	}
	view.Names, err = p.emailsOf(r.Context(), deciders)
	return err
}
