package mail_test

import (
	"strings"
	"testing"
	"time"

	"docket/internal/form/formfile"
	"docket/internal/form/mailtext"
	"docket/internal/mail"
	"docket/internal/ticket"
)

const ownWords = `
name: x
languages: [en, vi]
title: {en: Claims, vi: Yêu cầu}
theme: {name: "Example\tShop", support: "mailto:help@shop.example"}
mail:
  rejected:
    subject: {en: "{name}: {ticket}, {time}"}
    text: {en: "Not yet.\n\n{reason}\n\nHere: {link}"}
fields: [{name: a, label: {en: A, vi: A}}]
reasons:
  - {code: unclear, label: Unclear, class: retry, text: {en: "Tell us more, see {link}.", vi: "Hãy nói rõ hơn."}}
`

// TestOutbox_OwnWords sends an e-mail in the words of the form, and one in a language that they leave out.
func TestOutbox_OwnWords(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	f, err := formfile.Parse([]byte(ownWords))
	if err != nil {
		t.Fatal(err)
	}
	o.form = f
	o.run(o.open(o.server.URL))
	for to, language := range map[string]string{"en@example.com": "en", "vi@example.com": "vi"} {
		o.user(to)
		o.exec("UPDATE accounts SET language = $2 WHERE email = $1", to, language)
		o.exec("INSERT INTO tickets (id, user_id, status, extra) SELECT gen_random_uuid(), 'u-' || a.id, 'processing', '{}' FROM accounts a WHERE a.email = $1", to)
		o.exec(`UPDATE tickets t SET status = 'rejected', version = 2, decided_by = 'rule:r', decided_at_ms = now_ms(), reject_reason = 'unclear', reject_reasons = ARRAY['unclear'],
			reject_comment = '', updated_at_ms = now_ms() FROM accounts a WHERE a.email = $1 AND t.user_id = 'u-' || a.id`, to)
		o.exec("INSERT INTO outbox (account_id, kind, ticket_id) SELECT a.id, 'rejected', t.id FROM accounts a JOIN tickets t ON t.user_id = 'u-' || a.id WHERE a.email = $1", to)
	}
	english := o.server.Wait(t, "en@example.com")
	if !strings.HasPrefix(english.Subject, "Example Shop: ") || !strings.Contains(english.Text, "Not yet.\n\nTell us more, see {link}.\n\nHere: http://docket.test/tickets/") || !strings.Contains(english.Text, "help@shop.example") {
		t.Errorf("got %q and\n%s", english.Subject, english.Text)
	}
	if vietnamese := o.server.Wait(t, "vi@example.com"); !strings.Contains(vietnamese.Subject, "Yêu cầu") || !strings.Contains(vietnamese.Text, "Hãy nói rõ hơn.") {
		t.Errorf("got %q and\n%s", vietnamese.Subject, vietnamese.Text)
	}
}

// TestWrite_OtherLanguage is read by somebody whose language the form has no words in.
func TestWrite_OtherLanguage(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte("name: x\ntitle: X\nmail: {approved: {text: Done.}}\nfields: [{name: a, label: A}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	write := func(language string) string {
		_, _, text := mail.Write(f, mailtext.Approved, language, mail.Facts{Ticket: ticket.Number([16]byte{}), Link: "https://x.example/1"})
		return text
	}
	if text := write("en"); !strings.HasPrefix(text, "Done.\n\n-- \n") {
		t.Errorf("got %q", text)
	}
	if text := write("vi"); !strings.Contains(text, "https://x.example/1") || strings.Contains(text, "Done.") {
		t.Errorf("got %q", text)
	}
}

// TestWrite_EveryEvent has docket's own words of each event of a form.
func TestWrite_EveryEvent(t *testing.T) {
	t.Parallel()
	f := formfile.Default()
	for _, event := range mailtext.Events() {
		for _, language := range f.Languages {
			if _, subject, text := mail.Write(f, event, language, mail.Facts{}); strings.HasPrefix(subject, "mail.") || strings.HasPrefix(text, "mail.") {
				t.Errorf("%s has no words in %s", event, language)
			}
		}
	}
}

// TestWrite_Retake asks for photos again, and says nothing of a rejection.
func TestWrite_Retake(t *testing.T) {
	t.Parallel()
	f := formfile.Default()
	for language, want := range map[string]string{"en": "need another photo: Front of the document.\n\nToo dark.", "vi": "cần ảnh khác: Front of the document.\n\nToo dark."} {
		_, subject, text := mail.Write(f, mailtext.Rejected, language, mail.Facts{Photos: []string{"Front of the document"}, Reasons: []string{"Too dark."}})
		if !strings.Contains(text, want) || strings.Contains(subject, "reject") {
			t.Errorf("%s: got %q and\n%s", language, subject, text)
		}
	}
	_, _, text := mail.Write(f, mailtext.Received, "en", mail.Facts{Usual: 3 * time.Hour})
	if !strings.Contains(text, "when it is decided. Usually decided within 3 hours.\n") {
		t.Errorf("got\n%s", text)
	}
}
