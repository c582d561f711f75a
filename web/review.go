package web

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/ticket"
	"docket/views"
)

const (
	earlierMost = 20   // how many of a user's other tickets are shown beside one
	wordsMost   = 4000 // characters of a comment or a note
)

func (s *Server) queue(w http.ResponseWriter, r *http.Request) error {
	q, filter, wrong := s.window(r.URL.Query())
	view := views.QueueView{
		Filter: filter, Since: q.From, Until: q.To, Invalid: wrong, Here: r.URL.RequestURI(), Notice: s.told(r.Context(), r),
	}
	status := http.StatusUnprocessableEntity
	if len(wrong) == 0 {
		status = http.StatusOK
		if err := s.fillQueue(r.Context(), q, &view); err != nil {
			return err
		}
	}
	renewed := r.Header.Get(account.Background) != "" && len(view.List.Tickets) > 0
	if r.URL.Query().Get("left") == "none" && !renewed {
		view.Notice = strings.TrimSpace(view.Notice + " " + views.NothingWaits)
	}
	site := s.siteOf(r, view.List.Tickets...)
	return s.render(w, r, status, views.ReviewPage(site, view), views.Queue(site, view))
}

// fillQueue asks for one page of the queue and for what waits outside its range.
func (s *Server) fillQueue(ctx context.Context, q ticket.Query, view *views.QueueView) error {
	list, err := s.Desk.Queue(ctx, upToNow(q, view.Filter))
	if err != nil {
		return err
	}
	view.List = list
	first, next := view.Filter, view.Filter
	first.Cursor = ""
	if view.Filter.Cursor != "" {
		view.FirstURL = views.ReviewPath(first)
	}
	if !list.Next.IsZero() {
		next.Cursor = s.sign(list.Next, listOf(next)...)
		view.NextURL = views.ReviewPath(next)
	}
	if q.Status != ticket.Processing {
		return nil
	}
	if view.Held, err = s.held(ctx, list.Tickets); err != nil {
		return err
	}
	older, err := s.Desk.Backlog(ctx, q.From)
	if err != nil || older.Count == 0 {
		return err
	}
	view.Older = older.Count
	first.User = "" // they are counted whosever they are
	first.From = older.Oldest.In(s.Form.Zone).Format(time.DateOnly)
	first.To = minTime(q.From, older.Oldest.Add(windowMost-day)).In(s.Form.Zone).Format(time.DateOnly)
	view.OlderURL = views.ReviewPath(first)
	return nil
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func (s *Server) review(w http.ResponseWriter, r *http.Request) error {
	id, err := ticketID(r)
	if err != nil {
		return err
	}
	t, err := s.Desk.Ticket(r.Context(), id)
	if err != nil {
		return err
	}
	return s.showReview(w, r, http.StatusOK, views.Review{Ticket: t, Notice: s.told(r.Context(), r)})
}

// showReview adds what belongs beside a ticket: its history, the user's other tickets, and names.
func (s *Server) showReview(w http.ResponseWriter, r *http.Request, status int, view views.Review) (err error) {
	ctx, t := r.Context(), view.Ticket
	if view.History, err = s.Desk.History(ctx, t.ID); err != nil {
		return err
	}
	own, err := s.Desk.TicketsOf(ctx, t.UserID, ticket.Page{Limit: earlierMost + 1})
	if err != nil {
		return err
	}
	for _, other := range own.Tickets {
		if other.ID != t.ID && len(view.Earlier) < earlierMost {
			view.Earlier = append(view.Earlier, other)
		}
	}
	if err := s.addPast(ctx, own, &view); err != nil {
		return err
	}
	if view.Names, err = s.names(ctx, view); err != nil {
		return err
	}
	view.Own = t.OwnedBy(userOf(r))
	if err := s.hold(ctx, me(r).ID, &view); err != nil {
		return err
	}
	s.measure(ctx, &view)
	view.Letter = s.Form.In(t.Language)
	site := s.siteOf(r, view.Tickets()...)
	return s.render(w, r, status, views.ReviewTicketPage(site, view), views.ReviewTicket(site, view))
}

// addPast adds the attempt before, and whether and when the door was closed and opened.
func (s *Server) addPast(ctx context.Context, own ticket.List, view *views.Review) (err error) {
	t := view.Ticket
	if t.Previous != uuid.Nil {
		before, err := s.Desk.Ticket(ctx, t.Previous)
		if err != nil {
			return err
		}
		view.Previous = &before
	}
	if view.Reopened, err = s.Reopenings.List(ctx, t.UserID); err != nil {
		return err
	}
	last := len(own.Tickets) > 0 && own.Tickets[0].ID == t.ID
	view.Closed = s.Form.OneOpen && last && t.ClosesResubmission(s.Form.Attempts) &&
		!letIn(view.Reopened, t)
	return nil
}

// held names who holds which of these tickets.
func (s *Server) held(ctx context.Context, tickets []ticket.Ticket) (map[uuid.UUID]string, error) {
	ids := make([]uuid.UUID, len(tickets))
	for i, t := range tickets {
		ids[i] = t.ID
	}
	claims, err := s.Claims.List(ctx, ids...)
	if err != nil || len(claims) == 0 {
		return nil, err
	}
	agents := make([]uuid.UUID, 0, len(claims))
	for _, claim := range claims {
		agents = append(agents, claim.Agent)
	}
	emails, err := s.Accounts.Emails(ctx, agents)
	if err != nil {
		return nil, err
	}
	held := make(map[uuid.UUID]string, len(claims))
	for id, claim := range claims {
		held[id] = emails[claim.Agent]
	}
	return held, nil
}

// hold adds who holds the ticket.
func (s *Server) hold(ctx context.Context, agent uuid.UUID, view *views.Review) error {
	claims, err := s.Claims.List(ctx, view.Ticket.ID)
	if err != nil {
		return err
	}
	held, ok := claims[view.Ticket.ID]
	if !ok || !view.Ticket.Status.Open() {
		return nil
	}
	view.Mine, view.HeldUntil = held.Agent == agent, held.Until
	if !view.Mine {
		emails, err := s.Accounts.Emails(ctx, []uuid.UUID{held.Agent})
		if err != nil {
			return err
		}
		view.HeldBy = emails[held.Agent]
	}
	return nil
}

// names finds the addresses of the accounts that a ticket speaks of.
func (s *Server) names(ctx context.Context, view views.Review) (map[string]string, error) {
	var actors []string
	add := func(actor string) { actors = append(actors, actor) }
	for _, event := range view.History {
		add(event.Actor)
	}
	for _, t := range append(view.Earlier, view.Ticket) {
		add(t.Decision.By)
	}
	if view.Previous != nil {
		add(view.Previous.Decision.By)
	}
	for _, opened := range view.Reopened {
		add(opened.By)
	}
	add(ticket.User(view.Ticket.UserID))
	return s.emails(ctx, actors)
}

// emails are the addresses of those actors who have an account.
func (s *Server) emails(ctx context.Context, actors []string) (map[string]string, error) {
	spoken := map[uuid.UUID][]string{}
	for _, actor := range actors {
		_, text := ticket.ActorID(actor)
		if id, err := uuid.Parse(text); err == nil {
			spoken[id] = append(spoken[id], actor)
		}
	}
	ids := make([]uuid.UUID, 0, len(spoken))
	for id := range spoken {
		ids = append(ids, id)
	}
	emails, err := s.Accounts.Emails(ctx, ids)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for id, email := range emails {
		for _, actor := range spoken[id] {
			names[actor] = email
		}
	}
	return names, nil
}

func (s *Server) approve(w http.ResponseWriter, r *http.Request) error {
	return s.decide(w, r, func(_ uuid.UUID, by string, typed views.Typed) (ticket.Decision, error) {
		return ticket.Approve(by, typed.Note), nil
	})
}

func (s *Server) reject(w http.ResponseWriter, r *http.Request) error {
	return s.decide(w, r, func(id uuid.UUID, by string, typed views.Typed) (ticket.Decision, error) {
		f, err := s.letterForm(r.Context(), id)
		if err != nil {
			return ticket.Decision{}, err
		}
		return f.Reject(form.Rejection{Reasons: typed.Reasons, Class: typed.Class, Comment: typed.Comment}, by, typed.Note)
	})
}

// letterForm is today's form, whose reasons are given, in the language in which a ticket's user filled in theirs.
func (s *Server) letterForm(ctx context.Context, id uuid.UUID) (*form.Form, error) {
	if len(s.Form.Languages) == 1 {
		return s.Form, nil
	}
	t, err := s.Desk.Ticket(ticket.Fresh(ctx), id)
	return s.Form.In(t.Language), err
}

// decide reads what an agent typed, makes a decision of it and gives it to the desk. To one whose words are refused or
// come too late, what they typed is shown again.
func (s *Server) decide(w http.ResponseWriter, r *http.Request, judge func(id uuid.UUID, by string, typed views.Typed) (ticket.Decision, error)) error {
	id, err := ticketID(r)
	if err != nil {
		return err
	}
	typed, version, wrong, err := readDecision(r)
	if err != nil {
		return err
	}
	decision, err := judge(id, ticket.Agent(userOf(r)), typed)
	if refused, ok := errors.AsType[form.Invalid](err); ok {
		maps.Copy(wrong, messages(refused))
	} else if err != nil {
		return err
	}
	if len(wrong) > 0 {
		t, err := s.Desk.Ticket(r.Context(), id)
		if err != nil {
			return err
		}
		return s.showReview(w, r, http.StatusUnprocessableEntity, views.Review{Ticket: t, Typed: typed, Invalid: wrong})
	}
	_, err = s.Desk.Decide(r.Context(), id, version, decision)
	switch {
	case errors.Is(err, ticket.ErrDecided), errors.Is(err, ticket.ErrStale), errors.Is(err, ticket.ErrHeld):
		return s.conflict(w, r, id, err, typed)
	case err != nil:
		return err
	case r.PostForm.Get("then") == "next":
		return s.goNext(w, r, id)
	}
	http.Redirect(w, r, views.ReviewTicketPath(id), http.StatusSeeOther)
	return nil
}

// readDecision reads the fields that a decision has.
func readDecision(r *http.Request) (typed views.Typed, version int64, wrong map[string]string, err error) {
	if err := readForm(r); err != nil {
		return typed, 0, nil, err
	}
	typed = views.Typed{
		Reasons: r.PostForm["reason"], Class: form.Class(r.PostForm.Get("class")), Comment: tidy(r.PostForm.Get("comment")), Note: tidy(r.PostForm.Get("note")),
	}
	version, err = whole(r.PostForm.Get("version"))
	if err != nil || repeated(r.PostForm, "version", "class", "comment", "note") {
		return typed, 0, nil, errMalformed
	}
	wrong = map[string]string{}
	for name, text := range map[string]string{"comment": typed.Comment, "note": typed.Note} {
		if utf8.RuneCountInString(text) > wordsMost {
			wrong[name] = "Use at most 4000 characters."
		}
		if !writable(text) {
			wrong[name] = "This has characters that cannot be kept. Delete what you cannot see."
		}
	}
	return typed, version, wrong, nil
}

// repeated reports whether one of these fields was sent more than once: it is not known which is meant.
func repeated(given url.Values, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return len(given[name]) > 1 })
}

// tidy is how words are kept: in NFC, with plain line ends and nothing around them.
func tidy(text string) string {
	return norm.NFC.String(strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")))
}
