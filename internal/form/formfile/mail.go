package formfile

import (
	"errors"
	"strings"

	"go.yaml.in/yaml/v4"

	"docket/internal/form/mailtext"
)

// The longest texts of an e-mail, in characters.
const (
	maxMailSubject = 150
	maxMailText    = 5000
)

// readMail reads what e-mails say in words of the form.
func (r *reader) readMail(m mapping) mailtext.Texts {
	at, given := m.entries["mail"]
	if !given {
		return nil
	}
	events, ok := r.readObject(at.value, "mail")
	if !ok {
		return nil
	}
	texts := mailtext.Texts{}
	for _, event := range mailtext.Events() {
		if at, given := events.entries[event]; given {
			texts[event] = r.readMailText(at.value, event)
		}
	}
	return texts
}

// readMailText reads the e-mail of one event, as far as it is given in the language that is being read.
func (r *reader) readMailText(n *yaml.Node, event string) mailtext.Text {
	m, ok := r.readObject(n, "mail_text")
	if !ok {
		return mailtext.Text{}
	}
	if len(m.entries) == 0 {
		r.addMistake(n, `an e-mail needs "subject" or "text"; without both it is in docket's own words`)
	}
	text := mailtext.Text{Subject: r.readMailWords(m, "subject", event, maxMailSubject), Body: r.readMailWords(m, "text", event, maxMailText)}
	if strings.ContainsAny(text.Subject, "\r\n") {
		r.addMistake(m.entries["subject"].value, `"subject" must be one line`)
	}
	return text
}

// readMailWords reads a subject or a text; "" where it is not given in the language that is being read.
func (r *reader) readMailWords(m mapping, key, event string, longest int) string {
	at, given := m.entries[key]
	if !given {
		return ""
	}
	if at.value.Kind == yaml.MappingNode && len(r.languages) > 1 {
		texts, _ := r.readMapping(at.value, `"`+key+`"`, r.languages...)
		if at, given = texts.entries[r.language]; !given {
			return ""
		}
		m = mapping{at.value, m.what, map[string]entry{key: at}}
	} else {
		m = r.translate(m, key)
	}
	text := r.readRequired(m, key)
	if wrong, found := errors.AsType[mailtext.Mistake](mailtext.Check(event, text)); found {
		line, column := r.positionIn(at.value, []rune(text), wrong.Offset)
		r.mistakes = append(r.mistakes, Mistake{line, column, wrong.Message})
	}
	if length := len([]rune(text)); length > longest {
		r.addMistake(at.value, "%q has %d characters; it has at most %d", key, length, longest)
	}
	return text
}
