package formdiff

import (
	"fmt"
	"maps"
	"slices"

	"docket/internal/form"
)

// sorted are the keys of a set in alphabetical order.
func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }

// setting is a key of the form that says how tickets are worked on or kept.
type setting struct {
	key string
	of  func(*form.Form) string
}

func settings() []setting {
	return []setting{
		{"time_zone", func(f *form.Form) string { return f.Zone.String() }},
		{"attempts", func(f *form.Form) string { return fmt.Sprint(f.Attempts) }},
		{"submissions_per_day", func(f *form.Form) string { return fmt.Sprint(f.SubmissionsPerDay) }},
		{"undo_seconds", func(f *form.Form) string { return fmt.Sprint(f.Undo.Seconds()) }},
		{"second_approval", func(f *form.Form) string { return fmt.Sprint(conditionText(f.Second), " ", f.FirstByProgram) }},
		{"second_look", func(f *form.Form) string { return fmt.Sprint(f.SecondLook) }},
		{"sla", func(f *form.Form) string { return fmt.Sprint(f.SLA) }},
		{"retain", func(f *form.Form) string { return fmt.Sprint(f.Retain) }},
		{"revoke", func(f *form.Form) string { return fmt.Sprint(f.AgentsRevoke) }},
	}
}

// compareSettings compares the keys that are no question, no reason and no rule.
func (c *comparison) compareSettings() {
	if c.before.OneOpen != c.after.OneOpen {
		c.add(Customers, "open_tickets", "", openTickets(c.after))
		if c.after.OneOpen {
			c.addBreaking("open_tickets", "", openTickets(c.after))
		}
	}
	for _, s := range settings() {
		if s.of(c.before) != s.of(c.after) {
			c.add(Desk, "setting", s.key, "")
		}
	}
}

func openTickets(f *form.Form) string {
	if f.OneOpen {
		return "one"
	}
	return "many"
}
