package request

import (
	"net/http"
	"net/netip"
	"testing"
)

func TestClient_TrustedProxies(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}
	for name, test := range map[string]struct {
		peer, want string
		plain      []string
		standard   []string
	}{
		"no proxy":                          {peer: "203.0.113.7:4242", want: "203.0.113.7"},
		"no address":                        {peer: "@", want: "invalid IP"},
		"a stranger who says so":            {peer: "203.0.113.7:4242", plain: []string{"198.51.100.1"}, standard: []string{"for=198.51.100.1"}, want: "203.0.113.7"},
		"one proxy":                         {peer: "10.0.0.1:80", plain: []string{"198.51.100.1"}, want: "198.51.100.1"},
		"one proxy that says nothing":       {peer: "10.0.0.1:80", want: "10.0.0.1"},
		"one proxy, and a forged client":    {peer: "10.0.0.1:80", plain: []string{"1.1.1.1, 198.51.100.1"}, want: "198.51.100.1"},
		"a forged header of its own":        {peer: "10.0.0.1:80", plain: []string{"1.1.1.1", "198.51.100.1"}, want: "198.51.100.1"},
		"a forged proxy":                    {peer: "10.0.0.1:80", plain: []string{"1.1.1.1, 10.0.0.9, 198.51.100.1"}, want: "198.51.100.1"},
		"two proxies":                       {peer: "10.0.0.1:80", plain: []string{"1.1.1.1, 198.51.100.1, 10.0.0.2"}, want: "198.51.100.1"},
		"a client inside":                   {peer: "10.0.0.1:80", plain: []string{"10.0.0.5"}, want: "10.0.0.5"},
		"rubbish":                           {peer: "10.0.0.1:80", plain: []string{"1.1.1.1, <script>"}, want: "10.0.0.1"},
		"IPv6, with ports":                  {peer: "[2001:db8::1]:80", plain: []string{"[2001:dead::5]:1234"}, want: "2001:dead::5"},
		"IPv4 in IPv6":                      {peer: "[::ffff:10.0.0.1]:80", plain: []string{"::ffff:198.51.100.1"}, want: "198.51.100.1"},
		"Forwarded":                         {peer: "10.0.0.1:80", standard: []string{`for=1.1.1.1, proto=https;For="[2001:dead::5]:99";by=x`}, want: "2001:dead::5"},
		"Forwarded with a quote left open":  {peer: "10.0.0.1:80", standard: []string{`for="1.1.1.1, for=198.51.100.1`}, want: "198.51.100.1"},
		"Forwarded, hidden":                 {peer: "10.0.0.1:80", standard: []string{"for=1.1.1.1, for=_hidden"}, want: "10.0.0.1"},
		"both agree":                        {peer: "10.0.0.1:80", plain: []string{"198.51.100.1"}, standard: []string{"for=198.51.100.1"}, want: "198.51.100.1"},
		"both, one of which nobody checked": {peer: "10.0.0.1:80", plain: []string{"198.51.100.1"}, standard: []string{"for=1.1.1.1"}, want: "10.0.0.1"},
	} {
		r := &http.Request{RemoteAddr: test.peer, Header: http.Header{"X-Forwarded-For": test.plain, "Forwarded": test.standard}}
		if got := Client(r, trusted).String(); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
