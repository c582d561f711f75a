package pages

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/listing"
	"docket/web/request"
)

const maxActor = 254 // characters of who is asked for: as long as an e-mail address may be

// ShowAudit shows who did what. That it was shown is recorded, too.
func (p *Pages) ShowAudit(w http.ResponseWriter, r *http.Request) error {
	asked, filter, wrong, err := p.parseAuditFilter(r)
	if err != nil {
		return err
	}
	view := views.AuditView{Filter: filter, Since: asked.From, Until: asked.To, Actions: convertTexts[string](audit.Actions), Invalid: wrong.Messages()}
	status := http.StatusUnprocessableEntity
	if len(wrong) == 0 {
		status = http.StatusOK
		if err := p.fillAudit(r, asked, &view); err != nil {
			return err
		}
	}
	site := p.site(r)
	return p.render(w, r, status, views.AuditPage(site, view), views.Audit(site, view))
}

// parseAuditFilter reads what of the audit is asked for. wrong says what cannot be read, by the name of the parameter.
func (p *Pages) parseAuditFilter(r *http.Request) (asked audit.Filter, typed views.AuditFilter, wrong listing.Problems, err error) {
	given, words := r.URL.Query(), p.words(r)
	typed = views.AuditFilter{
		From: given.Get("from"), To: given.Get("to"), Actor: strings.TrimSpace(given.Get("actor")), Action: given.Get("action"),
		Ticket: strings.TrimSpace(given.Get("ticket")), Cursor: given.Get("cursor"),
	}
	wrong = listing.Problems{}
	asked = audit.Filter{Action: audit.Action(typed.Action), Limit: views.DefaultLimit}
	asked.From, asked.To = p.lists(r).ParseRange(views.Filter{From: typed.From, To: typed.To}, words, wrong)
	if typed.Action != "" && !slices.Contains(audit.Actions, asked.Action) {
		wrong["action"] = listing.Problem{Message: words.T("audit.bad_action")}
	}
	if typed.Ticket != "" {
		id, err := uuid.Parse(typed.Ticket)
		if err != nil {
			wrong["ticket"] = listing.Problem{Message: words.T("audit.bad_ticket")}
		}
		asked.Object = audit.TicketObject(id)
	}
	after, err := p.Lists.ParseCursor(typed.Cursor, auditCursor(typed)...)
	if err != nil {
		wrong["cursor"] = listing.Problem{Message: words.T("filter.cursor")}
	}
	asked.Before = audit.Place(after)
	asked.Actor, err = p.findActor(r, typed.Actor)
	if errors.Is(err, account.ErrNoAccount) {
		wrong["actor"], err = listing.Problem{Message: words.T("audit.bad_actor")}, nil
	}
	return asked, typed, wrong, err
}

// auditCursor names the list that a cursor belongs to.
func auditCursor(f views.AuditFilter) []string {
	return []string{"audit", f.From, f.To, f.Actor, f.Action, f.Ticket}
}

// findActor is the actor with a name or an e-mail address; account.ErrNoAccount when no account has that.
func (p *Pages) findActor(r *http.Request, typed string) (string, error) {
	switch {
	case !utf8.ValidString(typed) || strings.ContainsRune(typed, 0) || utf8.RuneCountInString(typed) > maxActor:
		return "", account.ErrNoAccount
	case !strings.Contains(typed, "@"):
		return typed, nil
	}
	found, err := p.Accounts.Find(r.Context(), typed)
	return request.ActorOf(found), err
}

// fillAudit adds one page of the audit, and the names in it.
func (p *Pages) fillAudit(r *http.Request, asked audit.Filter, view *views.AuditView) error {
	asked.To = listing.UpToNow(ticket.Query{To: asked.To}, views.Filter{To: view.Filter.To}).To
	entries, next, err := p.Audit.List(r.Context(), asked)
	if err != nil {
		return err
	}
	if err := p.recordCount(r, audit.AuditShown, "", int64(len(entries))); err != nil {
		return err
	}
	var named []string
	for _, e := range entries {
		named = append(named, e.Actor, e.Object)
		view.Entries = append(view.Entries, auditEntryView(e))
	}
	p.addAuditLinks(view, next)
	view.Names, err = p.emailsOf(r.Context(), named)
	return err
}

func auditEntryView(e audit.Entry) views.AuditEntry {
	shown := views.AuditEntry{At: e.At, Actor: e.Actor, Action: string(e.Action), Object: e.Object, Count: e.Count, RequestID: e.RequestID}
	if e.Client.IsValid() {
		shown.Client = e.Client.String()
	}
	return shown
}

// addAuditLinks adds the addresses of the first and the next page.
func (p *Pages) addAuditLinks(view *views.AuditView, next audit.Place) {
	linked := view.Filter
	if linked.Cursor != "" {
		linked.Cursor = ""
		view.FirstURL = views.AuditPath(linked)
	}
	if next != (audit.Place{}) {
		linked.Cursor = p.Lists.Sign(ticket.Cursor(next), auditCursor(linked)...)
		view.NextURL = views.AuditPath(linked)
	}
}
