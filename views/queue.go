package views

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"docket/internal/ticket"
)

func (f Filter) status() ticket.Status { return cmp.Or(f.Status, ticket.Processing) }

// heading is what the page shows.
func (q QueueView) heading(site Site) string {
	switch {
	case q.Filter.Search != "":
		return site.T("search.title")
	case q.AnyStatus:
		return site.T("queue.of_user")
	}
	return site.T("frame.queue")
}

// toast says what was done just before, and that there was nothing left to take.
func (q QueueView) toast() Toast {
	t := q.Toast.in(q.Filter.list())
	if t.Text == "" && q.Notice != "" {
		t.Done = "left"
	}
	t.Text = strings.TrimSpace(t.Text + " " + q.Notice)
	return t
}

// oldestText names the order of the queue. All tickets have the same time until they are late, so the oldest is the first to be.
func (q QueueView) oldestText(site Site) string {
	if site.Form.SLA.IsZero() {
		return site.T("queue.oldest")
	}
	return site.T("queue.oldest_late")
}

// mixed reports whether the list has tickets of every status.
func (q QueueView) mixed() bool { return q.Filter.Search != "" || q.AnyStatus }

// decided reports whether the tickets of the list have somebody who decided them.
func (f Filter) decided() bool {
	return f.Search == "" && slices.Contains([]ticket.Status{ticket.Approved, ticket.Rejected, ticket.Revoked}, f.status())
}

// withStatus is the first page of the same filter for another status.
func (f Filter) withStatus(s ticket.Status) Filter {
	f.Status, f.Tab, f.Cursor, f.Search, f.Where = s, "", "", "", f.Where.forStatus(s)
	return f
}

// narrowed reports whether the filter hides anything beside other statuses.
func (f Filter) narrowed() bool {
	return f.From != "" || f.To != "" || f.User != "" || f.Search != "" || f.Queue != "" || f.Where.count() > 0
}

// showsFilters reports whether the filters are open from the start.
func (q QueueView) showsFilters() bool { return len(q.Invalid) > 0 }

// filterLabel says that there are filters, and how many are in use.
func (q QueueView) filterLabel(site Site) string {
	f := q.Filter
	used := f.Where.count()
	for _, text := range []string{f.From + f.To, f.User} {
		if text != "" {
			used++
		}
	}
	if used == 0 {
		return site.T("queue.filter")
	}
	return site.T("queue.filters_used", "Count", used)
}

// withoutFilters keeps the status, the order and the length of a page.
func (f Filter) withoutFilters() Filter {
	f.From, f.To, f.User, f.Search, f.Queue, f.Cursor = "", "", "", "", "", ""
	f.Where = Where{}
	return f
}

// dateInput is a time as a date input takes it: the day alone.
func dateInput(site Site, typed string) string {
	if t, err := time.Parse(time.RFC3339, typed); err == nil {
		return t.In(site.zone()).Format(time.DateOnly)
	}
	return typed
}

// rangeText is the range in use.
func rangeText(site Site, queue QueueView) string {
	if queue.Since.IsZero() || queue.Until.IsZero() {
		return ""
	}
	if queue.Filter.Search != "" {
		return site.T("search.range", "From", site.day(queue.Since), "To", site.day(queue.Until.Add(-time.Millisecond)))
	}
	between, lately := "queue.closed_between", "queue.closed_lately"
	if queue.Filter.status().Open() {
		between, lately = "queue.sent_between", "queue.sent_lately"
	}
	key := between
	if queue.Filter.From == "" && queue.Filter.To == "" {
		key = lately
	}
	return site.T(key, "From", site.day(queue.Since), "To", site.day(queue.Until.Add(-time.Millisecond)))
}

// backlogText is how many tickets wait outside of the range.
func backlogText(site Site, older int64) string {
	if older > ticket.BacklogMost {
		return site.T("queue.many_older", "Count", ticket.BacklogMost)
	}
	return site.T("queue.older", "Count", int(older))
}

// otherProblems are those of the filter that have no input to stand at.
func (q QueueView) otherProblems() []string {
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(q.Invalid)) {
		if name != "from" && name != "to" && name != "user" && !hasWhere(q.Filter.status(), name) {
			problems = append(problems, q.Invalid[name])
		}
	}
	return problems
}

// heldText says who holds a ticket.
func (s Site) heldText(holder string) string {
	if holder == s.Me.Email {
		return s.T("work.held_by_you")
	}
	return s.T("queue.held_by", "Agent", holder)
}

// stoppedEarly reports whether the list has fewer tickets than a page, and goes on: the rest of its range was not looked through.
func (q QueueView) stoppedEarly() bool {
	return q.Filter.Where.count() > 0 && q.Filter.Tab == "" && q.NextURL != "" && len(q.List.Tickets) < cmp.Or(q.Filter.Limit, DefaultLimit)
}

// foundText says how many tickets are on this page of a list, and how far it was looked through.
func (q QueueView) foundText(site Site) string {
	from, to := q.lookedThrough()
	if from.IsZero() {
		return site.T("queue.found_yet", "Count", len(q.List.Tickets))
	}
	return site.T("queue.found_between", "Count", len(q.List.Tickets), "From", site.day(from), "To", site.day(to))
}

// lookedText says how far a list was looked through in which nothing is found yet.
func (q QueueView) lookedText(site Site) string {
	from, to := q.lookedThrough()
	if from.IsZero() {
		return site.T("queue.no_match_yet")
	}
	return site.T("queue.no_match_between", "From", site.day(from), "To", site.day(to))
}

// lookedThrough is what this page has looked through of its range; zero when that is not known.
func (q QueueView) lookedThrough() (from, to time.Time) {
	if q.Since.IsZero() || q.List.Next.At.IsZero() {
		return time.Time{}, time.Time{}
	}
	if q.Filter.Newest() {
		return q.List.Next.At, cmp.Or(q.After, q.Until.Add(-time.Millisecond))
	}
	return cmp.Or(q.After, q.Since), q.List.Next.At
}
