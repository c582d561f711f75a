package views

import (
	"cmp"
	"strings"
	"time"

	"github.com/google/uuid"

	"docket/internal/form"
	"docket/internal/ticket"
)

// ticketNumber is how people name a ticket to each other: the last eight digits of its id.
func ticketNumber(id uuid.UUID) string { return ticket.Number(id) }

// shortUserID cuts an id that is too long for a table.
func shortUserID(id string) string {
	runes := []rune(id)
	if len(runes) <= 14 {
		return id
	}
	return string(runes[:5]) + "…" + string(runes[len(runes)-6:])
}

// waitLevel is how far the wait of a ticket is, by what the form promises; where that is nothing, it is long after a day.
func (s Site) waitLevel(since time.Time) string {
	promised := s.Form.SLA
	if promised.IsZero() {
		promised.Warn = 24 * time.Hour
	}
	return string(promised.LevelOf(since, s.Now))
}

func inZone(f *form.Form, t time.Time) time.Time {
	if f.Zone == nil {
		return t.UTC()
	}
	return t.In(f.Zone)
}

// zone is the time zone of the times of the page.
func (s Site) zone() *time.Location { return cmp.Or(s.Zone, s.Form.Zone, time.UTC) }

// clock is a time in full.
func (s Site) clock(t time.Time) string { return s.words().Clock(t.In(s.zone())) }

// shortClock leaves the year out while it is the current one: tables are narrow.
func (s Site) shortClock(t time.Time) string {
	if t.In(s.zone()).Year() == s.Now.In(s.zone()).Year() {
		return s.words().ShortClock(t.In(s.zone()))
	}
	return s.clock(t)
}

// day is the date of a time.
func (s Site) day(t time.Time) string { return s.words().Day(t.In(s.zone())) }

// actorName is who did something: the name of an account if it is known, else what kind of actor it is.
func (s Site) actorName(names map[string]string, actor string) string {
	if name := names[actor]; name != "" {
		return name
	}
	kind, id := ticket.ActorID(actor)
	switch kind {
	case "cli", "retention":
		return s.T("actor." + kind)
	case "rule", "key":
		return s.T("actor."+kind, "Name", id)
	case "agent", "user":
		return s.T("actor."+kind, "Name", shortUserID(id))
	}
	return actor
}

// statusAfter is the status that an event led to, for its icon.
func statusAfter(kind ticket.EventKind) ticket.Status {
	switch kind {
	case ticket.EventApproved:
		return ticket.Approved
	case ticket.EventRejected:
		return ticket.Rejected
	case ticket.EventRevoked:
		return ticket.Revoked
	case ticket.EventWithdrawn, ticket.EventErased, ticket.EventExpired:
		return ticket.Withdrawn
	}
	return ticket.Processing
}

// zoneName is a time zone, as people call it.
func zoneName(zone *time.Location, now time.Time) string {
	if zone == nil || zone.String() == "UTC" {
		return "UTC"
	}
	return strings.ReplaceAll(zone.String(), "_", " ") + " (UTC" + now.In(zone).Format("-07:00") + ")"
}

// machineTime is a time as machines read it.
func machineTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
