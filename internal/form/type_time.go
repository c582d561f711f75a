package form

import (
	"fmt"
	"time"

	"docket/internal/i18n"
)

// Clock is a time of day, kept as HH:MM. DateTime is a day and a time in the form's zone, kept as RFC 3339 with its distance from UTC.
const (
	Clock    Type = "time"
	DateTime Type = "datetime"
)

// CodeNotATime is the problem of what is no time.
const CodeNotATime = "not_a_time"

const clockLayout, localLayout = "15:04", "2006-01-02T15:04"

func timeType() fieldType {
	return fieldType{
		name: Clock, keys: []string{"min", "max"}, maxLength: 8, bound: readTimeBound, crossed: func(low, high string) bool { return low > high },
		plain: true, check: checkTime, codes: []string{CodeNotATime, CodeTooEarly, CodeTooLate},
		schema: func(f *Field, schema map[string]any) string {
			schema["pattern"] = "^([01]?[0-9]|2[0-3]):[0-5][0-9](:00)?$"
			return boundsInWords(f)
		},
		kind: KindTime, value: func(text string) any {
			if text == "" {
				return nil
			}
			return text
		},
		control: func(f *Field) Control {
			return Control{Element: ElementInput, InputType: "time", Min: f.Min, Max: f.Max}
		},
	}
}

// parseClock reads a time of day; the seconds are zero, if there are any.
func parseClock(text string) (clock string, ok bool) {
	for _, layout := range []string{clockLayout, "15:04:05"} {
		if at, err := time.Parse(layout, text); err == nil && at.Second() == 0 {
			return at.Format(clockLayout), true
		}
	}
	return "", false
}

func readTimeBound(_ *Field, text string) (bound, mistake string) {
	clock, ok := parseClock(text)
	if !ok {
		return "", fmt.Sprintf("must be a time in quotes such as \"08:30\", not %q", text)
	}
	return clock, ""
}

func checkTime(f *Field, text string, _ time.Time) (string, Problem) {
	clock, ok := parseClock(text)
	switch {
	case !ok:
		return "", newProblem(CodeNotATime, "answer.no_time")
	case f.Min != "" && clock < f.Min:
		return "", newProblem(CodeTooEarly, "answer.too_early_time", "Time", f.Min)
	case f.Max != "" && clock > f.Max:
		return "", newProblem(CodeTooLate, "answer.too_late_time", "Time", f.Max)
	}
	return clock, Problem{}
}

func dateTimeType() fieldType {
	t := dateType()
	t.name, t.keys, t.parts = DateTime, []string{"min", "max"}, nil
	t.check, t.codes = checkDateTime, []string{CodeNotATime, CodeTooEarly, CodeTooLate}
	t.show, t.value, t.input = showDateTime, dateTimeValue, localTime
	t.schema = func(f *Field, schema map[string]any) string {
		schema["format"] = "date-time"
		return boundsInWords(f)
	}
	t.control = func(*Field) Control { return Control{Element: ElementInput, InputType: "datetime-local"} }
	return t
}

// parseLocal reads a day and a time in a zone, or anywhere when it says its distance from UTC. False: it is none, or clocks in the
// zone leave it out.
func parseLocal(text string, zone *time.Location) (at time.Time, ok bool) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		at = at.In(zone)
		return at, at.Year() >= 1000 && at.Year() < 10_000
	}
	for _, layout := range []string{localLayout, "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		at, err := time.ParseInLocation(layout, text, zone)
		if err == nil {
			return at, at.Format(layout) == text && at.Year() >= 1000
		}
	}
	return time.Time{}, false
}

// location is the zone of the form that f is in.
func (f *Field) location() *time.Location {
	if f.Zone == nil {
		return time.UTC
	}
	return f.Zone
}

// checkDateTime checks a time. Its bounds are days of the form's zone.
func checkDateTime(f *Field, text string, today time.Time) (string, Problem) {
	at, ok := parseLocal(text, f.location())
	if !ok {
		return "", newProblem(CodeNotATime, "answer.no_date_time")
	}
	if _, problem := checkDate(f, at.Format(time.DateOnly), today); problem.Code != "" {
		return "", problem
	}
	return at.Format(time.RFC3339), Problem{}
}

func showDateTime(f *Field, text string, words *i18n.Words) string {
	if at, ok := parseLocal(text, f.location()); ok {
		return words.Clock(at)
	}
	return text
}

// localTime is a stored time as a page asks for it.
func localTime(f *Field, text string) string {
	if at, ok := parseLocal(text, f.location()); ok {
		return at.Format(localLayout)
	}
	return text
}

// dateTimeValue is what the clocks of the form's zone show, as a time in UTC: so it compares with days and with today.
func dateTimeValue(text string) any {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		_, offset := at.Zone()
		return at.Add(time.Duration(offset) * time.Second).UTC()
	}
	return nil
}
