package sla_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"docket/internal/sla"
)

func TestLevelOf_AllHours(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC) // a Wednesday
	s := sla.SLA{Warn: 8 * time.Hour, Late: 24 * time.Hour}
	for waited, want := range map[time.Duration]sla.Level{
		0: sla.InTime, 8*time.Hour - time.Second: sla.InTime, 8 * time.Hour: sla.Soon, 24*time.Hour - time.Second: sla.Soon, 24 * time.Hour: sla.Late, 900 * time.Hour: sla.Late,
	} {
		if got := s.LevelOf(now.Add(-waited), now); got != want {
			t.Errorf("after %s: %s, want %s", waited, got, want)
		}
	}
	if got := (sla.SLA{}).LevelOf(now.AddDate(-1, 0, 0), now); got != sla.InTime {
		t.Errorf("where nothing is promised: %s", got)
	}
}

func TestLateBefore_WorkingHours(t *testing.T) {
	t.Parallel()
	hanoi, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		t.Fatal(err)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		hours     string
		zone      *time.Location
		late      time.Duration
		now, want string
	}{
		"within a day":             {"Mon-Fri 08:00-18:00", hanoi, 3 * time.Hour, "2026-03-04T12:00", "2026-03-04T09:00"},
		"over a night":             {"Mon-Fri 08:00-18:00", hanoi, 8 * time.Hour, "2026-03-04T12:00", "2026-03-03T14:00"},
		"over a weekend":           {"Mon-Fri 08:00-18:00", hanoi, 8 * time.Hour, "2026-03-02T12:00", "2026-02-27T14:00"},
		"on a Sunday":              {"Mon-Fri 08:00-18:00", hanoi, 8 * time.Hour, "2026-03-01T12:00", "2026-02-27T10:00"},
		"before work":              {"Mon-Fri 08:00-18:00", hanoi, 1 * time.Hour, "2026-03-04T07:00", "2026-03-03T17:00"},
		"with a break at noon":     {"Mon-Fri 08:00-12:00, Mon-Fri 13:00-17:00", hanoi, 5 * time.Hour, "2026-03-04T14:00", "2026-03-04T08:00"},
		"with a Saturday":          {"Mon-Fri 08:00-18:00, Sat 09:00-12:00", hanoi, 4 * time.Hour, "2026-03-02T09:00", "2026-02-28T09:00"},
		"round the weekend":        {"Sat-Mon 00:00-24:00", hanoi, 30 * time.Hour, "2026-03-03T12:00", "2026-03-01T18:00"},
		"the night of summer time": {"Sun 00:00-24:00", berlin, 23 * time.Hour, "2026-03-30T12:00", "2026-03-29T00:00"},
	} {
		hours, err := sla.ParseHours(c.hours, c.zone)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		at := func(text string) time.Time {
			when, err := time.ParseInLocation("2006-01-02T15:04", text, c.zone)
			if err != nil {
				t.Fatal(err)
			}
			return when
		}
		if got := (sla.SLA{Late: c.late, Hours: hours}).LateBefore(at(c.now)); !got.Equal(at(c.want)) {
			t.Errorf("%s: %s, want %s", name, got.In(c.zone), c.want)
		}
	}
}

func TestParseHours_Mistakes(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "Mon", "08:00-18:00", "Mon-Fri 18:00-08:00", "Mon-Fri 8:00-18:00", "Mon-Fri 08:00-25:00", "mon-fri 08:00-18:00", "Mon 08:00-18:00, ", "Mon-Fri 08:00-18:00, Wed 12:00-20:00"} {
		if _, err := sla.ParseHours(text, time.UTC); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}
