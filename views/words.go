package views

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"docket/internal/form"
	"docket/internal/ticket"
)

// status is where a ticket stands as an agent reads it, in a word or two.
func status(s ticket.Status) string {
	switch s {
	case ticket.Processing:
		return "In review"
	case ticket.Approved:
		return "Approved"
	case ticket.Rejected:
		return "Rejected"
	case ticket.Withdrawn:
		return "Withdrawn"
	}
	return string(s)
}

// reference is how people name a ticket to each other: the last eight digits of its id.
func reference(id uuid.UUID) string {
	s := strings.ToUpper(id.String())
	return s[len(s)-8:]
}

// short cuts an id that is too long for a table.
func short(id string) string {
	runes := []rune(id)
	if len(runes) <= 14 {
		return id
	}
	return string(runes[:5]) + "…" + string(runes[len(runes)-6:])
}

// span is a length of time in the coarsest words that still help.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Minute:
		return "< 1 min"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + " min"
	case d < 48*time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + " h"
	case d < 60*day:
		return strconv.Itoa(int(d/day)) + " days"
	case d < 730*day:
		return strconv.Itoa(int(d/(30*day))) + " months"
	}
	return strconv.Itoa(int(d/(365*day))) + " years"
}

// ago is a moment of the past as an agent reads it, counted from now.
func ago(now, t time.Time) string {
	if now.Sub(t) < time.Minute {
		return "just now"
	}
	return span(now.Sub(t)) + " ago"
}

// wait says how patient a ticket has been: "long" once it waited for a day.
func wait(now, since time.Time) string {
	if now.Sub(since) >= 24*time.Hour {
		return "long"
	}
	return "short"
}

// clock is a moment in the zone of the form.
func clock(f *form.Form, t time.Time) string { return inZone(f, t).Format("2 Jan 2006, 15:04") }

// dayClock leaves the year out while it is the current one: tables are narrow.
func dayClock(f *form.Form, now, t time.Time) string {
	if inZone(f, t).Year() == inZone(f, now).Year() {
		return inZone(f, t).Format("2 Jan, 15:04")
	}
	return clock(f, t)
}

// day is the date of a moment in the zone of the form.
func day(f *form.Form, t time.Time) string { return inZone(f, t).Format("2 Jan 2006") }

func inZone(f *form.Form, t time.Time) time.Time {
	if f.Zone == nil {
		return t.UTC()
	}
	return t.In(f.Zone)
}

// count is a number of things, with the right word for one.
func count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// actor is who did something, as the console names them.
func actor(names map[string]string, who string) string {
	if name := names[who]; name != "" {
		return name
	}
	kind, id := ticket.ActorID(who)
	switch kind {
	case "rule":
		return "rule " + id
	case "key":
		return "system " + id
	case "agent", "user":
		return kind + " " + short(id)
	}
	return who
}

// deed is what an event says happened.
func deed(kind ticket.EventKind) string {
	switch kind {
	case ticket.EventSubmitted:
		return "Sent in"
	case ticket.EventApproved:
		return "Approved"
	case ticket.EventRejected:
		return "Rejected"
	case ticket.EventWithdrawn:
		return "Withdrawn"
	}
	return string(kind)
}

// outcome is the status that an event led to, for its mark.
func outcome(kind ticket.EventKind) ticket.Status {
	switch kind {
	case ticket.EventApproved:
		return ticket.Approved
	case ticket.EventRejected:
		return ticket.Rejected
	case ticket.EventWithdrawn:
		return ticket.Withdrawn
	}
	return ticket.Processing
}

// zoneName is the zone of the form, as people call it.
func zoneName(f *form.Form, now time.Time) string {
	if f.Zone == nil || f.Zone == time.UTC {
		return "UTC"
	}
	name := strings.ReplaceAll(f.Zone.String(), "_", " ")
	return name + " (UTC" + inZone(f, now).Format("-07:00") + ")"
}

// stamp is a moment as machines read it.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
