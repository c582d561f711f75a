package pages

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"docket/internal/account"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/request"
)

// finishedList is a list as every agent sees it whose language, time zone, role and teams are the same, but for those in personal.
type finishedList struct {
	html     [][]byte // between these stands the id of the agent who sees the list
	tickets  int
	changes  int64           // that were known when it was begun
	personal map[string]bool // agents and e-mail addresses of whom the list says something
	holders  map[string]bool // e-mail addresses of those who hold a ticket of it
}

// refreshes reports whether a request is that of a list which loads itself again.
func refreshes(r *http.Request, view views.QueueView) bool {
	return isFragment(r) && r.Header.Get(account.Background) != "" && view.Filter.Search == "" && view.Filter.Cursor == ""
}

// refreshQueue shows what changes of a list. Its tickets are read and rendered once for all who show the same list.
func (p *Pages) refreshQueue(w http.ResponseWriter, r *http.Request, q ticket.Query, view views.QueueView) (err error) {
	site := p.site(r)
	counts, err := p.Workload.CountsLately(r.Context())
	if err != nil {
		return err
	}
	own, err := p.Workload.OwnLately(r.Context(), request.Account(r).ID, p.today(r))
	if err != nil {
		return err
	}
	site.Workload, view.Teams = newWorkload(counts, own), []string{}
	if view.Filter.Status == ticket.Processing {
		view.Teams = append(view.Teams, own.Teams...)
	}
	list, err := p.listFor(r, site, q, view)
	if err != nil {
		return err
	}
	if err := p.recordList(r, view, list.tickets); err != nil {
		return err
	}
	changes := views.QueueChanges(site, view, list.component(site))
	return p.render(w, r, http.StatusOK, changes, changes)
}

// component is the list as the agent of the site sees it.
func (l finishedList) component(site views.Site) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, out io.Writer) error {
		for i, part := range l.html {
			if i > 0 {
				_, _ = io.WriteString(out, site.Me.ID) // the next write returns the error
			}
			if _, err := out.Write(part); err != nil {
				return err
			}
		}
		return nil
	})
}

// listFor is the list as the agent sees it. One that loads itself again may be of the same tick; another has every change that this
// instance knows of, and the agent's own that another instance made.
func (p *Pages) listFor(r *http.Request, site views.Site, q ticket.Query, view views.QueueView) (finishedList, error) {
	agent, again := request.Account(r), refreshes(r, view)
	if view.Filter.Tab == "" && view.Filter.Search == "" && (again || !ticket.IsFresh(r.Context())) {
		everybody := account.Account{ID: p.everybody, Role: agent.Role}
		list, err := p.remembered.get(r.Context(), listKey(site, q, view), time.Now(), again, func(ctx context.Context) (finishedList, error) {
			return p.finishList(r.WithContext(ctx), everybody, q, view)
		})
		if err != nil || !list.personal[site.Me.Email] && !list.personal[ticket.Agent(site.Me.ID)] {
			if list.holders[site.Me.Email] {
				list.html = nameHolder(r.Context(), list.html, site)
			}
			return list, err
		}
	}
	return p.finishList(r, agent, q, view)
}

// listKey tells lists apart that are not the same.
func listKey(site views.Site, q ticket.Query, view views.QueueView) string {
	return strings.Join([]string{
		views.ReviewPath(view.Filter), q.Where.DecidedBy, q.Where.HeldBy.String(), fmt.Sprint(view.AnyStatus), site.Words.Tag(), site.Zone.String(),
		site.Me.Role, strings.Join(view.Teams, " "),
	}, "\n")
}

// finishList reads and renders a list for an agent.
func (p *Pages) finishList(r *http.Request, agent account.Account, q ticket.Query, view views.QueueView) (list finishedList, err error) {
	q.Place.Agent = agent.ID
	named, err := p.fillList(r.Context(), agent, q, &view)
	if err != nil {
		return list, err
	}
	count := len(view.List.Tickets)
	givers, err := p.addOpinionMarks(r.Context(), agent, &view)
	if err != nil {
		return list, err
	}
	site := p.siteOf(r, view.List.Tickets...)
	site.Me = views.Me{ID: agent.ID.String(), Email: agent.Email, Role: string(agent.Role)}
	if list, err = p.renderList(r.Context(), site, view); err != nil {
		return list, err
	}
	list.tickets, list.personal = count, map[string]bool{}
	for _, name := range slices.Concat(givers, named) {
		list.personal[name] = true
	}
	for _, place := range view.Placements {
		list.personal[place.To] = true
	}
	list.holders = map[string]bool{}
	for _, email := range view.Holders {
		list.holders[email] = true
	}
	return list, nil
}

// renderList renders a list.
func (p *Pages) renderList(ctx context.Context, site views.Site, view views.QueueView) (list finishedList, err error) {
	var b bytes.Buffer
	err = views.QueueList(site, view).Render(ctx, &b)
	list.html = bytes.Split(b.Bytes(), []byte(p.everybody.String()))
	return list, err
}

// nameHolder says of an agent's tickets in what was rendered for everybody that the agent holds them.
func nameHolder(ctx context.Context, html [][]byte, site views.Site) [][]byte {
	var another, own bytes.Buffer
	mine, everybody := site.Me.Email, site
	everybody.Me = views.Me{}
	_ = views.HeldMark(everybody, mine).Render(ctx, &another) // memory takes all
	_ = views.HeldMark(site, mine).Render(ctx, &own)
	named := make([][]byte, len(html))
	for i, part := range html {
		named[i] = bytes.ReplaceAll(part, another.Bytes(), own.Bytes())
	}
	return named
}

// ForgetLists makes lists that load themselves again read what was written.
func (p *Pages) ForgetLists() { p.remembered.Forget() }

// NoteWrite makes pages show what this instance has written, before it is notified of that itself.
func (p *Pages) NoteWrite() { p.remembered.written.Add(1) }
