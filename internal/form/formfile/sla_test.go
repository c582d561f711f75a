package formfile_test

import (
	"strings"
	"testing"
	"time"

	"docket/internal/form/formfile"
	"docket/internal/sla"
)

func TestSLA_Read(t *testing.T) {
	t.Parallel()
	const head = "name: x\ntitle: X\nfields: [{name: a, label: A}]\n"
	f, err := formfile.Parse([]byte(head + `sla: {warn: 90m, late: 2d}`))
	if err != nil {
		t.Fatal(err)
	}
	if f.SLA.Warn != 90*time.Minute || f.SLA.Late != 48*time.Hour {
		t.Errorf("read %+v", f.SLA)
	}
	f, err = formfile.Parse([]byte(head + "time_zone: Asia/Ho_Chi_Minh\n" + `sla: {late: 8h, hours: "Mon-Fri 08:00-18:00"}`))
	if err != nil {
		t.Fatal(err)
	}
	monday := time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC) // 12:00 there
	if got := f.SLA.LevelOf(monday.Add(-72*time.Hour), monday); got != sla.Late {
		t.Errorf("level %s", got)
	}
	if got, want := f.SLA.LateBefore(monday), time.Date(2026, 2, 27, 7, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("late before %s, want %s", got, want)
	}
	for text, want := range map[string]string{
		"sla: {}":                       `line 4, column 6: "sla" needs "late" or "warn"`,
		"sla: {warn: 8h, late: 8h}":     `line 4, column 13: "warn" must be shorter than "late"`,
		"sla: {late: 8 hours}":          `line 4, column 13: "late" must be a number of minutes`,
		"sla: {late: 8h, hours: Mon}":   `line 4, column 24: "hours" must be days and hours`,
		"sla: {late: 8h, holidays: []}": `unknown key "holidays"`,
	} {
		if _, err := formfile.Parse([]byte(head + text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
