package mail

import (
	"cmp"
	"strings"
	"time"

	"docket/internal/form"
	"docket/internal/form/mailtext"
	"docket/internal/i18n"
)

// Facts are what an e-mail tells beside its words.
type Facts struct {
	Ticket  string // its number; empty: it is about none
	Link    string
	Site    string // its address
	Time    time.Time
	Reasons []string      // the texts of the form for each
	Photos  []string      // what the photos are called that a rejection asks for again; none: not only photos
	Usual   time.Duration // within which tickets are usually decided; 0: not known
}

// Write writes the subject and the text of an e-mail of a kind in a language: in the words of the form where it has any, else in docket's
// own. The name is of who sends it.
func Write(f *form.Form, kind, language string, facts Facts) (name, subject, text string) {
	words, shown := i18n.Of(language), f.In(language)
	title := strings.Join(strings.Fields(shown.Title), " ") // one line: it stands in headers
	name = cmp.Or(shown.Theme.Name, title)
	args := []any{
		"Title", title, "Link", facts.Link, "Reasons", reasonParagraphs(facts.Reasons), "Site", facts.Site,
		"Time", clockText(words, shown, facts.Time), "Count", len(facts.Photos), "Photos", strings.Join(facts.Photos, ", "),
		"Usual", words.Usual(facts.Usual),
	}
	own := OwnText(f, kind, language)
	values := map[string]string{
		mailtext.Name: name, mailtext.Ticket: facts.Ticket, mailtext.Link: facts.Link, mailtext.Time: clockText(words, shown, facts.Time),
		mailtext.Reason: strings.Join(facts.Reasons, "\n\n"),
	}
	if len(facts.Photos) > 0 {
		kind = "retake"
	}
	subject, text = words.T("mail."+kind+".subject", args...), words.T("mail."+kind+".text", args...)
	text = strings.ReplaceAll(text, " \n", "\n") // where the usual time is not known
	if own.Subject != "" {
		subject = mailtext.Fill(own.Subject, values)
	}
	if own.Body != "" {
		text = strings.TrimSpace(mailtext.Fill(own.Body, values))
	}
	return name, strings.Join(strings.Fields(subject), " "), text + "\n\n-- \n" + words.T("mail.footer", args...) + "\n" + supportLine(words, shown)
}

// OwnText is what a form says in an e-mail of a kind in a language. What is empty is said in docket's own words, which may be in more
// languages than the form.
func OwnText(f *form.Form, kind, language string) mailtext.Text {
	if shown := f.In(language); shown.Language == language {
		return shown.Mail[kind]
	}
	return mailtext.Text{}
}

// reasonParagraphs are the texts of reasons, each after an empty line.
func reasonParagraphs(reasons []string) string {
	var b strings.Builder
	for _, reason := range reasons {
		b.WriteString("\n\n" + reason)
	}
	return b.String()
}

// supportLine says where to ask for help; it is empty when the form does not.
func supportLine(words *i18n.Words, f *form.Form) string {
	if f.Theme.Support == "" {
		return ""
	}
	return words.T("frame.support") + " " + strings.TrimPrefix(f.Theme.Support, "mailto:") + "\n"
}

// clockText is a time with its zone.
func clockText(words *i18n.Words, f *form.Form, t time.Time) string {
	t = t.UTC()
	if f.Zone != nil {
		t = t.In(f.Zone)
	}
	return words.Clock(t) + " (UTC" + t.Format("-07:00") + ")"
}
