package web

import (
	"net/url"
	"strconv"
	"time"

	"docket/internal/i18n"
	"docket/internal/ticket"
	"docket/views"
)

const (
	day        = 24 * time.Hour
	windowOpen = 7 * day  // the range when none is asked for
	windowMost = 31 * day // the greatest range
	limitMost  = 200
	clocks     = 2 * time.Hour // by how much they may differ
)

const wrongLimit = "Choose a number from 1 to 200."

// wide is the message of a range that is too wide; the JSON interface has a code of its own for it.
func wide() string { return i18n.Of(i18n.Source).T("problem.wide.detail") }

// window reads the filter of a list of tickets out of an address: what to ask the desk, what was typed, and what was
// wrong with it, by name.
func (s *Server) window(given url.Values) (ticket.Query, views.Filter, map[string]string) {
	wrong := map[string]string{}
	f := views.Filter{
		Status: ticket.Status(given.Get("status")), From: given.Get("from"), To: given.Get("to"), User: given.Get("user"),
		Newest: given.Get("sort") == "newest", Cursor: given.Get("cursor"),
	}
	if f.Status == "" {
		f.Status = ticket.Processing
	}
	if !f.Status.Valid() {
		wrong["status"] = "Choose processing, approved, rejected or withdrawn."
	}
	if sort := given.Get("sort"); sort != "" && sort != "oldest" && sort != "newest" {
		wrong["sort"] = "Choose oldest or newest."
	}
	var ok bool
	if f.Limit, ok = limitOf(given); !ok {
		wrong["limit"] = wrongLimit
	}
	if !storable(f.User) {
		wrong["user"] = "A user id has 1 to 128 characters."
	}
	q := ticket.Query{Status: f.Status, UserID: f.User, Newest: f.Newest, Page: ticket.Page{Limit: f.Limit}}
	q.From, q.To = s.span(f, wrong)
	after, err := s.cursor(f.Cursor, listOf(f)...)
	if err != nil {
		wrong["cursor"] = "This address was changed or is of another list. Start from the first page."
	}
	q.After = after
	return q, f, wrong
}

// limitOf is how many tickets a page of a list has; false when what is asked for is no such number.
func limitOf(given url.Values) (int, bool) {
	limit := given.Get("limit")
	if limit == "" {
		return views.DefaultLimit, true
	}
	n, err := strconv.Atoi(limit)
	return n, err == nil && n >= 1 && n <= limitMost
}

// listOf names the list that a cursor belongs to.
func listOf(f views.Filter) []string {
	return []string{"queue", string(f.Status), f.User, strconv.FormatBool(f.Newest)}
}

// span is the range of time that is asked for: seven days up to to, or to this moment.
func (s *Server) span(f views.Filter, wrong map[string]string) (from, to time.Time) {
	now := s.Now()
	from, fromOK := s.Form.Moment(f.From, 0)
	to, toOK := s.Form.Moment(f.To, 1) // a day that is named as the end belongs to the range
	fromOK, toOK = fromOK || f.From == "", toOK || f.To == ""
	if !fromOK {
		wrong["from"] = "Enter a date such as 2026-01-31, or a time such as 2026-01-31T09:00:00Z."
	}
	if !toOK {
		wrong["to"] = "Enter a date such as 2026-01-31, or a time such as 2026-01-31T09:00:00Z."
	}
	var slack time.Duration
	if f.To == "" {
		to, slack = now, time.Minute // who counts 31 days back from now does it before this is read
	} else if len(f.To) == len(time.DateOnly) {
		slack = day
	}
	if f.From == "" {
		from = to.Add(-windowOpen)
	}
	switch {
	case !fromOK || !toOK:
	case !from.Before(to):
		wrong["from"] = "The range ends before it begins."
	case to.Sub(from) > windowMost+slack:
		wrong["from"] = wide()
	}
	return from, to
}

// upToNow is what to ask the desk. A range without an end goes up to the database's now, and by that clock the last ticket
// was kept; by this instance's it may not have been yet.
func upToNow(q ticket.Query, f views.Filter) ticket.Query {
	if f.To == "" {
		q.To = q.To.Add(clocks)
	}
	return q
}
