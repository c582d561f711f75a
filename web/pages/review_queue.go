package pages

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/listing"
	"docket/web/problem"
	"docket/web/request"
)

// Queue shows the list of tickets that agents work on.
func (p *Pages) Queue(w http.ResponseWriter, r *http.Request) error {
	q, view, err := p.parseQueue(r)
	if err != nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	if len(view.Invalid) == 0 {
		status = http.StatusOK
	}
	return p.showQueue(w, r, status, q, view)
}

// showQueue shows a list of tickets, if its filter has no mistake.
func (p *Pages) showQueue(w http.ResponseWriter, r *http.Request, status int, q ticket.Query, view views.QueueView) (err error) {
	if len(view.Invalid) == 0 {
		if q.Place, err = p.placeOf(r.Context(), request.Account(r).ID, view.Filter); err != nil {
			return err
		}
		if refreshes(r, view) {
			return p.refreshQueue(w, r, q, view)
		}
	}
	if view.Filter.Tab != "" {
		view.Since, view.Until = time.Time{}, time.Time{} // these lists have no range
	}
	site := p.site(r)
	load, own := p.loadWorkload(r)
	if view.Filter.Status == ticket.Processing {
		view.Teams = own.Teams
	}
	var list finishedList
	if len(view.Invalid) > 0 {
		list, err = p.renderList(r.Context(), site, view)
	} else {
		list, err = p.recordedList(r, site, q, view)
	}
	if err != nil {
		return err
	}
	if err := p.addToast(r, own.Pending, &view); err != nil {
		return err
	}
	if err := p.addViews(r, &view); err != nil {
		return err
	}
	if err := p.addNotice(r, &view); err != nil {
		return err
	}
	site.Search, site.Workload = view.Filter.Search, load
	shown := list.component(site)
	return p.render(w, r, status, views.ReviewPage(site, view, shown), views.Queue(site, view, shown))
}

// recordedList is the list as the agent sees it; that it is shown is recorded.
func (p *Pages) recordedList(r *http.Request, site views.Site, q ticket.Query, view views.QueueView) (finishedList, error) {
	list, err := p.listFor(r, site, q, view)
	if err != nil {
		return list, err
	}
	return list, p.recordList(r, view, list.tickets)
}

// fillList adds the tickets of a list and what it says of them, for an agent. It returns whom queueOpenTo does.
func (p *Pages) fillList(ctx context.Context, agent account.Account, q ticket.Query, view *views.QueueView) (named []string, err error) {
	switch {
	case view.Filter.Search != "":
		err = p.fillSearch(ctx, q, view)
	case view.AnyStatus:
		err = p.fillUser(ctx, q, view)
	default:
		named, err = p.fillQueue(ctx, agent, q, view)
	}
	if err != nil {
		return nil, err
	}
	return named, p.describeList(ctx, agent.ID, view)
}

// parseQueue reads which list is asked for, and what is wrong with that.
func (p *Pages) parseQueue(r *http.Request) (q ticket.Query, view views.QueueView, err error) {
	q, filter, wrong := p.lists(r).ParseFilter(r.URL.Query(), p.words(r))
	if err := p.addPeople(r, &q.Where, filter.Where, wrong); err != nil {
		return q, view, err
	}
	view = views.QueueView{Filter: filter, Since: q.From, Until: q.To, Here: r.URL.RequestURI()}
	p.listsUser(r, &q, &view, wrong, p.words(r))
	view.Invalid = wrong.Messages()
	return q, view, nil
}

// recordList records that a list is shown. Of a queue that refreshes itself, and of a search that goes on with each letter, it records
// one a minute.
func (p *Pages) recordList(r *http.Request, view views.QueueView, tickets int) error {
	action, again := listing.ActionOf(view.Filter.User), r.Header.Get(account.Background) != ""
	if view.Filter.Search != "" {
		action, again = audit.SearchShown, isFragment(r)
	}
	if !again {
		return p.recordCount(r, action, "", int64(tickets))
	}
	entry := request.NewEntry(r, action, "")
	entry.Count = int64(tickets)
	return p.Audit.RecordRepeated(r.Context(), entry)
}

// addToast says what the agent decided last and can still undo. pending says that there is such a decision.
func (p *Pages) addToast(r *http.Request, pending bool, view *views.QueueView) (err error) {
	var decisions []ticket.PendingDecision
	if pending {
		if decisions, err = p.Desk.Pending(r.Context(), request.Account(r).ID); err != nil {
			return err
		}
	}
	view.Toast, err = p.toast(r, decisions, uuid.Nil)
	return err
}

func ticketIDs(tickets []ticket.Ticket) []uuid.UUID {
	ids := make([]uuid.UUID, len(tickets))
	for i, t := range tickets {
		ids[i] = t.ID
	}
	return ids
}

// addNotice says that there was no ticket left to take, or that the agent holds as many as one may.
func (p *Pages) addNotice(r *http.Request, view *views.QueueView) error {
	switch r.URL.Query().Get("left") {
	case "":
	case "none":
		view.Notice = views.NothingToTakeText(p.site(r))
	case "held":
		view.Notice = views.TooManyHeldText(p.site(r))
	default:
		return problem.WrongParameters{"left"}
	}
	return nil
}

// fillQueue adds one page of the queue and the number of older tickets that wait outside its range.
func (p *Pages) fillQueue(ctx context.Context, agent account.Account, q ticket.Query, view *views.QueueView) (named []string, err error) {
	if view.Filter.Tab != "" {
		ctx = ticket.Fresh(ctx) // claims are on the primary
	}
	if view.List, named, err = p.queueOpenTo(ctx, agent, view.Teams, listing.UpToNow(q, view.Filter)); err != nil {
		return nil, err
	}
	view.After = q.After.At
	p.addPageLinks(view)
	if q.Status != ticket.Processing || view.Filter.Tab != "" {
		return named, nil
	}
	return named, p.addBacklog(ctx, q.From, view)
}

// addPageLinks adds the addresses of the first and the next page of the list.
func (p *Pages) addPageLinks(view *views.QueueView) {
	first, next := view.Filter, view.Filter
	if first.Cursor != "" {
		first.Cursor = ""
		view.FirstURL = views.ReviewPath(first)
	}
	if !view.List.Next.IsZero() {
		next.Cursor = p.Lists.Sign(view.List.Next, listing.CursorList(next)...)
		view.NextURL = views.ReviewPath(next)
	}
}

// addBacklog adds how many tickets wait that were sent before from, and the address of a list of them.
func (p *Pages) addBacklog(ctx context.Context, from time.Time, view *views.QueueView) error {
	backlog, err := p.Workload.Backlog(ctx, from, p.Desk.Backlog)
	if err != nil || backlog.Count == 0 {
		return err
	}
	last := slices.MinFunc([]time.Time{from, backlog.Oldest.Add(listing.MaxRange - 24*time.Hour)}, time.Time.Compare)
	older := view.Filter
	older.Cursor, older.User = "", "" // the backlog is of all users
	older.From = backlog.Oldest.In(from.Location()).Format(time.DateOnly)
	older.To = last.In(from.Location()).Format(time.DateOnly)
	view.Backlog, view.BacklogURL = backlog.Count, views.ReviewPath(older)
	return nil
}

// decidersOf are the actors who decided these tickets.
func decidersOf(tickets []ticket.Ticket) []string {
	actors := make([]string, len(tickets))
	for i, t := range tickets {
		actors[i] = t.ClosedBy()
	}
	return actors
}

// holders names who holds which of these tickets.
func (p *Pages) holders(ctx context.Context, tickets []ticket.Ticket) (map[uuid.UUID]string, error) {
	claims, err := p.Claims.List(ctx, ticketIDs(tickets)...)
	if err != nil || len(claims) == 0 {
		return nil, err
	}
	var actors []string
	for _, held := range claims {
		actors = append(actors, ticket.Agent(held.Agent.String()))
	}
	names, err := p.emailsOf(ctx, actors)
	holders := make(map[uuid.UUID]string, len(claims))
	for id, held := range claims {
		holders[id] = names[ticket.Agent(held.Agent.String())]
	}
	return holders, err
}
