package pages

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"docket/internal/form"
	"docket/internal/form/mailtext"
	"docket/internal/i18n"
	"docket/internal/mail"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/problem"
)

// exampleTicket is the id of the ticket that the e-mails of FormMail are about.
const exampleTicket = "0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a10"

// FormMail shows the e-mails about tickets in one of the languages of the form, at first in that of the admin, for an example.
func (p *Pages) FormMail(w http.ResponseWriter, r *http.Request) error {
	language := cmp.Or(r.URL.Query().Get("language"), p.customerLanguages.Choose(p.words(r).Tag(), ""))
	if !p.customerLanguages.Has(language) {
		return problem.WrongParameters{"language"}
	}
	mails := views.FormMails{Language: i18n.Of(language), Languages: p.customerLanguages.words, Sent: p.Mail != nil}
	for _, event := range mailtext.Events() {
		_, subject, text := mail.Write(p.Form, event, language, p.exampleFacts(event, language, p.baseURL(r)))
		mails.Mails = append(mails.Mails, views.FormMail{
			Event: event, Subject: subject, Text: text, Own: mail.OwnText(p.Form, event, language), Unused: !sendsMail(p.Form, event),
		})
	}
	site := p.site(r)
	return p.render(w, r, http.StatusOK, views.FormMailPage(site, mails), views.FormMailSection(site, mails))
}

// exampleFacts are what an e-mail tells of an example.
func (p *Pages) exampleFacts(event, language, site string) mail.Facts {
	id := uuid.MustParse(exampleTicket)
	facts := mail.Facts{Ticket: ticket.Number(id), Link: site + views.TicketPath(id), Site: site, Time: p.Now()}
	if event == mailtext.Step {
		facts.Link = site + views.ReviewTicketPath(id)
	}
	if event != mailtext.Rejected && event != mailtext.Revoked {
		return facts
	}
	for _, reason := range p.Form.In(language).Reasons {
		if reason.Text != "" {
			facts.Reasons = []string{reason.Text}
			break
		}
	}
	return facts
}

// sendsMail reports whether a form has what sends the e-mail of an event.
func sendsMail(f *form.Form, event string) bool {
	switch event {
	case mailtext.Step:
		return slices.ContainsFunc(f.Steps, func(step form.Step) bool { return step.Remind > 0 })
	case mailtext.ApprovalEnds:
		return f.Approval.AskAgain != form.Period{}
	}
	return true
}
