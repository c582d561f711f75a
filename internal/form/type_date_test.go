package form_test

import (
	"encoding/json"
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

func TestDate_Partial(t *testing.T) {
	t.Parallel()
	partial := "type: date\npartial: true\nmin: 1900-01-01\nmax: today"
	for _, c := range []struct{ given, want, code string }{
		{"1985", "1985", ""},
		{"1985-03", "1985-03", ""},
		{"1985-03-07", "1985-03-07", ""},
		{"1985-00-00", "1985", ""},
		{"１９８５", "1985", ""},
		{"1900", "1900", ""},
		{"1899", "", form.CodeTooEarly},
		{noon.Format("2006"), noon.Format("2006"), ""}, // it may have been before today
		{noon.AddDate(1, 0, 0).Format("2006"), "", form.CodeTooLate},
		{"1985-13", "", form.CodeNotADate},
		{"85", "", form.CodeNotADate},
	} {
		field, _ := parse(t, oneField(partial)).Field("a")
		kept, problem := field.Check([]string{c.given}, noon)
		if problem.Code != c.code || c.want != "" && (len(kept) != 1 || kept[0] != c.want) {
			t.Errorf("%s: got %v, %s, want %s, %s", c.given, kept, problem.Code, c.want, c.code)
		}
	}
	field, _ := parse(t, oneField("type: date")).Field("a")
	for _, given := range []string{"1985", "1985-03", "1985-03-00"} {
		if kept, problem := field.Check([]string{given}, noon); problem.Code != form.CodeNotADate {
			t.Errorf("a whole date is asked for, %s is kept as %v", given, kept)
		}
	}
}

func TestDate_PartialShown(t *testing.T) {
	t.Parallel()
	f := parse(t, oneField("type: date\npartial: true"))
	for given, want := range map[string]string{"1985": "1985", "1985-03": "March 1985", "1985-03-07": "7 March 1985"} {
		if got := f.Show(json.RawMessage(`{"a":"` + given + `"}`))[0].Rows[0].Text; got != want {
			t.Errorf("%s is shown as %q, want %q", given, got, want)
		}
	}
}

func TestDate_PartialValues(t *testing.T) {
	t.Parallel()
	f := parse(t, oneField("type: date\npartial: true"))
	at := func(text string) time.Time { return day(t, text) }
	for given, want := range map[string][3]any{
		"1984-02":    {nil, at("1984-02-01"), at("1984-02-29")},
		"1984":       {nil, at("1984-01-01"), at("1984-12-31")},
		"1984-02-03": {at("1984-02-03"), at("1984-02-03"), at("1984-02-03")},
		"":           {nil, nil, nil},
	} {
		answers, err := f.Check(form.Input{"a": {given}}, noon)
		if err != nil {
			t.Fatal(err)
		}
		values := f.ValuesOf(answers, noon)
		own, _ := values.Value("a")
		first, _ := values.Part("a.first")
		last, known := values.Part("a.last")
		if got := [3]any{own, first, last}; got != want || !known {
			t.Errorf("%q: conditions see %v, want %v", given, got, want)
		}
	}
}
