package web_test

import (
	"net/netip"
	"strings"
	"testing"

	"docket/internal/app"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

func TestLog_Client(t *testing.T) {
	t.Parallel()
	for want, proxies := range map[string][]netip.Prefix{
		"127.0.0.1": nil, "198.51.100.1": {netip.MustParsePrefix("127.0.0.0/8")},
	} {
		s := testsite.StartWith(t, testdb.New(t), app.Config{TrustedProxies: proxies})
		visitor(t, s.URL).get("/login", "X-Forwarded-For", "1.1.1.1, 198.51.100.1").want(t, 200)
		for !strings.Contains(s.Log.String(), `"route":"GET /login"`) { // it is written after the answer
			if t.Context().Err() != nil {
				t.Fatal("no log line")
			}
		}
		if log := s.Log.String(); !strings.Contains(log, `"client":"`+want+`"`) {
			t.Errorf("with proxies %v the client is not %s:\n%s", proxies, want, log)
		}
	}
}
