package day_test

import (
	"testing"
	"time"

	"docket/internal/form/day"
)

func TestParsePartial(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][3]string{
		"1985-03-07": {"1985-03-07", "1985-03-07", "1985-03-07"},
		"1985-03":    {"1985-03", "1985-03-01", "1985-03-31"},
		"1984-02":    {"1984-02", "1984-02-01", "1984-02-29"},
		"1985":       {"1985", "1985-01-01", "1985-12-31"},
		"1985-00-00": {"1985", "1985-01-01", "1985-12-31"},
		"1985-03-00": {"1985-03", "1985-03-01", "1985-03-31"},
	} {
		d, ok := day.ParsePartial(text)
		if got := [3]string{d.String(), d.First.Format(time.DateOnly), d.Last.Format(time.DateOnly)}; !ok || got != want {
			t.Errorf("%s: got %v, %t, want %v", text, got, ok, want)
		}
		if again, ok := day.ParsePartial(d.String()); !ok || again != d {
			t.Errorf("%s is read again as %v", d, again)
		}
	}
	for _, text := range []string{"", "85", "0985", "1985-13", "1985-02-30", "1985-3", "03-1985", "1985-00-07", "1985-", "-00-00", "1985-03-07T00:00"} {
		if d, ok := day.ParsePartial(text); ok {
			t.Errorf("%q is read as %v", text, d)
		}
	}
}
