package i18n

import (
	"math"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// Clock is a time to the minute, in the zone that t is in.
func (w *Words) Clock(t time.Time) string { return w.formatTime("date.clock", t) }

// ShortClock is Clock without the year.
func (w *Words) ShortClock(t time.Time) string { return w.formatTime("date.short_clock", t) }

// Day is a date as tables show it.
func (w *Words) Day(t time.Time) string { return w.formatTime("date.day", t) }

// LongDay is a date with its month in letters.
func (w *Words) LongDay(t time.Time) string { return w.formatTime("date.long", t) }

// LongMonth is a month in letters with its year.
func (w *Words) LongMonth(t time.Time) string { return w.formatTime("date.month", t) }

// ShortDay is a date without the year, as charts show it.
func (w *Words) ShortDay(t time.Time) string { return w.formatTime("date.short_day", t) }

// formatTime is a time in a layout of the time package, with the month in this language.
func (w *Words) formatTime(layout string, t time.Time) string {
	format := w.T(layout)
	if before, after, found := strings.Cut(format, "January"); found {
		return t.Format(before) + w.months[t.Month()-1] + t.Format(after)
	}
	if before, after, found := strings.Cut(format, "Jan"); found {
		return t.Format(before) + w.shortMonths[t.Month()-1] + t.Format(after)
	}
	return t.Format(format)
}

// Ago is how long before now a time was, in the coarsest words that still help.
func (w *Words) Ago(now, t time.Time) string {
	unit, count := coarsestUnit(now.Sub(t))
	if unit == "seconds" {
		return w.T("ago.now")
	}
	return w.T("ago."+unit, "Count", count)
}

// Age is Ago, as short as tables need it.
func (w *Words) Age(now, t time.Time) string {
	if now.Sub(t) < time.Minute {
		return w.T("ago.now")
	}
	return w.T("span.ago", "Span", w.Span(now.Sub(t)))
}

// Span is a length of time in the coarsest unit that still helps, as short as tables need it.
func (w *Words) Span(d time.Duration) string {
	unit, count := coarsestUnit(d)
	return w.T("span."+unit, "Count", count)
}

// coarsestUnit is the coarsest unit in which a length of time still helps, and how many of it there are; of less than a minute none.
func coarsestUnit(d time.Duration) (unit string, count int) {
	switch {
	case d < time.Minute:
		return "seconds", 0
	case d < time.Hour:
		return "minutes", int(d / time.Minute)
	case d < 48*time.Hour:
		return "hours", int(d / time.Hour)
	case d < 60*day:
		return "days", int(d / day)
	case d < 730*day:
		return "months", int(d / (30 * day))
	}
	return "years", int(d / (365 * day))
}

// Length is a length of time to two or three digits.
func (w *Words) Length(d time.Duration) string {
	switch {
	case d < time.Minute:
		return w.T("length.seconds", "Number", strconv.Itoa(int(d/time.Second)))
	case d < time.Hour:
		return w.T("length.minutes", "Number", strconv.Itoa(int(d.Round(time.Minute)/time.Minute)))
	case d < 48*time.Hour:
		return w.T("length.hours", "Number", w.shortDecimal(d.Hours()))
	}
	return w.T("length.days", "Number", w.shortDecimal(d.Hours()/24))
}

// shortDecimal is a number with a decimal place below ten.
func (w *Words) shortDecimal(v float64) string {
	if v < 9.95 {
		return w.Decimal(v, 1)
	}
	return w.Decimal(v, 0)
}

// Wait is how long to wait, in seconds up to a minute and in minutes from there on, rounded up.
func (w *Words) Wait(d time.Duration) string {
	if d <= time.Minute {
		return w.T("wait.seconds", "Count", int(math.Ceil(d.Seconds())))
	}
	return w.T("wait.minutes", "Count", int(math.Ceil(d.Minutes())))
}
