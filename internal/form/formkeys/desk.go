package formkeys

func queueObject() Object {
	return Object{
		Name: "queue", What: "a queue", Around: "queues:\n  - %s",
		Keys: []Key{
			{Name: "name", Value: Text(), Required: true, Means: "kept with the ticket: lower-case letters, digits, `-`, `_`", Example: "{name: rest}"},
			{Name: "title", Value: Texts(), Means: "what agents read: one text, or one in each language", Default: "its name", Example: "{name: high, title: High amounts}"},
			{Name: "when", Value: Condition(), Means: "which tickets are put in it", Default: "all that no queue before it has taken", Example: "{name: high, when: amount >= 1000.0}"},
			{Name: "team", Value: Text(), Means: "the agents who are offered its tickets", Default: "everybody", Example: "{name: high, team: seniors}"},
		},
	}
}

func secondApprovalObject() Object {
	return Object{
		Name: "second_approval", What: `"second_approval"`, Around: "second_approval: %s",
		Keys: []Key{
			{Name: "when", Value: Condition(), Required: true, Means: "of which tickets; what a rule decides needs no second", Example: "{when: amount >= 1000.0}"},
			{Name: "first", Value: Word("agents", "anyone"), Means: "with `anyone` a rule or another system may give the first opinion, and nothing of these tickets is decided without a person", Default: "`agents`", Example: "{when: amount >= 1000.0, first: anyone}"},
		},
	}
}

func slaObject() Object {
	wait := Matching(`^[1-9][0-9]{0,3}[mhd]$`, "minutes (`m`), hours (`h`) or days (`d`)")
	return Object{
		Name: "sla", What: `"sla"`, Around: "sla: %s",
		About: "At least one of `warn` and `late`. The queue colours the age, [`docket_late_waiting_tickets`](operations.md#monitor) counts.",
		Keys: []Key{
			{Name: "warn", Value: wait, Means: "a ticket that waits so long is soon late", Example: "{warn: 8h, late: 24h}"},
			{Name: "late", Value: wait, Means: "a ticket that waits so long is late", Example: "{late: 2d}"},
			{Name: "hours", Value: Text(), Means: "only these hours count, in `time_zone`", Default: "all hours", Example: `{warn: 4h, hours: "Mon-Fri 08:00-18:00, Sat 09:00-12:00"}`},
		},
	}
}

func retainObject() Object {
	period := Matching(`^[1-9][0-9]{0,4}[dwmy]$`, "days (`d`), weeks (`w`), months (`m`) or years (`y`)")
	return Object{
		Name: "retain", What: `"retain"`, Around: "retain: %s",
		Keys: []Key{
			{Name: "approved", Value: period, Means: "since it was superseded or removed", Default: "for ever", Example: "{approved: 5y}"},
			{Name: "rejected", Value: period, Means: "since the rejection", Default: "for ever", Example: "{rejected: 12m}"},
			{Name: "withdrawn", Value: period, Means: "since it was withdrawn", Default: "for ever", Example: "{withdrawn: 1w}"},
			{Name: "revoked", Value: period, Means: "since the approval was taken back", Default: "as `rejected`", Example: "{revoked: 5y}"},
			{Name: "drafts", Value: period, Means: "since it was saved last", Default: "`30d`", Example: "{drafts: 7d}"},
		},
	}
}

func approvalObject() Object {
	return Object{
		Name: "approval", What: `"approval"`, Around: "approval: %s",
		About: "At least one of `valid_for` and `until`; of both the earlier counts.",
		Keys: []Key{
			{Name: "valid_for", Value: Matching(`^[1-9][0-9]{0,4}(s|min|h|d|w|m|y)$`, "seconds (`s`), minutes (`min`), hours (`h`), days (`d`), weeks (`w`), months (`m`) or years (`y`)"), Means: "from the decision", Example: "{valid_for: 2y}"},
			{Name: "until", Value: Text(), Means: "an expression that gives a time, or a day, of which the end in `time_zone` counts", Example: "{until: answers.born + days(30)}"},
			{Name: "ask_again", Value: Matching(`^[1-9][0-9]{0,4}[dwmy]$`, "days (`d`), weeks (`w`), months (`m`) or years (`y`)"), Means: "so long before the end the user is asked for a new ticket, by e-mail and at `/tickets`", Default: "not at all", Example: "{valid_for: 1y, ask_again: 30d}"},
		},
	}
}
