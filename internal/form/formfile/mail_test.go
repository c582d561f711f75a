package formfile_test

import (
	"fmt"
	"strings"
	"testing"

	"docket/internal/form/formfile"
	"docket/internal/form/mailtext"
)

func TestParse_Mail(t *testing.T) {
	t.Parallel()
	for mail, want := range map[string]string{
		"{rejected: {subject: '{name}: {ticket}', text: '{reason} {link} {time}'}}": "",
		"{approved: {text: 'See {Link}'}}":                                          "line 3, column 30: {Link} is filled in with nothing",
		"{approved: {text: 'See {reason}'}}":                                        "{reason} is filled in with nothing; this e-mail can have {name}, {ticket}, {link}, {time}",
		"{aproved: {text: x}}":                                                      `(did you mean "approved"?)`,
		"{approved: {text: 'See {link for more'}}":                                  "line 3, column 30: {link does not end; write {link}",
		"{approved: {text: '{name}, see {link'}}":                                   "{link does not end; write {link}",
		"{approved: {}}":                                                            `an e-mail needs "subject" or "text"`,
		"{approved: {text: ''}}":                                                    `"text" is empty`,
		`{approved: {subject: "a\nb"}}`:                                             `"subject" must be one line`,
		"{approved: {subject: " + strings.Repeat("x", 151) + "}}":                   `"subject" has 151 characters; it has at most 150`,
		"{approved: {text: {en: x}}}":                                               `"text" must be text`,
	} {
		_, err := formfile.Parse([]byte("name: x\ntitle: X\nmail: " + mail + "\nfields: [{name: a, label: A}]\n"))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", mail, err, want)
		}
	}
}

// TestParse_MailLanguages leaves languages out, which no other text may.
func TestParse_MailLanguages(t *testing.T) {
	t.Parallel()
	const head = "name: x\nlanguages: [en, vi]\ntitle: {en: X, vi: Y}\nfields: [{name: a, label: {en: A, vi: B}}]\n"
	f := parse(t, head+"mail: {approved: {text: {vi: 'Xong {link}'}}}\n")
	if en, vi := f.In("en").Mail[mailtext.Approved], f.In("vi").Mail[mailtext.Approved]; en != (mailtext.Text{}) || vi.Body != "Xong {link}" {
		t.Errorf("got %q and %q", en, vi)
	}
	for text, want := range map[string]string{
		"plain":       `"text" must be given in each language`,
		"{de: x}":     `unknown key "de"`,
		"{vi: '{x}'}": "{x} is filled in with nothing",
	} {
		_, err := formfile.Parse([]byte(head + "mail: {approved: {text: " + text + "}}\n"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

func TestPlainLinks(t *testing.T) {
	t.Parallel()
	f := parse(t, `name: x
title: X
sections:
  - title: The [terms](https://x.example)
    help: The [terms](https://x.example)
    fields:
      - {name: a, label: A, type: choice, options: [{value: b, label: "[B](https://x.example)"}, {value: c, label: "C [sic] (https)"}]}
      - {name: agree, label: "I accept the [terms](https://x.example).", type: checkbox}
`)
	if got := fmt.Sprint(formfile.PlainLinks(f)); got != "[the title of section 1 the option b of a]" {
		t.Errorf("got %s", got)
	}
}
