package pages

import (
	"net/http"
	"time"

	"docket/internal/ticket"
	"docket/views"
	"docket/web/listing"
	"docket/web/request"
)

const numbersDays = 7 // the range when none is asked for, with today

// Numbers shows staff how the system is doing: the numbers of all, and of the agents, all for admins and one's own for others.
func (p *Pages) Numbers(w http.ResponseWriter, r *http.Request) error {
	given, problems := r.URL.Query(), listing.Problems{}
	view := views.NumbersView{Filter: views.Filter{From: given.Get("from"), To: given.Get("to")}}
	if view.Filter.From == "" && view.Filter.To == "" {
		view.Filter.From = p.Now().In(p.Form.Zone).AddDate(0, 0, 1-numbersDays).Format(time.DateOnly)
	}
	from, to := p.Lists.ParseRange(view.Filter, p.words(r), problems)
	view.Invalid = problems.Messages()
	status := http.StatusUnprocessableEntity
	if len(view.Invalid) == 0 {
		status = http.StatusOK
		if err := p.fillNumbers(r, from, to, &view); err != nil {
			return err
		}
	}
	site := p.site(r)
	return p.render(w, r, status, views.NumbersPage(site, view), views.Numbers(site, view))
}

// fillNumbers adds the numbers of a range, and the names of the agents in it.
func (p *Pages) fillNumbers(r *http.Request, from, to time.Time, view *views.NumbersView) (err error) {
	view.Report, err = p.Rollups.Read(r.Context(), from.In(p.Form.Zone), to, p.Now())
	if err != nil {
		return err
	}
	actors := []string{request.ActorOf(request.Account(r))}
	if request.Account(r).Role.Administers() {
		for id := range view.Report.Totals.Agents {
			actors = append(actors, ticket.Agent(id))
		}
		for id := range view.Report.Before.Agents {
			actors = append(actors, ticket.Agent(id))
		}
	}
	view.Names, err = p.emailsOf(r.Context(), actors)
	return err
}
