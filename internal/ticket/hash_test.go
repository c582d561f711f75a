package ticket_test

import (
	"strings"
	"testing"

	"docket/internal/ticket"
)

func TestSameHash(t *testing.T) {
	t.Parallel()
	full, other := strings.Repeat("0123456789abcdef", 4), strings.Repeat("0123456789abcdee", 4)
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{full, full, true},
		{full[:12], full, true},
		{full, full[:12], true},
		{full[:12], full[:12], true},
		{"", "", true},
		{full, other, false},
		{full[:11], full, false},
		{full[:13], full, false},
		{"", full, false},
		{"1" + full[:11], full, false},
	} {
		if got := ticket.SameHash(test.a, test.b); got != test.want {
			t.Errorf("%q and %q: %v, want %v", test.a, test.b, got, test.want)
		}
	}
	for hash, want := range map[string]string{full: "0123456789ab", "0123": "0123", "": ""} {
		if got := ticket.ShortHash(hash); got != want {
			t.Errorf("%q is shown as %q, want %q", hash, got, want)
		}
	}
}
