package views

import (
	"net/url"

	"docket/internal/form/mailtext"
	"docket/internal/i18n"
)

// FormMails are the e-mails about tickets in one language, for an example.
type FormMails struct {
	Language  *i18n.Words
	Languages []*i18n.Words
	Sent      bool // whether this docket sends e-mail
	Mails     []FormMail
}

// FormMail is the e-mail of one event.
type FormMail struct {
	Event   string
	Subject string
	Text    string
	Own     mailtext.Text // what of it is in the words of the form
	Unused  bool          // the form has nothing that sends it
}

// FormMailPath is where the e-mails are shown in a language; empty: in the first of the form.
func FormMailPath(language string) string {
	if language == "" {
		return AdminPath + "/form/mail"
	}
	return withQuery(AdminPath+"/form/mail", url.Values{"language": {language}})
}

// words names the text that says whose words an e-mail is in.
func (m FormMail) words() string {
	switch {
	case m.Own.Subject != "" && m.Own.Body != "":
		return "preview.mail_own"
	case m.Own.Subject != "":
		return "preview.mail_own_subject"
	case m.Own.Body != "":
		return "preview.mail_own_text"
	}
	return "preview.mail_docket"
}
