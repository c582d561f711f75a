package formkeys

func stepObject() Object {
	return Object{
		Name: "step", What: "a step", Around: "steps:\n  - %s",
		About: "At least one of `who`, `team` and `key`.",
		Keys: []Key{
			{Name: "name", Value: Text(), Required: true, Means: "kept with the ticket: lower-case letters, digits, `-`, `_`", Example: "{name: security, team: security}"},
			{Name: "title", Value: Texts(), Means: "what people read", Default: "its name", Example: "{name: security, title: The security team, team: security}"},
			{Name: "who", Value: Text(), Means: "an expression in the language of conditions that gives an e-mail address: the agent or admin with that account is asked", Example: "{name: manager, who: answers.topic}"},
			{Name: "must_exist", Value: Flag(), Means: "a ticket is refused whose address is that of no agent or admin, see [above](#approval-in-steps)", Default: "`false`: the step then waits for an admin", Example: "{name: manager, who: answers.topic, must_exist: true}"},
			{Name: "team", Value: Text(), Means: "the agents who are asked, when `who` gives no address", Example: "{name: security, team: security}"},
			{Name: "key", Value: Text(), Means: "the API key whose decision counts as the step", Default: "none does", Example: "{name: ledger, key: ledger}"},
			{Name: "when", Value: Condition(), Means: "which tickets have the step; kept with the ticket when it is submitted", Default: "all", Example: "{name: security, team: security, when: topic == 'order'}"},
			{Name: "side_by_side", Value: Flag(), Means: "it waits together with the step before", Default: "`false`: it waits for the step before", Example: "{name: security, team: security, side_by_side: true}"},
			{Name: "remind", Value: Matching(`^[1-9][0-9]{0,3}[mhd]$`, "minutes (`m`), hours (`h`) or days (`d`)"), Means: "after so long those who are asked get an e-mail", Default: "never", Example: "{name: security, team: security, remind: 8h}"},
			{Name: "stand_in", Value: In("stand_in"), Means: "who may give the step, too, when it has waited", Default: "nobody", Example: "{name: security, team: security, stand_in: {after: 24h, team: leads}}"},
		},
	}
}

func standInObject() Object {
	return Object{
		Name: "stand_in", What: `"stand_in"`, Around: "steps:\n  - {name: security, team: security, stand_in: %s}",
		Keys: []Key{
			{Name: "after", Value: Matching(`^[1-9][0-9]{0,3}[mhd]$`, "minutes (`m`), hours (`h`) or days (`d`)"), Required: true, Means: "since its turn began", Example: "{after: 24h, team: leads}"},
			{Name: "team", Value: Text(), Required: true, Means: "who may give it then", Example: "{after: 24h, team: leads}"},
		},
	}
}
