package formkeys

import "docket/internal/form"

func reasonObject() Object {
	classes := form.Classes()
	words := make([]string, len(classes))
	for i, class := range classes {
		words[i] = string(class)
	}
	return Object{
		Name: "reason", What: "a reason", Around: "reasons:\n  - %s",
		Keys: []Key{
			{Name: "code", Value: Text(), Required: true, Means: "kept with the ticket; never changes its meaning", Example: "{code: unclear, label: Unclear, class: retry, text: Please tell us more.}"},
			{Name: "label", Value: Texts(), Required: true, Means: "what the agent reads: one text, or one in each language", Example: "{code: unclear, label: We do not understand it, class: retry, text: Please tell us more.}"},
			{Name: "class", Value: Word(words...), Required: true, Means: "`retry`: the user may correct it and send it again; `final`: not; `choose`: the agent says which", Example: "{code: forged, label: Forged, class: final, text: We cannot accept it.}"},
			{Name: "fields", Value: Names("list of fields"), Means: "what is asked again", Default: "the whole form", Example: "{code: unclear, label: Unclear, class: retry, fields: [topic], text: Please tell us more.}"},
			{Name: "signals", Value: Words(Signals()...), Means: "offered first for a picture of its fields that is so; `duplicate`: another user has sent the same picture", Example: "{code: blurred, label: Blurred, class: retry, fields: [document], signals: [blurry], text: Please take it again.}"},
			{Name: "text", Value: Texts(), Required: true, Means: "what the user reads; `\"\"` when the agent writes it", Example: `{code: other, label: Something else, class: choose, text: ""}`},
		},
	}
}

func ruleObject() Object {
	return Object{
		Name: "rule", What: "a rule", Around: "rules:\n  - %s",
		Keys: []Key{
			{Name: "name", Value: Text(), Required: true, Means: "kept with what it decides: lower-case letters, digits, `-`, `_`", Example: "{name: small, when: amount < 20.0, decide: approve}"},
			{Name: "when", Value: Condition(), Required: true, Means: "when it decides", Example: "{name: known, when: history.approved > 2, decide: approve}"},
			{Name: "decide", Value: Word(string(form.Approve), string(form.Reject)), Required: true, Means: "what it decides", Example: "{name: small, when: amount < 20.0, decide: approve}"},
			{Name: "reason", Value: Text(), Means: "the code of a reason that has a text; of a rule that rejects", Example: "{name: too-young, when: age(born) < 18, decide: reject, reason: underage}"},
			{Name: "shadow", Value: Flag(), Means: "only records what it would decide", Default: "`false`", Example: "{name: small, when: amount < 20.0, decide: approve, shadow: true}"},
		},
	}
}

func exampleObject() Object {
	return Object{
		Name: "example", What: "an example", Around: "examples:\n  - %s",
		Keys: []Key{
			{Name: "name", Value: Text(), Means: "what it shows", Default: "its number", Example: "{name: a small one, today: 2026-03-03, answers: {amount: 5}, expect: nothing}"},
			{Name: "today", Value: Text(), Required: true, Means: "the day on which it is submitted", Example: "{today: 2026-03-03, expect: nothing}"},
			{Name: "answers", Value: Free("answers by field"), Means: "what is answered, as it is typed; an address as in JSON, and money either way. The rest is empty", Example: "{today: 2026-03-03, answers: {topic: order, amount: 5}, expect: nothing}"},
			{Name: "history", Value: In("history"), Means: "the user's earlier tickets", Default: "none", Example: "{today: 2026-03-03, history: {approved: 3}, expect: nothing}"},
			{Name: "duplicates", Value: In("duplicates"), Means: "other users who are the same person", Default: "none", Example: "{today: 2026-03-03, duplicates: {identity: 1}, expect: nothing}"},
			{Name: "expect", Value: Word(string(form.Approve), string(form.Reject), string(form.Nothing), string(form.Refused)), Required: true, Means: "what the rules must say; `refused`: a check refuses the answers", Example: "{today: 2026-03-03, answers: {amount: 500}, expect: nothing}"},
			{Name: "steps", Value: Names("list of steps"), Means: "in which steps it is approved; `[]` for none", Default: "not looked at", Example: "{today: 2026-03-03, answers: {amount: 500}, expect: nothing, steps: []}"},
			{Name: "reason", Value: Text(), Means: "the reason of the rejection", Example: "{today: 2026-03-03, answers: {born: 2020-01-31}, expect: reject, reason: underage}"},
		},
	}
}

func historyObject() Object {
	earlier := func(status string) Key {
		return Key{Name: status, Value: Count(0, 1_000_000), Means: "how many are `" + status + "`", Default: "0", Example: "{" + status + ": 2}"}
	}
	return Object{
		Name: "history", What: `"history"`, Around: "examples:\n  - {today: 2026-03-03, expect: nothing, history: %s}",
		Keys: []Key{
			earlier("processing"),
			earlier("approved"),
			earlier("rejected"),
			earlier("withdrawn"),
			earlier("revoked"),
			{Name: "count", Value: Numbers(`^[a-z][a-z0-9_]* [0-9]{1,4}[hdw]$`, "numbers by status and time"), Means: "what `history.count` finds", Default: "0", Example: "{count: {rejected 90d: 2}}"},
			{Name: "sum", Value: Numbers(`^[a-z][a-z0-9_]* [0-9]{1,4}[hdw]$`, "numbers by field and time"), Means: "what `history.sum` finds", Default: "0", Example: "{sum: {amount 30d: 500}}"},
		},
	}
}

func duplicatesObject() Object {
	return Object{
		Name: "duplicates", What: `"duplicates"`, Around: "examples:\n  - {today: 2026-03-03, expect: nothing, duplicates: %s}",
		Keys: []Key{
			{Name: "identity", Value: Count(0, 1_000_000), Means: "how many other users have an identity in common with this one", Default: "0", Example: "{identity: 1}"},
		},
	}
}
