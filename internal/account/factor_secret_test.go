package account_test

import (
	"net/url"
	"strings"
	"testing"

	"docket/internal/account"
)

// TestNewEnrolment_Issuer names docket after forms whose titles are long, or have a colon or several lines.
func TestNewEnrolment_Issuer(t *testing.T) {
	t.Parallel()
	accounts := account.NewAccounts(nil, account.Config{SessionKey: []byte("key")})
	s := account.Session{Owner: account.Account{Email: "ann@example.com"}}
	for title, want := range map[string]string{
		"Refund request":         "Refund request",
		"Refunds: shop\nof Ann":  "Refunds shop of Ann",
		strings.Repeat("ộ", 300): strings.Repeat("ộ", 60),
		" : ":                    "docket",
	} {
		enrolment, err := accounts.NewEnrolment(s, title)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(enrolment.URL)
		if err != nil || u.Query().Get("issuer") != want || u.Path != "/"+want+":ann@example.com" {
			t.Errorf("%q: %s, %v; want the issuer %q", title, enrolment.URL, err, want)
		}
	}
}
