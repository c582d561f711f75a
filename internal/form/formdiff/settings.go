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
		{"archive_after", func(f *form.Form) string { return fmt.Sprint(f.ArchiveAfter) }},
		{"approval", approvalText},
		{"latest_per", func(f *form.Form) string { return f.LatestPer }},
		{"reads", func(f *form.Form) string { return fmt.Sprint(f.Reads) }},
		{"citizen_number", citizenNumbersText},
		{"revoke", func(f *form.Form) string { return fmt.Sprint(f.AgentsRevoke) }},
	}
}

// citizenNumbersText is which answers are citizen numbers, and what they are compared with.
func citizenNumbersText(f *form.Form) (text string) {
	for field := range f.Inputs() {
		if c := field.Citizen; c != nil && field.Cell.Slot == 0 {
			text += fmt.Sprint(field.Name, conditionText(c.When), c.BirthDate, c.Sex, c.BirthPlace, "\n")
		}
	}
	return text
}

// approvalText is how long approvals hold.
func approvalText(f *form.Form) string {
	until := ""
	if f.Approval.Until != nil {
		until = f.Approval.Until.Text
	}
	return fmt.Sprint(f.Approval.ValidFor, f.Approval.AskAgain, until)
}

// compareGrant compares what an approval is asked. A program that approves without it is refused where an answer is required of which
// nothing is proposed.
func (c *comparison) compareGrant() {
	if grantText(c.before) == grantText(c.after) {
		return
	}
	c.add(Desk, "setting", "decisions", "")
	c.addBreaking("setting", "decisions", "")
}

// grantText is what an approval may grant, as its JSON Schema has it without its words; "" for nothing.
func grantText(f *form.Form) string {
	if f.Grant == nil {
		return ""
	}
	return fmt.Sprint(withoutWords(f.GrantSchema()))
}

// compareSettings compares the keys that are no question, no reason and no rule.
func (c *comparison) compareSettings() {
	if c.before.OneOpen != c.after.OneOpen {
		c.add(Customers, "open_tickets", "", openTickets(c.after))
		if c.after.OneOpen {
			c.addBreaking("open_tickets", "", openTickets(c.after))
		}
	}
	if c.before.LatestPer != "" && c.before.LatestPer != c.after.LatestPer {
		c.addBreaking("setting", "latest_per", "")
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
