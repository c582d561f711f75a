package sla

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Hours are the hours of a week in which people work.
type Hours struct {
	zone  *time.Location
	spans []span
}

// span is a part of one day.
type span struct {
	day      time.Weekday
	from, to time.Duration // since midnight, as a clock on the wall shows it
}

// ErrHours is the problem of a text that says no hours.
var ErrHours = errors.New("these are no hours")

var hoursPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:-(Mon|Tue|Wed|Thu|Fri|Sat|Sun))? (\d{2}:\d{2})-(\d{2}:\d{2})$`)
})

var weekdays = []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}

// ParseHours reads hours such as "Mon-Fri 08:00-18:00, Sat 09:00-12:00", in a zone. It returns ErrHours for any other text, and when
// two of them overlap.
func ParseHours(text string, zone *time.Location) (Hours, error) {
	h := Hours{zone: zone}
	for part := range strings.SplitSeq(text, ",") {
		spans, ok := parseSpans(strings.TrimSpace(part))
		if !ok {
			return Hours{}, ErrHours
		}
		h.spans = append(h.spans, spans...)
	}
	slices.SortFunc(h.spans, func(a, b span) int {
		return int((time.Duration(a.day-b.day)*24*time.Hour + a.from - b.from) / time.Minute)
	})
	for i, s := range h.spans[1:] {
		if s.day == h.spans[i].day && s.from < h.spans[i].to {
			return Hours{}, ErrHours
		}
	}
	return h, nil
}

func parseSpans(text string) (spans []span, ok bool) {
	parts := hoursPattern().FindStringSubmatch(text)
	if parts == nil {
		return nil, false
	}
	from, fromOK := parseClock(parts[3])
	to, toOK := parseClock(parts[4])
	if !fromOK || !toOK || from >= to {
		return nil, false
	}
	first := slices.Index(weekdays, parts[1])
	last := first
	if parts[2] != "" {
		last = slices.Index(weekdays, parts[2])
	}
	for day := first; ; day = (day + 1) % 7 {
		spans = append(spans, span{time.Weekday(day), from, to})
		if day == last {
			return spans, true
		}
	}
}

// parseClock reads HH:MM up to 24:00.
func parseClock(text string) (time.Duration, bool) {
	if text == "24:00" {
		return 24 * time.Hour, true
	}
	at, err := time.Parse("15:04", text)
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute, err == nil
}

// mostDays is how far back a time of work is looked for.
const mostDays = 400

// before is the latest time from which to now so many hours of work have passed.
func (h Hours) before(now time.Time, work time.Duration) time.Time {
	day := now.In(h.zone)
	for range mostDays {
		for _, s := range slices.Backward(h.spans) {
			if s.day != day.Weekday() {
				continue
			}
			from, to := h.at(day, s.from), h.at(day, s.to)
			if to.After(now) {
				to = now
			}
			worked := to.Sub(from)
			if worked >= work && worked > 0 {
				return to.Add(-work)
			}
			work -= max(worked, 0)
		}
		day = day.AddDate(0, 0, -1)
	}
	return day
}

// at is a time of a day as a clock on the wall shows it.
func (h Hours) at(day time.Time, since time.Duration) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), int(since/time.Hour), int(since%time.Hour/time.Minute), 0, 0, h.zone)
}
