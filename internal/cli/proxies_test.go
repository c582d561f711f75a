package cli

import (
	"fmt"
	"testing"
)

func TestParseNetworks_TrustedProxies(t *testing.T) {
	t.Parallel()
	got, err := parseNetworks("10.0.0.0/8, 192.0.2.7 2001:db8::1/32,")
	if want := "[10.0.0.0/8 192.0.2.7/32 2001:db8::/32]"; err != nil || fmt.Sprint(got) != want {
		t.Errorf("got %v, %v; want %s", got, err, want)
	}
	for _, wrong := range []string{"nginx", "10.0.0.0/33", "10.0.0.1:80", "*"} {
		if err := (httpOptions{Proxies: wrong}).Validate(); err == nil {
			t.Errorf("%q is accepted", wrong)
		}
	}
}
