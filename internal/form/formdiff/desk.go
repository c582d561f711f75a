package formdiff

import (
	"fmt"
	"slices"

	"docket/internal/form"
)

// compareChecks compares what may not be answered together.
func (c *comparison) compareChecks() {
	has := func(f *form.Form, check form.Check) bool {
		return slices.ContainsFunc(f.Checks, func(other form.Check) bool { return conditionText(other.When) == conditionText(check.When) })
	}
	for _, check := range c.after.Checks {
		if !has(c.before, check) {
			c.add(Customers, "check_added", conditionText(check.When), "")
			c.addBreaking("check_added", conditionText(check.When), "")
		}
	}
	for _, check := range c.before.Checks {
		if !has(c.after, check) {
			c.add(Customers, "check_removed", conditionText(check.When), "")
			c.add(Programs, "check_removed", conditionText(check.When), "")
		}
	}
}

// compareReasons compares why a ticket may be rejected.
func (c *comparison) compareReasons() {
	for _, reason := range c.before.Reasons {
		if _, stays := c.after.Reason(reason.Code); !stays {
			c.add(Desk, "reason_removed", reason.Code, "")
			c.addBreaking("reason_removed", reason.Code, "")
		}
	}
	for _, reason := range c.after.Reasons {
		former, known := c.before.Reason(reason.Code)
		switch {
		case !known:
			c.add(Desk, "reason_added", reason.Code, "")
			c.add(Programs, "reason_added", reason.Code, "")
		case former.Class != reason.Class:
			c.add(Desk, "reason_class", reason.Code, string(reason.Class))
			c.add(Programs, "reason_class", reason.Code, string(reason.Class))
		case !slices.Equal(former.Fields, reason.Fields):
			c.add(Desk, "reason_fields", reason.Code, "")
		case c.inLanguages(func(before, after *form.Form) bool {
			a, _ := before.Reason(reason.Code)
			b, _ := after.Reason(reason.Code)
			return a.Text != b.Text
		}):
			c.add(Customers, "reason_text", reason.Code, "")
		}
	}
}

// compareRules compares what is decided without a person.
func (c *comparison) compareRules() {
	decides := func(f *form.Form) map[string]string {
		rules := map[string]string{}
		for _, rule := range f.Rules {
			rules[rule.Name] = fmt.Sprint(rule.Hash, rule.Shadow)
		}
		return rules
	}
	c.compareNamed("rule", decides(c.before), decides(c.after))
}

// compareQueues compares how tickets are put into queues.
func (c *comparison) compareQueues() {
	holds := func(f *form.Form) map[string]string {
		queues := map[string]string{}
		for i, queue := range f.Queues {
			queues[queue.Name] = fmt.Sprint(i, conditionText(queue.When), queue.Team)
		}
		return queues
	}
	c.compareNamed("queue", holds(c.before), holds(c.after))
}

// compareNamed compares things that have a name and say something.
func (c *comparison) compareNamed(what string, before, after map[string]string) {
	names := map[string]bool{}
	for name := range before {
		names[name] = true
	}
	for name := range after {
		names[name] = true
	}
	for _, name := range sorted(names) {
		was, had := before[name]
		is, has := after[name]
		switch {
		case !had:
			c.add(Desk, what+"_added", name, "")
		case !has:
			c.add(Desk, what+"_removed", name, "")
		case was != is:
			c.add(Desk, what+"_changed", name, "")
		}
	}
}
