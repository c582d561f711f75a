package day_test

import (
	"testing"
	"time"

	"docket/internal/form/day"
)

func TestBound_Months(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ today, bound, want string }{
		{"2026-11-27", "today-3m", "2026-08-27"},
		{"2026-11-27", "today+2m", "2027-01-27"},
		{"2026-05-31", "today-3m", "2026-02-28"},
		{"2028-05-31", "today-3m", "2028-02-29"},
		{"2026-01-31", "today+1m", "2026-02-28"},
		{"2026-03-01", "today-12m", "2025-03-01"},
	} {
		today, _ := day.Parse(one.today)
		bound, ok := day.ParseBound(one.bound)
		if got := bound.On(today).Format(time.DateOnly); !ok || got != one.want {
			t.Errorf("on %s, %s: got %s, %t, want %s", one.today, one.bound, got, ok, one.want)
		}
	}
	for _, text := range []string{"today-6001m", "today-m", "today3m", "today-1y3m", "today-3M"} {
		if _, ok := day.ParseBound(text); ok {
			t.Errorf("%q is a bound", text)
		}
	}
}
