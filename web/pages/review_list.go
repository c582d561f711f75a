package pages

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"

	"docket/internal/i18n"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/listing"
	"docket/web/problem"
	"docket/web/request"
)

const (
	mostListed = 200 // tickets of a list that are tried at a time, to take the next one
	mostTried  = 10  // times
)

// workList is the list that an agent works on: the next ticket is the next one of it. The zero workList is the queue as it opens.
type workList struct {
	text   string // its query
	query  ticket.Query
	filter views.Filter
}

// ordered reports whether the next ticket of the list is not simply the next one.
func (l workList) ordered() bool {
	return l.text != "" && l.filter.Search == "" && l.query.Status.Open() && l.query.Place.Tab != ticket.Snoozed
}

// readTicket reads which ticket an address is about, and the list that the request names.
func (p *Pages) readTicket(r *http.Request) (id uuid.UUID, list workList, err error) {
	if id, err = request.TicketID(r); err == nil {
		list, err = p.readList(r)
	}
	return id, list, err
}

// readList reads the list that a request names, in its query or in a form.
func (p *Pages) readList(r *http.Request) (workList, error) {
	text := r.URL.Query().Get("list")
	if r.Method == http.MethodPost {
		if err := request.ParseForm(r); err != nil {
			return workList{}, err
		}
		text = r.PostForm.Get("list")
	}
	if text == "" {
		return workList{}, nil
	}
	given, err := url.ParseQuery(text)
	for name, values := range given {
		if len(values) > 1 || !slices.Contains(listing.Parameters(p.Form), name) || name == "cursor" {
			return workList{}, problem.WrongParameters{"list"}
		}
	}
	q, filter, wrong := p.lists(r).ParseFilter(given, p.words(r))
	if err := p.addPeople(r, &q.Where, filter.Where, wrong); err != nil {
		return workList{}, err
	}
	if err != nil || len(wrong) > 0 {
		return workList{}, problem.WrongParameters{"list"}
	}
	if filter.User != "" && filter.From == "" { // the list of a user has no range
		q.From = time.UnixMilli(0)
	}
	if q.Place, err = p.placeOf(r.Context(), request.Account(r).ID, filter); err != nil {
		return workList{}, err
	}
	return workList{given.Encode(), q, filter}, nil
}

// placeOf is which of the open tickets a filter asks for, as an agent sees them.
func (p *Pages) placeOf(ctx context.Context, agent uuid.UUID, filter views.Filter) (ticket.Place, error) {
	place := ticket.Place{Tab: filter.Tab, Agent: agent, Teams: []string{}, Queues: []string{}}
	switch filter.Tab {
	case "":
		place.Tab = ticket.Waiting
	case ticket.Team:
		teams, err := p.Accounts.Teams(ctx, agent)
		if err != nil {
			return place, err
		}
		place.Teams = append(place.Teams, teams...)
		for _, queue := range p.Form.Queues {
			if slices.Contains(teams, queue.Team) {
				place.Queues = append(place.Queues, queue.Name)
			}
		}
	}
	return place, nil
}

// nextOf takes the next ticket of a list.
func (p *Pages) nextOf(ctx context.Context, agent uuid.UUID, list workList) (uuid.UUID, error) {
	if !list.ordered() {
		return p.Claims.Next(ctx, agent)
	}
	q := listing.UpToNow(list.query, list.filter)
	q.Limit = mostListed
	for range mostTried {
		found, err := p.Desk.Queue(ticket.Fresh(ctx), q)
		if err != nil {
			return uuid.Nil, err
		}
		id, err := p.firstOf(ctx, agent, list, found.Tickets)
		if !errors.Is(err, ticket.ErrNotFound) || found.Next.IsZero() {
			return id, err
		}
		q.After = found.Next
	}
	return uuid.Nil, ticket.ErrNotFound
}

// firstOf takes the first of these tickets that the agent can take. On the list of their own it is one that they hold already.
func (p *Pages) firstOf(ctx context.Context, agent uuid.UUID, list workList, tickets []ticket.Ticket) (uuid.UUID, error) {
	ids := ticketIDs(tickets)
	if list.query.Place.Tab == ticket.Mine {
		claims, err := p.Claims.List(ctx, ids...)
		if err != nil {
			return uuid.Nil, err
		}
		for _, id := range ids {
			if claims[id].Agent == agent {
				return id, nil
			}
		}
	}
	return p.Claims.First(ctx, agent, ids, list.filter.Queue != "")
}

// showHeld shows the tickets that an agent holds who asks for one more.
func (p *Pages) showHeld(w http.ResponseWriter, r *http.Request) error {
	filter := views.Filter{Status: ticket.Processing, Tab: ticket.Mine, Limit: views.DefaultLimit}
	request.RecordOf(r.Context()).Code = string(problem.Of(ticket.ErrTooManyHeld).Code)
	view := views.QueueView{Filter: filter, Here: views.ReviewPath(filter), Notice: views.TooManyHeldText(p.site(r))}
	q := ticket.Query{Status: filter.Status, Page: ticket.Page{Limit: filter.Limit}}
	return p.showQueue(w, r, http.StatusConflict, q, view)
}

// receivers are to whom a ticket can be handed over: addresses of agents, and teams.
func (p *Pages) receivers(ctx context.Context, but string) (names []string, err error) {
	staff, err := p.Accounts.Staff(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range staff {
		if a.Email != but {
			names = append(names, a.Email)
		}
	}
	teams, err := p.teamNames(ctx)
	return append(names, teams...), err
}

// teamNames are the teams that somebody is in, and those of the form's queues.
func (p *Pages) teamNames(ctx context.Context) (names []string, err error) {
	teams, err := p.Accounts.ListTeams(ctx)
	for _, team := range teams {
		names = append(names, team.Name)
	}
	for _, queue := range p.Form.Queues {
		if queue.Team != "" {
			names = append(names, queue.Team)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), err
}

// receiver finds to whom a ticket is handed over; words say what is wrong with it.
func (p *Pages) receiver(ctx context.Context, agent uuid.UUID, to string, words *i18n.Words) (ticket.Receiver, string, error) {
	staff, err := p.Accounts.Staff(ctx)
	if err != nil {
		return ticket.Receiver{}, "", err
	}
	for _, a := range staff {
		switch {
		case a.Email != to:
		case a.ID == agent:
			return ticket.Receiver{}, words.T("work.to_yourself"), nil
		default:
			return ticket.Receiver{Agent: a.ID}, "", nil
		}
	}
	teams, err := p.teamNames(ctx)
	if slices.Contains(teams, to) {
		return ticket.Receiver{Team: to}, "", err
	}
	return ticket.Receiver{}, words.T("work.to_nobody"), err
}
