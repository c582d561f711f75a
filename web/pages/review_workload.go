package pages

import (
	"net/http"
	"time"

	"docket/internal/workload"
	"docket/views"
	"docket/web/request"
)

// addWorkload adds what waits and what the agent has done. A page is shown without it when that cannot be counted.
func (p *Pages) addWorkload(r *http.Request, site *views.Site) {
	site.Workload, _ = p.loadWorkload(r)
}

// loadWorkload is what waits and what the agent has done; nil when that cannot be counted, and then the agent's teams are, too.
func (p *Pages) loadWorkload(r *http.Request) (load *views.Workload, own workload.Own) {
	counts, err := p.Workload.Counts(r.Context())
	if err != nil {
		return nil, workload.Own{}
	}
	own, err = p.Workload.Own(r.Context(), request.Account(r).ID, p.today(r))
	if err != nil {
		return nil, workload.Own{}
	}
	own.Teams = append([]string{}, own.Teams...)
	return newWorkload(counts, own), own
}

// today is when the day of the agent began.
func (p *Pages) today(r *http.Request) time.Time {
	now := p.Now().In(p.zone(r))
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
}

func newWorkload(counts workload.Counts, own workload.Own) *views.Workload {
	counts = counts.For(own)
	return &views.Workload{
		Waiting: counts.Waiting, Late: counts.Late, Snoozed: counts.Snoozed, Most: workload.Most, Oldest: counts.Oldest,
		Mine: own.Mine, Decided: own.Decided, Looks: own.Looks,
	}
}
