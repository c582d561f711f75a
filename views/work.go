package views

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"docket/internal/form"
	"docket/internal/ticket"
)

// snoozeTime is a time until which a ticket can be snoozed with one click.
type snoozeTime struct {
	Label string
	At    time.Time
}

// snoozeTimes are an hour, four hours, tomorrow and the next Monday at nine, in the zone of the page.
func snoozeTimes(site Site) []snoozeTime {
	now := site.Now.In(site.zone()).Truncate(time.Minute)
	nine := time.Date(now.Year(), now.Month(), now.Day(), 9, 0, 0, 0, now.Location())
	toMonday := cmp.Or((8-int(now.Weekday()))%7, 7)
	return []snoozeTime{
		{site.T("work.in_hours", "Count", 1), now.Add(time.Hour)},
		{site.T("work.in_hours", "Count", 4), now.Add(4 * time.Hour)},
		{site.T("work.tomorrow"), nine.AddDate(0, 0, 1)},
		{site.T("work.monday"), nine.AddDate(0, 0, toMonday)},
	}
}

// courseStep is an event of a ticket, or a note.
type courseStep struct {
	Event *ticket.Event
	Note  *ticket.Note
}

// course is what happened to a ticket, oldest first.
func (r Review) course() []courseStep {
	steps := make([]courseStep, 0, len(r.History)+len(r.Notes))
	for i := range r.History {
		steps = append(steps, courseStep{Event: &r.History[i]})
	}
	for i := range r.Notes {
		steps = append(steps, courseStep{Note: &r.Notes[i]})
	}
	slices.SortStableFunc(steps, func(a, b courseStep) int { return a.at().Compare(b.at()) })
	return steps
}

func (s courseStep) at() time.Time {
	if s.Note != nil {
		return s.Note.At
	}
	return s.Event.At
}

// handedKey is the key of the text that says to whom the ticket was handed over.
func (r Review) handedKey() string {
	if r.Placement.Mine {
		return "work.handed_to_you"
	}
	return "work.handed"
}

// receiverName is to whom a ticket was handed over.
func (s Site) receiverName(names map[string]string, to ticket.Receiver) string {
	switch {
	case to.Team != "":
		return to.Team
	case to.Agent != uuid.Nil:
		return s.actorName(names, ticket.Agent(to.Agent.String()))
	}
	return s.T("work.to_everyone")
}

// list joins names in a sentence.
func (s Site) list(names []string) string {
	text := ""
	for i, name := range names {
		switch {
		case i == 0:
		case i == len(names)-1:
			text += s.T("work.and")
		default:
			text += ", "
		}
		text += name
	}
	return text
}

// queueTitle is what agents read for a queue; empty when the form has none of that name.
func queueTitle(f *form.Form, name string) string {
	for _, queue := range f.Queues {
		if queue.Name == name {
			return queue.Title
		}
	}
	return ""
}

// queueTab leads to a part of the tickets.
type queueTab struct {
	ID, Label string
	Filter    Filter
	Current   bool
	Count     int64 // of its tickets; 0: none, or it is not known
}

// tabs are the parts of the open tickets, then the other statuses.
func (q QueueView) tabs(site Site) (tabs []queueTab) {
	add := func(id, label string, f Filter) {
		current := f.Tab == q.Filter.Tab && f.status() == q.Filter.status() && !q.mixed() && !q.Disagreed
		tabs = append(tabs, queueTab{id, label, f, current, site.Workload.of(f)})
	}
	for _, s := range ticket.Statuses {
		add("status-"+string(s), site.statusName(s), q.Filter.withStatus(s))
		if !s.Open() {
			continue
		}
		for _, tab := range []ticket.Tab{ticket.Mine, ticket.Team, ticket.Snoozed} {
			if tab != ticket.Team || len(q.Teams) > 0 || q.Filter.Tab == ticket.Team {
				add("tab-"+string(tab), site.T("work.tab."+string(tab)), Filter{Status: ticket.Processing, Tab: tab})
			}
		}
	}
	return tabs
}

// DoneText says what was done with a ticket beside deciding it, in one line.
func DoneText(site Site, t ticket.Ticket, done string) string {
	name, _ := site.summaryOf(t)
	return site.T("work.done."+done, "Ticket", name)
}

// DoneNames are what an address can say was done.
var DoneNames = []string{"skipped", "snoozed", "woken", "handed_over", "commented", "released", "held_by_other", "held_by_nobody"}

// TooManyHeldText says that an agent holds as many tickets as one may.
func TooManyHeldText(site Site) string { return site.T("work.too_many_held") }
