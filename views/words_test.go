package views

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

func TestWaitingInWords(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		-time.Hour: "< 1 min", 59 * time.Second: "< 1 min", time.Minute: "1 min", 59 * time.Minute: "59 min", 3*time.Hour + 59*time.Minute: "3 h",
		47 * time.Hour: "47 h", 48 * time.Hour: "2 days", 61 * 24 * time.Hour: "2 months", 800 * 24 * time.Hour: "2 years",
	} {
		if got := span(d); got != want {
			t.Errorf("span(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestAddressesOfTheQueue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		filter Filter
		want   string
	}{
		{Filter{}, "/review"},
		{Filter{Status: ticket.Processing, Limit: DefaultLimit}, "/review"},
		{Filter{Status: ticket.Rejected, User: "a&b", Newest: true, Limit: 20}, "/review?limit=20&sort=newest&status=rejected&user=a%26b"},
		{Filter{From: "2026-03-01", To: "2026-03-07", Cursor: "x"}, "/review?cursor=x&from=2026-03-01&to=2026-03-07"},
	} {
		if got := ReviewPath(c.filter); got != c.want {
			t.Errorf("ReviewPath(%+v) = %s, want %s", c.filter, got, c.want)
		}
	}
}

func TestAddressesThatComeBack(t *testing.T) {
	t.Parallel()
	if got, want := LoginPath("/tickets/new?a=b"), "/login?next=%2Ftickets%2Fnew%3Fa%3Db"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := LoginPath(""); got != "/login" {
		t.Errorf("got %s, want /login", got)
	}
}

func TestActorsAreNamed(t *testing.T) {
	t.Parallel()
	names := map[string]string{"agent:1": "linh@desk.example"}
	for who, want := range map[string]string{
		"agent:1": "linh@desk.example", "rule:underage": "rule underage", "key:shop": "system shop", "user:u-1042": "user u-1042", "odd": "odd",
	} {
		if got := actor(names, who); got != want {
			t.Errorf("actor(%q) = %q, want %q", who, got, want)
		}
	}
}

func TestReferencesAreShort(t *testing.T) {
	t.Parallel()
	if got := reference(uuid.MustParse("0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a10")); got != "4E1F6A10" {
		t.Errorf("got %s", got)
	}
	if got := short("0199c1ee-0000-7000-8000-000000000001"); got != "0199c…000001" {
		t.Errorf("got %s", got)
	}
	if got := short("u-1042"); got != "u-1042" {
		t.Errorf("got %s", got)
	}
}

func TestALongBacklogIsNotCounted(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		1: "1 older ticket waits", 1000: "1000 older tickets wait", 1001: "More than 1000 older tickets wait",
	} {
		if got := backlog(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
