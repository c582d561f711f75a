package form_test

import (
	"testing"
	"time"

	"docket/internal/form"
)

func TestDateBound_Today(t *testing.T) {
	t.Parallel()
	beforeMidnight := time.Date(2026, time.March, 4, 23, 59, 59, 0, time.UTC)
	tests := []struct{ zone, bound, want string }{
		{"UTC", "today", "2026-03-04"},
		{"Asia/Ho_Chi_Minh", "today", "2026-03-05"},
		{"America/Los_Angeles", "today", "2026-03-04"},
		{"Pacific/Kiritimati", "today", "2026-03-05"},
		{"UTC", "today-120y", "1906-03-04"},
		{"UTC", "today+30d", "2026-04-03"},
		{"UTC", "today-4d", "2026-02-28"},
		{"UTC", "today+10y", "2036-03-04"},
		{"Asia/Ho_Chi_Minh", "2020-01-31", "2020-01-31"},
		{"UTC", "", ""},
		{"UTC", "tomorrow", ""},
	}
	for _, test := range tests {
		f := parse(t, oneField("")+"time_zone: "+test.zone+"\n")
		if got := f.DateBound(test.bound, beforeMidnight); got != test.want {
			t.Errorf("%s in %s: got %q, want %q", test.bound, test.zone, got, test.want)
		}
	}
}

func TestCheck_TodayInTheFormsZone(t *testing.T) {
	t.Parallel()
	beforeMidnight := time.Date(2026, time.March, 4, 23, 59, 59, 0, time.UTC)
	src := oneField("type: date\nmax: today") + "time_zone: "
	_, err := parse(t, src+"UTC\n").Check(form.Input{"a": {"2026-03-05"}}, beforeMidnight)
	refused(t, err, "a", form.CodeTooLate, "Must not be in the future")
	if _, err := parse(t, src+"Asia/Ho_Chi_Minh\n").Check(form.Input{"a": {"2026-03-05"}}, beforeMidnight); err != nil {
		t.Errorf("got %v, want it accepted where it is the 5th already", err)
	}
}

func TestCheck_BornOn29February(t *testing.T) {
	t.Parallel()
	f := parse(t, oneField("type: date\nmax: today-18y"))
	tests := []struct {
		born, today string
		adult       bool
	}{
		{"2008-02-29", "2026-02-28", false},
		{"2008-02-29", "2026-03-01", true},
		{"2008-02-29", "2028-02-29", true},
		{"2010-02-28", "2028-02-28", true},
		{"2010-02-28", "2028-02-29", true},
		{"2010-03-01", "2028-02-29", false},
		{"2010-03-01", "2028-03-01", true},
		{"2008-03-04", "2026-03-04", true},
		{"2008-03-05", "2026-03-04", false},
	}
	for _, test := range tests {
		_, err := f.Check(form.Input{"a": {test.born}}, day(t, test.today))
		if got := err == nil; got != test.adult {
			t.Errorf("born %s, on %s: got adult %v, want %v (%v)", test.born, test.today, got, test.adult, err)
		}
	}
	if got := f.DateBound("today+1y", day(t, "2028-02-29")); got != "2029-03-01" {
		t.Errorf("a year after 29 February: got %s, want 2029-03-01", got)
	}
	if got := f.DateBound("today-4y", day(t, "2028-02-29")); got != "2024-02-29" {
		t.Errorf("four years before 29 February: got %s, want 2024-02-29", got)
	}
}

// TestBoundAgreesWithCountingBirthdays compares the bound with the age counted the long way, for every day of five years.
func TestDateBound_AgreesWithAge(t *testing.T) {
	t.Parallel()
	f := parse(t, oneField(""))
	for today := day(t, "2024-01-01"); today.Year() < 2029; today = today.AddDate(0, 0, 1) {
		bound := day(t, f.DateBound("today-18y", today))
		if age(bound, today) < 18 || age(bound.AddDate(0, 0, 1), today) >= 18 {
			t.Errorf("on %s: born %s or before is not the same as being 18", today.Format(time.DateOnly), bound.Format(time.DateOnly))
		}
	}
}

// age counts birthdays; time.Date puts the one of 29 February on 1 March in other years.
func age(born, today time.Time) int {
	years := today.Year() - born.Year()
	if time.Date(today.Year(), born.Month(), born.Day(), 0, 0, 0, 0, time.UTC).After(today) {
		years--
	}
	return years
}

func day(t *testing.T, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
