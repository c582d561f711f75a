package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"docket/internal/app"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testmail"
	"docket/internal/testkit/testsite"
)

func TestMetrics_Mail(t *testing.T) {
	t.Parallel()
	server := testmail.Start(t)
	s := testsite.StartWith(t, testdb.New(t), app.Config{BaseURL: "http://docket.test", Mail: app.Mail{ServerURL: server.URL}})
	form := url.Values{"email": {"ann@example.com"}, "password": {testsite.Password}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/signup", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if m := server.Wait(t, "ann@example.com"); m.From != "docket@docket.test" {
		t.Errorf("without MAIL_FROM the sender is %s", m.From)
	}
	_, missing := lacking(t, s, []string{
		`docket_mails_total{outcome="sent"} 1`, `docket_mails_total{outcome="failed"} 0`, `docket_mails_total{outcome="given_up"} 0`,
		`docket_mail_waiting 0`, `docket_mail_oldest_waiting_seconds 0`,
	})
	for _, line := range missing {
		t.Errorf("the metrics lack %s", line)
	}
}
