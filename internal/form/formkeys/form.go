package formkeys

import (
	"docket/internal/form"
	"docket/internal/ticket"
)

func formObject() Object {
	return Object{
		Name: "form", What: "the form",
		Keys: []Key{
			{Name: "name", Value: Text(), Required: true, Means: "a word for the system: lower-case letters, digits, `-`, `_`", Example: "name: refund"},
			{Name: "languages", Value: Names("list of languages"), Means: "`[en, vi]`: every text for customers is then given in each, `label: {en: …, vi: …}`. The first one is the fallback", Default: "English, plain texts", Example: "languages: [vi]"},
			{Name: "title", Value: Texts(), Required: true, Means: "the heading of every page", Example: "title: Refund request"},
			{Name: "intro", Value: Texts(), Means: "a text above the form", Example: "intro: It takes a minute."},
			{Name: "submit", Value: Texts(), Means: "what the button says", Default: "docket's own", Example: "submit: Send the request"},
			{Name: "done", Value: Texts(), Means: "what customers read while a ticket waits", Default: "docket's own", Example: "done: We answer within two working days."},
			{Name: "approved", Value: Texts(), Means: "what customers read after approval", Default: "docket's own", Example: "approved: The money is on its way."},
			{Name: "layout", Value: Word("steps", "page"), Means: "`steps`: one section after the other, and the answers once more before they are sent, see [above](#in-steps-or-on-one-page)", Default: "`steps` where the form has several sections and a field of type `image`", Example: "layout: page"},
			{Name: "theme", Value: In("theme"), Means: "how it looks, see [above](#theme)", Default: "as docket looks", Example: "theme: {accent: '#0a6', name: Example Shop}"},
			{Name: "mail", Value: In("mail"), Means: "what e-mails say, see [above](#e-mails)", Default: "docket's own words", Example: "mail: {approved: {subject: '{name}: done', text: 'It is on its way: {link}'}}"},
			{Name: "time_zone", Value: Text(), Means: "where `today` begins", Default: "`UTC`", Example: "time_zone: Asia/Ho_Chi_Minh"},
			{Name: "open_tickets_per_user", Value: Word("one", "many"), Means: "how many tickets of a user may be open at the same time; with `many` each ticket is on its own, and asks the whole form also after a rejection", Default: "`one`", Example: "open_tickets_per_user: many"},
			{Name: "attempts", Value: Count(1, ticket.Attempts), Means: "how often a user may submit after rejections; only with `one`", Default: "9", Example: "attempts: 3"},
			{Name: "submissions_per_day", Value: Count(1, 10_000), Means: "how many tickets a user may send in a day; a withdrawn ticket counts, one sent by another system does not", Default: "20", Example: "submissions_per_day: 5"},
			{Name: "undo_seconds", Value: Count(0, form.MaxUndoSeconds), Means: "for how many seconds an agent can undo a decision. Until then nobody else learns of it. `UNDO_SECONDS` [overrides](configuration.md) it", Default: "0", Example: "undo_seconds: 10"},
			{Name: "decisions", Value: In("decisions"), Means: "what a decision is asked, see [above](#what-an-approval-is-asked)", Default: "nothing", Example: "decisions: {approve: {asks: [amount]}}"},
			{Name: "steps", Value: List("step"), Means: "in which steps a ticket is approved, by different people, see [above](#approval-in-steps)", Default: "one approval", Example: "steps: [{name: manager, team: managers}, {name: security, team: security}]"},
			{Name: "second_approval", Value: In("second_approval"), Means: "of which tickets two different agents have to think the same, see [console](console.md#second-opinion)", Default: "of none", Example: "second_approval: {when: amount >= 1000.0}"},
			{Name: "second_look", Value: Matching(`^\s*[0-9.]+\s*%\s*$`, "`0%` to `100%`"), Means: "this share of decided tickets is drawn, and another agent looks at them without knowing the decision, see [console](console.md#second-look). What rules and other systems decided is drawn, too", Default: "none", Example: "second_look: 5%"},
			{Name: "sla", Value: In("sla"), Means: "how long a ticket may wait", Default: "nothing is promised", Example: "sla: {warn: 8h, late: 24h}"},
			{Name: "retain", Value: In("retain"), Means: "how long what was sent is kept, see [above](#how-long-tickets-are-kept)", Default: "tickets for ever, drafts `30d`", Example: "retain: {rejected: 1y}"},
			{Name: "archive_after", Value: Matching(`^[1-9][0-9]{0,4}[dwmy]$`, "days (`d`), weeks (`w`), months (`m`) or years (`y`)"), Means: "how long after they were closed tickets go to the [archive](operations/archive.md), at least `90d`", Default: "never", Example: "archive_after: 400d"},
			{Name: "approval", Value: In("approval"), Means: "how long an approval holds, see [above](#approvals-that-end)", Default: "for ever", Example: "approval: {valid_for: 2y}"},
			{Name: "latest_per", Value: Text(), Means: "a field of type `choice` or `text`: the latest approval of a user is known for each of its answers, see [above](#approvals-for-each-subject)", Default: "one latest approval of each user", Example: "latest_per: topic"},
			{Name: "revoke", Value: Word("admins", "agents"), Means: "who may take an approval back later", Default: "`admins`", Example: "revoke: agents"},
			{Name: "list", Value: Names("list of fields"), Means: "the fields that tell tickets apart in a list", Default: "the first text", Example: "list: [topic, amount]"},
			{Name: "compare", Value: Names("two fields"), Means: "two fields of type `image` that agents see beside each other from the start, the left one first", Default: "one picture at a time", Example: "compare: [document, selfie]"},
			{Name: "reads", Value: Places("field: where its answer can be read, or a list of places of which the first that could be read counts"), Means: "which answers stand in photos, see [above](#answers-that-are-read)", Default: "nothing is read", Example: "reads: {born: [document.qr.birth_date, document.mrz.birth_date]}"},
			{Name: "queues", Value: List("queue"), Means: "parts of the open tickets that teams work on apart, see [above](#queues)", Default: "one queue for all", Example: "queues: [{name: high, when: amount >= 1000.0, team: seniors}, {name: rest}]"},
			{Name: "checks", Value: List("check"), Means: "what may not be answered together, see [above](#checks)", Default: "none", Example: "checks: [{when: born > today, fields: [born], text: This day is yet to come.}]"},
			{Name: "sections", Value: List("section"), Means: "the parts of the form, each with a title", Default: "`fields`", Example: "sections: [{title: About you, fields: [{name: topic, label: Topic}]}]"},
			{Name: "fields", Value: List("field"), Means: "the fields of a short form, without sections", Default: "`sections`", Example: "fields: [{name: topic, label: Topic}]"},
			{Name: "reasons", Value: List("reason"), Means: "why a ticket can be rejected, the most used first, see [above](#reasons)", Default: "none", Example: "reasons: [{code: unclear, label: Unclear, class: retry, text: Please tell us more.}]"},
			{Name: "rules", Value: List("rule"), Means: "what is decided without a person, by the first that holds, see [above](#rules)", Default: "none", Example: "rules: [{name: small, when: amount < 20.0, decide: approve}]"},
			{Name: "examples", Value: List("example"), Means: "submissions, and what the rules must say of them; `docket rules test` tries them", Default: "none", Example: "examples: [{name: plain, today: 2026-03-03, answers: {amount: 50}, expect: nothing}]"},
		},
	}
}

func sectionObject() Object {
	return Object{
		Name: "section", What: "a section", Around: "sections:\n  - %s",
		Keys: []Key{
			{Name: "title", Value: Texts(), Means: "its heading", Example: "{title: About you, fields: [{name: full_name, label: Full name}]}"},
			{Name: "help", Value: Texts(), Means: "a line under the heading", Example: "{title: About you, help: As in your passport., fields: [{name: full_name, label: Full name}]}"},
			{Name: "when", Value: Condition(), Means: "all its fields are asked only when this holds", Default: "always", Example: "{title: Your order, when: topic == 'order', fields: [{name: order_number, label: Order number}]}"},
			{Name: "when_help", Value: Texts(), Means: "says in your words when it is asked", Default: "docket's words, where it has any", Example: "{title: Your order, when: amount > 20.0, when_help: Only above 20., fields: [{name: order_number, label: Order number}]}"},
			{Name: "fields", Value: List("field"), Means: "what it asks", Example: "{fields: [{name: full_name, label: Full name}]}"},
		},
	}
}

func checkObject() Object {
	return Object{
		Name: "check", What: "a check", Around: "checks:\n  - %s",
		Keys: []Key{
			{Name: "when", Value: Condition(), Required: true, Means: "what is refused: in the language of conditions, with `matches`, `iban`, `luhn`, `mod97`, `mod11`", Example: "{when: born > today, fields: [born], text: This day is yet to come.}"},
			{Name: "fields", Value: Names("list of fields"), Required: true, Means: "where the problem is shown", Example: "{when: born > today, fields: [born], text: This day is yet to come.}"},
			{Name: "text", Value: Texts(), Required: true, Means: "the problem, as customers and other systems read it", Example: "{when: born > today, fields: [born], text: This day is yet to come.}"},
		},
	}
}
