package e2e

import (
	"bytes"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// rewordedForm is the built-in form with other labels.
func rewordedForm(t *testing.T) *form.Form {
	t.Helper()
	text := testsite.FormFile()
	for was, is := range map[string]string{
		"en: Full name\n": "en: Name in your document\n", "en: Passport,": "en: Travel document,", "en: Your document\n": "en: What proves it\n",
	} {
		if !bytes.Contains(text, []byte(was)) {
			t.Fatalf("the form lacks %q", was)
		}
		text = bytes.ReplaceAll(text, []byte(was), []byte(is))
	}
	f, err := formfile.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestForm_ChangedAfterSubmission(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	before := testsite.Start(t, builtInForm(), 1, db)
	p, _ := openAsCustomer(t, before, "customer", phone)
	p.submit()
	after := testsite.Start(t, rewordedForm(t), 1, db)
	agent := openAsAgent(t, after, "agent", desktop)
	agent.follow("Nguyễn Văn A")
	agent.seeHeading("Your document")
	agent.seeText("Full name")
	agent.seeText("Passport")
	agent.seeNoText("Travel document")
	agent.look("changed-review")
}
