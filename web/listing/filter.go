// Package listing reads which part of a list of tickets is asked for, and signs the cursors of its pages.
package listing

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/internal/audit"
	"docket/internal/form"
	"docket/internal/i18n"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// Sorts lists the orders that a list can have.
var Sorts = []string{"oldest", "newest"}

// tabs lists the parts of the open tickets that a list can have instead of those that wait.
var tabs = []ticket.Tab{ticket.Mine, ticket.Team, ticket.Snoozed}

// Parameters are the parameters of the address of a list of tickets of this form.
func Parameters(f *form.Form) []string {
	names := whereParameters(f)
	for _, field := range views.ColumnFields(f) {
		names = append(names, views.ColumnPrefix+field.Name)
	}
	return append(names, "q", "status", "from", "to", "user", "tab", "queue", "sort", "cursor", "limit")
}

// Lists reads what of a list is asked for.
type Lists struct {
	Form   *form.Form // says in which time zone a day is meant
	Secret []byte     // signs cursors; the same on every instance
	Now    func() time.Time
}

// In reads days in a time zone.
func (l *Lists) In(zone *time.Location) *Lists {
	if zone == l.Form.Zone {
		return l
	}
	there, days := *l, *l.Form
	days.Zone = zone
	there.Form = &days
	return &there
}

const (
	day          = 24 * time.Hour
	defaultRange = 7 * day // the range when none is asked for
	// MaxRange is how long a range of time may be.
	MaxRange = 31 * day
	// MaxLimit is how many tickets a page of a list has at most.
	MaxLimit  = 200
	clockSkew = 2 * time.Hour // by how much they may differ
)

// Problems are what is wrong with a filter, by the name of the parameter.
type Problems map[string]Problem

// Problem is what is wrong with one parameter.
type Problem struct {
	Code    string
	Message string
}

// CodeTooWide is the code of a range that is too wide: the JSON interface has a problem of its own for it.
const CodeTooWide = string(problem.TimeRangeTooWide)

// Messages are the messages alone.
func (p Problems) Messages() map[string]string {
	messages := make(map[string]string, len(p))
	for name, wrong := range p {
		messages[name] = wrong.Message
	}
	return messages
}

// WrongLimit is the problem of a limit that is none.
func WrongLimit(words *i18n.Words) Problem {
	return Problem{problem.FieldBadLimit, words.T("filter.limit", "Most", MaxLimit)}
}

// ParseFilter reads the filter of a list of tickets out of an address: what to ask the desk, what was typed, and what was
// wrong with it, by name, in these words.
func (l *Lists) ParseFilter(given url.Values, words *i18n.Words) (ticket.Query, views.Filter, Problems) {
	wrong := Problems{}
	f := views.Filter{
		Status: ticket.Status(given.Get("status")), From: given.Get("from"), To: given.Get("to"), User: given.Get("user"),
		Sort: given.Get("sort"), Cursor: given.Get("cursor"), Search: strings.TrimSpace(given.Get("q")),
		Tab: ticket.Tab(given.Get("tab")), Queue: given.Get("queue"),
	}
	f.Status = cmp.Or(f.Status, ticket.Processing)
	if !f.Status.Valid() {
		wrong["status"] = Problem{form.CodeNotAnOption, words.T("filter.status")}
	}
	if f.Sort != "" && !slices.Contains(Sorts, f.Sort) {
		wrong["sort"] = Problem{form.CodeNotAnOption, words.T("filter.sort")}
	}
	if f.Tab != "" && !slices.Contains(tabs, f.Tab) {
		wrong["tab"] = Problem{form.CodeNotAnOption, words.T("filter.tab")}
	}
	if f.Queue != "" && !slices.ContainsFunc(l.Form.Queues, func(q form.Queue) bool { return q.Name == f.Queue }) {
		wrong["queue"] = Problem{form.CodeNotAnOption, words.T("filter.queue")}
	}
	var ok bool
	if f.Limit, ok = ParseLimit(given); !ok {
		wrong["limit"] = WrongLimit(words)
	}
	if !request.ValidUserID(f.User) {
		wrong["user"] = Problem{problem.FieldBadUserID, words.T("filter.user", "Most", request.MaxUserID)}
	}
	if !request.ValidUserID(f.Search) { // an id is one of the things that are searched
		wrong["q"] = Problem{problem.FieldUnexpected, words.T("filter.search", "Most", request.MaxUserID)}
	}
	f.Columns = l.parseColumns(given, words, wrong)
	where, typed := l.parseWhere(given, words, wrong)
	f.Where = typed
	q := ticket.Query{Status: f.Status, UserID: f.User, Queue: f.Queue, Where: where, Newest: f.Newest(), Page: ticket.Page{Limit: f.Limit}}
	q.From, q.To = l.ParseRange(f, words, wrong)
	after, err := l.ParseCursor(f.Cursor, CursorList(f)...)
	if err != nil {
		wrong["cursor"] = Problem{problem.FieldBadCursor, words.T("filter.cursor")}
	}
	q.After = after
	if waited, ok := parseWaiting(typed.Waiting); ok && f.Status.Open() {
		q.To = minTime(q.To, l.Now().Add(-waited))
		q.From = minTime(q.From, q.To.Add(-defaultRange))
	}
	return q, f, wrong
}

// ParseLimit is how many tickets a page of a list has; false when what is asked for is no such number.
func ParseLimit(given url.Values) (int, bool) {
	limit := given.Get("limit")
	if limit == "" {
		return views.DefaultLimit, true
	}
	n, err := strconv.Atoi(limit)
	return n, err == nil && strconv.Itoa(n) == limit && n >= 1 && n <= MaxLimit
}

// CursorList names the list that a cursor belongs to. The two names have cursors of different times.
func CursorList(f views.Filter) []string {
	list := "closed"
	if f.Status.Open() {
		list = "queue"
	}
	if f.Search != "" {
		return []string{"search", f.Search}
	}
	names := []string{list, string(f.Status), f.User, strconv.FormatBool(f.Newest()), f.Where.String()}
	if f.Tab != "" || f.Queue != "" {
		names = append(names, string(f.Tab), f.Queue)
	}
	return names
}

// ParseRange is the range of time that is asked for: seven days up to to, or to now. What is wrong with it is added to wrong.
func (l *Lists) ParseRange(f views.Filter, words *i18n.Words, wrong Problems) (from, to time.Time) {
	now := l.Now()
	from, fromOK := l.Form.ParseTime(f.From, 0)
	to, toOK := l.Form.ParseTime(f.To, 1) // a day that is named as the end belongs to the range
	fromOK, toOK = fromOK || f.From == "", toOK || f.To == ""
	if !fromOK {
		wrong["from"] = Problem{problem.FieldBadTime, words.T("filter.time")}
	}
	if !toOK {
		wrong["to"] = Problem{problem.FieldBadTime, words.T("filter.time")}
	}
	var slack time.Duration
	if f.To == "" {
		to, slack = now, time.Minute // who counts 31 days back from now does it before this is read
	} else if len(f.To) == len(time.DateOnly) {
		slack = day
	}
	if f.From == "" {
		from = to.Add(-defaultRange)
	}
	switch {
	case !fromOK || !toOK:
	case !from.Before(to):
		wrong["from"] = Problem{problem.FieldBadTime, words.T("filter.reversed")}
	case to.Sub(from) > MaxRange+slack && to.After(from.In(l.Form.Zone).AddDate(0, 0, int(MaxRange/day)).Add(slack)): // a day may have 25 hours
		wrong["from"] = Problem{CodeTooWide, words.T("problem.time_range_too_wide.detail")}
	}
	return from.In(l.Form.Zone), to.In(l.Form.Zone)
}

// ActionOf is what the audit says of a list that is shown; user is the one whose tickets it has, empty for all.
func ActionOf(user string) audit.Action {
	if user == "" {
		return audit.ListShown
	}
	return audit.SearchShown
}

// UpToNow is what to ask the desk. A range without an end goes up to the database's now, and by that clock the last ticket
// was kept; by this instance's it may not have been yet.
func UpToNow(q ticket.Query, f views.Filter) ticket.Query {
	if f.To == "" && f.Where.Waiting == "" {
		q.To = q.To.Add(clockSkew)
	}
	return q
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
