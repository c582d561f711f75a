package formkeys

import "docket/internal/form/mailtext"

func mailObject() Object {
	o := Object{
		Name: "mail", What: `"mail"`, Around: "mail: %s",
		About: "An e-mail of each event, see [above](#e-mails).",
	}
	for _, event := range mailtext.Events() {
		o.Keys = append(o.Keys, Key{
			Name: event, Value: In("mail_text"), Means: mailMeanings()[event], Default: "docket's own words",
			Example: "{" + event + ": {subject: '{name}: your ticket {ticket}', text: 'See {link}'}}",
		})
	}
	return o
}

func mailMeanings() map[string]string {
	return map[string]string{
		mailtext.Received:     "a ticket was sent",
		mailtext.Step:         "a step has waited as long as its `remind` says; to those whom it asks",
		mailtext.Approved:     "it was approved",
		mailtext.Rejected:     "it was rejected",
		mailtext.Revoked:      "its approval was taken back",
		mailtext.ApprovalEnds: "its approval ends soon, as `ask_again` says",
	}
}

func mailTextObject() Object {
	return Object{
		Name: "mail_text", What: "an e-mail", Around: "mail: {rejected: %s}",
		About: "At least one of the two. A language that is left out has docket's own words.",
		Keys: []Key{
			{Name: "subject", Value: Texts(), Means: "one line, 150 characters at most", Default: "docket's own words", Example: "{subject: '{name}: please send it again'}"},
			{Name: "text", Value: Texts(), Means: "plain text, 5000 characters at most; docket adds who sends it and where to ask for help", Default: "docket's own words", Example: "{text: 'Not yet. {reason} Send it again: {link}'}"},
		},
	}
}
