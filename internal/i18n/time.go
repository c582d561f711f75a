package i18n

import (
	"strings"
	"time"
)

// Clock is a moment to the minute, in the zone that t is in.
func (w *Words) Clock(t time.Time) string { return w.format("date.clock", t) }

// LongDay is a date with its month in letters.
func (w *Words) LongDay(t time.Time) string { return w.format("date.long", t) }

// format is a moment in a layout of the time package, with the month in this language.
func (w *Words) format(layout string, t time.Time) string {
	text := t.Format(strings.ReplaceAll(strings.ReplaceAll(w.T(layout), "January", "\x00"), "Jan", "\x01"))
	for mark, list := range map[string]string{"\x00": "date.months", "\x01": "date.short_months"} {
		if strings.Contains(text, mark) {
			text = strings.ReplaceAll(text, mark, strings.Split(w.T(list), "|")[t.Month()-1])
		}
	}
	return text
}

// Ago is a moment of the past, counted from now in the coarsest words that still help.
func (w *Words) Ago(now, t time.Time) string {
	const day = 24 * time.Hour
	d := now.Sub(t)
	switch {
	case d < time.Minute:
		return w.T("ago.now")
	case d < time.Hour:
		return w.T("ago.minutes", "Count", int(d/time.Minute))
	case d < 48*time.Hour:
		return w.T("ago.hours", "Count", int(d/time.Hour))
	case d < 60*day:
		return w.T("ago.days", "Count", int(d/day))
	case d < 730*day:
		return w.T("ago.months", "Count", int(d/(30*day)))
	}
	return w.T("ago.years", "Count", int(d/(365*day)))
}
