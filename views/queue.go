package views

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"docket/internal/form"
	"docket/internal/ticket"
)

func (f Filter) status() ticket.Status { return cmp.Or(f.Status, ticket.Processing) }

// with is the first page of the same filter for another status.
func (f Filter) with(s ticket.Status) Filter {
	f.Status, f.Cursor = s, ""
	return f
}

// narrowed reports whether the filter hides anything beside other statuses.
func (f Filter) narrowed() bool { return f.From != "" || f.To != "" || f.User != "" }

// cleared keeps the status, the order and the length of a page.
func (f Filter) cleared() Filter {
	f.From, f.To, f.User, f.Cursor = "", "", "", ""
	return f
}

func (f Filter) limit() string { return strconv.Itoa(cmp.Or(f.Limit, DefaultLimit)) }

func (f Filter) nextWords() string { return "Next " + f.limit() }

func (f Filter) timeHeading() string {
	if f.status().Open() {
		return "Waiting"
	}
	return status(f.status())
}

func (f Filter) fromDay(form *form.Form) string { return dateInput(form, f.From) }

func (f Filter) toDay(form *form.Form) string { return dateInput(form, f.To) }

// dateInput is a moment as a date input takes it: the day alone, in the zone of the form.
func dateInput(f *form.Form, typed string) string {
	if t, err := time.Parse(time.RFC3339, typed); err == nil {
		return inZone(f, t).Format(time.DateOnly)
	}
	return typed
}

// rangeWords is the range in use.
func rangeWords(f *form.Form, queue QueueView) string {
	if queue.Since.IsZero() || queue.Until.IsZero() {
		return ""
	}
	words := "Sent " + day(f, queue.Since) + " – " + day(f, queue.Until.Add(-time.Millisecond))
	if queue.Filter.From == "" && queue.Filter.To == "" {
		words += " (the last 7 days)"
	}
	return words
}

// backlog is how many tickets wait outside of the range.
func backlog(older int64) string {
	if older > ticket.BacklogMost {
		return "More than " + count(ticket.BacklogMost, "", "older tickets wait")
	}
	return count(older, "older ticket waits", "older tickets wait")
}

// otherProblems are those of the filter that have no input to stand at.
func otherProblems(invalid map[string]string) []string {
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(invalid)) {
		if name != "from" && name != "to" && name != "user" {
			problems = append(problems, invalid[name])
		}
	}
	return problems
}
