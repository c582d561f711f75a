package web_test

import (
	"testing"

	"docket/internal/app"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

func TestHeaders_StrictTransport(t *testing.T) {
	t.Parallel()
	for baseURL, want := range map[string]string{
		"":                            "",
		"http://tickets.example.com":  "",
		"https://tickets.example.com": "max-age=63072000; includeSubDomains",
	} {
		s := testsite.StartWith(t, testdb.New(t), app.Config{BaseURL: baseURL})
		if got := visitor(t, s.URL).get("/login").header.Get("Strict-Transport-Security"); got != want {
			t.Errorf("%q: Strict-Transport-Security is %q, want %q", baseURL, got, want)
		}
	}
}
