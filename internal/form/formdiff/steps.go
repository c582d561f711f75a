package formdiff

import (
	"fmt"

	"docket/internal/form"
)

// compareSteps compares in which steps tickets are approved. A program that approves is refused while a step asks somebody else.
func (c *comparison) compareSteps() {
	before, after := askedBySteps(c.before), askedBySteps(c.after)
	c.compareNamed("step", before, after)
	for _, step := range c.after.Steps {
		was, had := before[step.Name]
		if was != after[step.Name] {
			c.addBreaking("step_asks", step.Name, "")
		}
		if had && c.inLanguages(func(before, after *form.Form) bool { return before.StepTitle(step.Name) != after.StepTitle(step.Name) }) {
			c.add(Customers, "text", step.Name, "")
		}
	}
}

// askedBySteps are whom each step asks, of which tickets and when, by the names of the steps.
func askedBySteps(f *form.Form) map[string]string {
	steps := map[string]string{}
	for i, step := range f.Steps {
		who := ""
		if step.Who != nil {
			who = step.Who.Text
		}
		asks := []string{who, step.Team, step.Key, conditionText(step.When), step.StandInTeam}
		steps[step.Name] = fmt.Sprintf("%d %q %t %s %s", i, asks, step.SideBySide, step.Remind, step.StandIn) + map[bool]string{true: " must exist"}[step.MustExist]
	}
	return steps
}
