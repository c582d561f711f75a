package i18n_test

import (
	"testing"
	"time"

	"docket/internal/i18n"
)

func TestT_PlaceholdersAndPlurals(t *testing.T) {
	t.Parallel()
	en, vi := i18n.Of("en"), i18n.Of("vi")
	for _, c := range []struct{ got, want string }{
		{en.T("ago.minutes", "Count", 1), "1 minute ago"},
		{en.T("ago.minutes", "Count", 1234), "1,234 minutes ago"},
		{vi.T("ago.minutes", "Count", 1), "1 phút trước"},
		{vi.T("ago.minutes", "Count", 1234), "1.234 phút trước"},
		{vi.T("frame.zone", "Zone", "UTC"), "Giờ hiển thị theo múi giờ UTC."},
		{vi.T("frame.zone", "Other", 1), "Giờ hiển thị theo múi giờ {{.Zone}}."},
		{vi.T("no.such.key"), "no.such.key"},
		{i18n.Of("xx").Tag(), "en"},
		{vi.Name(), "Tiếng Việt"},
		{vi.Tag(), "vi"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestClock_PerLanguage(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.May, 3, 15, 9, 0, 0, time.UTC)
	en, vi := i18n.Of("en"), i18n.Of("vi")
	for _, c := range []struct{ got, want string }{
		{en.Clock(at), "3 May 2026, 15:09"},
		{vi.Clock(at), "15:09, 03/05/2026"},
		{en.ShortClock(at), "3 May, 15:09"},
		{vi.ShortClock(at), "15:09, 03/05"},
		{en.Day(at), "3 May 2026"},
		{vi.Day(at), "03/05/2026"},
		{en.LongDay(at), "3 May 2026"},
		{vi.LongDay(at), "3 tháng 5, 2026"},
		{en.LongDay(at.AddDate(0, 7, 0)), "3 December 2026"},
		{vi.LongDay(at.AddDate(0, 7, 0)), "3 tháng 12, 2026"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestAgo_CoarsestUnit(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	now := time.Date(2026, time.May, 3, 15, 9, 0, 0, time.UTC)
	for d, want := range map[time.Duration][2]string{
		-time.Hour:       {"just now", "vừa xong"},
		59 * time.Second: {"just now", "vừa xong"},
		time.Minute:      {"1 minute ago", "1 phút trước"},
		59 * time.Minute: {"59 minutes ago", "59 phút trước"},
		time.Hour:        {"1 hour ago", "1 giờ trước"},
		47 * time.Hour:   {"47 hours ago", "47 giờ trước"},
		2 * day:          {"2 days ago", "2 ngày trước"},
		61 * day:         {"2 months ago", "2 tháng trước"},
		800 * day:        {"2 years ago", "2 năm trước"},
	} {
		if got := [2]string{i18n.Of("en").Ago(now, now.Add(-d)), i18n.Of("vi").Ago(now, now.Add(-d))}; got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}

func TestSpan_CoarsestUnit(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration][2]string{
		-time.Hour: {"< 1 min", "< 1 phút"}, 59 * time.Second: {"< 1 min", "< 1 phút"}, time.Minute: {"1 min", "1 phút"},
		59 * time.Minute: {"59 min", "59 phút"}, 3*time.Hour + 59*time.Minute: {"3 h", "3 giờ"}, 47 * time.Hour: {"47 h", "47 giờ"},
		48 * time.Hour: {"2 days", "2 ngày"}, 61 * 24 * time.Hour: {"2 months", "2 tháng"}, 800 * 24 * time.Hour: {"2 years", "2 năm"},
	} {
		if got := [2]string{i18n.Of("en").Span(d), i18n.Of("vi").Span(d)}; got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}

func TestAge_ShorterThanAgo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.May, 3, 15, 9, 0, 0, time.UTC)
	for d, want := range map[time.Duration][2]string{
		59 * time.Second: {"just now", "vừa xong"}, 3 * time.Hour: {"3 h ago", "3 giờ trước"},
	} {
		if got := [2]string{i18n.Of("en").Age(now, now.Add(-d)), i18n.Of("vi").Age(now, now.Add(-d))}; got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}

func TestDecimal_SeparatorOfTheLanguage(t *testing.T) {
	t.Parallel()
	if got, want := [2]string{i18n.Of("en").Decimal(2.345, 1), i18n.Of("vi").Decimal(2.345, 1)}, [2]string{"2.3", "2,3"}; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOffer_Choose(t *testing.T) {
	t.Parallel()
	both, only := i18n.NewOffer([]string{"en", "vi"}), i18n.NewOffer([]string{"vi"})
	for _, c := range []struct {
		offer                  i18n.Offer
		chosen, accepted, want string
	}{
		{both, "", "", "en"},
		{both, "", "vi", "vi"},
		{both, "", "vi-VN,vi;q=0.9,en;q=0.8", "vi"},
		{both, "", "fr-FR,vi;q=0.5,en;q=0.3", "vi"},
		{both, "", "de", "en"},
		{both, "", "*", "en"},
		{both, "", "en;q=0.5,vi;q=0.6", "vi"},
		{both, "", ";;;=", "en"},
		{both, "en", "vi", "en"},
		{both, "vi", "en", "vi"},
		{both, "de", "vi", "vi"},
		{only, "", "en", "vi"},
		{only, "en", "en", "vi"},
	} {
		if got := c.offer.Choose(c.chosen, c.accepted); got != c.want {
			t.Errorf("%q chosen, %q accepted: got %s, want %s", c.chosen, c.accepted, got, c.want)
		}
	}
}
