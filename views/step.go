package views

import (
	"slices"
	"strings"
	"time"

	"docket/internal/ticket"
)

// Steps are those in which a ticket is approved, and the one that the agent may give now; 0: none.
type Steps struct {
	All  []ticket.Step
	Mine int
}

// Elsewhere reports whether the step that waits asks somebody else than the agent.
func (s Steps) Elsewhere() bool { return len(s.All) > 0 && s.Mine == 0 }

// waiting are the titles of the steps that wait, the number of the first of them, and since when; 0: none waits.
func (s Site) waiting(t ticket.Ticket, steps []ticket.Step) (names string, number int, since time.Time) {
	var titles []string
	for _, step := range steps {
		if !step.Waits() {
			continue
		}
		if number == 0 {
			number, since = step.Number, step.Since
		}
		titles = append(titles, s.stepTitle(t, step.Name))
	}
	return strings.Join(titles, " · "), number, since
}

// stepTitle is what people read of a step of a ticket, by the form of the ticket or by a later one.
func (s Site) stepTitle(t ticket.Ticket, name string) string {
	if title := s.formOf(t).StepTitle(name); title != name {
		return title
	}
	return s.Form.StepTitle(name)
}

// StepText says in a few words at which step a ticket is; "" when none waits.
func (s Site) StepText(t ticket.Ticket, steps []ticket.Step) string {
	names, number, _ := s.waiting(t, steps)
	if number == 0 {
		return ""
	}
	return s.T("step.short", "Number", number, "Count", len(steps), "Names", names)
}

// StepGivenText says that a step of a ticket was given, and which waits now.
func StepGivenText(site Site, t ticket.Ticket, steps []ticket.Step) string {
	name, _ := site.summaryOf(t)
	return site.T("step.given_toast", "Ticket", name, "Next", site.StepText(t, steps))
}

// OpinionGivenText says that an opinion of a ticket was given, which is not decided yet.
func OpinionGivenText(site Site, t ticket.Ticket) string {
	name, _ := site.summaryOf(t)
	return site.T("opinion.given_toast", "Ticket", name)
}

// stepDecision is what became of a step: of the last one that is the decision of the ticket, unless a rejection ended the steps before.
func (r Review) stepDecision(step ticket.Step) ticket.Decision {
	t := r.Ticket
	if step.Decision.By == "" && (t.Status == ticket.Approved || t.Status == ticket.Revoked) {
		return t.Decision
	}
	return step.Decision
}

// givenByMe reports whether the agent has given a step of the ticket.
func (r Review) givenByMe(site Site) bool {
	return slices.ContainsFunc(r.Steps.All, func(s ticket.Step) bool { return s.Decision.By == ticket.Agent(site.Me.ID) })
}
