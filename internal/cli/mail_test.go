package cli_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testmail"
)

// postForm sends a form and returns the path of the page that follows, and its status.
func postForm(t *testing.T, address string, values url.Values) (path string, status int) {
	t.Helper()
	answer, err := http.PostForm(address, values)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.Request.URL.Path, answer.StatusCode
}

func TestServe_Mail(t *testing.T) {
	t.Parallel()
	for name, begins := range map[string]bool{"smtps": true, "smtp": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := testmail.StartTLS(t, begins)
			env := []string{"DATABASE_URL=" + testdb.New(t).Primary, sessionKey, "SMTP_URL=" + server.URL, "MAIL_FROM=Tickets <tickets@example.com>", "SSL_CERT_FILE=" + server.CA}
			base, end := startServe(t, env, "--listen", "127.0.0.1:0")
			defer end()
			path, status := postForm(t, base+"/signup", url.Values{"email": {"ann@example.com"}, "password": {"correct horse battery"}})
			if path != "/sent" || status != 200 {
				t.Fatalf("sign-up leads to %s, %d", path, status)
			}
			m := server.Wait(t, "ann@example.com")
			if m.From != "tickets@example.com" {
				t.Errorf("it is from %s", m.From)
			}
			link := base + m.Path(t, base)
			if status, page := get(t, link); status != 200 || !strings.Contains(page, "Confirm the address") {
				t.Errorf("the link is answered with %d:\n%s", status, page)
			}
			if path, status := postForm(t, link, nil); path != "/login" || status != 200 {
				t.Errorf("confirming leads to %s, %d", path, status)
			}
			if path := signIn(t, base, "ann@example.com", "correct horse battery"); path != "/tickets" {
				t.Errorf("signing in leads to %s", path)
			}
		})
	}
}

func TestServe_MailSettings(t *testing.T) {
	t.Parallel()
	for variable, says := range map[string]string{
		"SMTP_URL=smtp://docket:geheim@mail.example.com:x": "SMTP_URL (--smtp-url) must be",
		"SMTP_URL=mail.example.com":                        "SMTP_URL (--smtp-url) must be",
		"MAIL_FROM=tickets":                                "MAIL_FROM (--mail-from) must be",
	} {
		got := run(t, docket(t, []string{"DATABASE_URL=postgres:///none", sessionKey, variable}, "serve"), "").want(t, 80, says)
		if strings.Contains(got.err, "geheim") {
			t.Errorf("%s: it says %s", variable, got.err)
		}
	}
}
