package form_test

import (
	"testing"
	"time"
)

func TestParseTime_DayBoundaries(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ zone, day, begins, ends string }{
		{"UTC", "2026-03-04", "2026-03-04T00:00:00Z", "2026-03-05T00:00:00Z"},
		{"Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},    // 23 hours
		{"Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},    // 25 hours
		{"America/Santiago", "2026-09-05", "2026-09-05T04:00:00Z", "2026-09-06T04:00:00Z"}, // its last hour belongs to it
		{"America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"}, // begins at one
		{"America/Santiago", "2026-04-04", "2026-04-04T03:00:00Z", "2026-04-05T04:00:00Z"}, // its last hour comes twice
		{"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"},   // its first hour comes twice
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"},     // a day that never was
		{"Pacific/Kiritimati", "2026-01-01", "2025-12-31T10:00:00Z", "2026-01-01T10:00:00Z"},
		{"Asia/Kathmandu", "2026-01-31", "2026-01-30T18:15:00Z", "2026-01-31T18:15:00Z"},
	} {
		f := parse(t, oneField("")+"time_zone: "+test.zone+"\n")
		begins, ok := f.ParseTime(test.day, 0)
		ends, also := f.ParseTime(test.day, 1)
		if got := begins.UTC().Format(time.RFC3339); !ok || got != test.begins {
			t.Errorf("%s in %s begins at %s, want %s", test.day, test.zone, got, test.begins)
		}
		if got := ends.UTC().Format(time.RFC3339); !also || got != test.ends {
			t.Errorf("%s in %s ends at %s, want %s", test.day, test.zone, got, test.ends)
		}
	}
}

func TestParseTime_RefusesWhatIsNoTime(t *testing.T) {
	t.Parallel()
	f := parse(t, oneField(""))
	for _, text := range []string{"", "yesterday", "2026-02-30", "1969-12-31", "2026-03-04T09:00:00", "04.03.2026"} {
		if at, ok := f.ParseTime(text, 0); ok {
			t.Errorf("%q: got %s", text, at)
		}
	}
	if at, ok := f.ParseTime("2026-03-04T09:00:00+07:00", 1); !ok || at.Unix() != 1772589600 {
		t.Errorf("a time is taken as it is: got %s, %t", at, ok)
	}
}
