package form

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"docket/internal/i18n"
)

// Date is a day.
const Date Type = "date"

// The problems of dates.
const (
	CodeNotADate = "not_a_date"
	CodeTooEarly = "too_early"
	CodeTooLate  = "too_late"
)

func dateType() fieldType {
	return fieldType{
		name: Date, keys: []string{"min", "max"}, bound: readDateBound, crossed: dateBoundsCrossed,
		plain: true, check: checkDate, codes: []string{CodeNotADate, CodeTooEarly, CodeTooLate},
		show: showDate, schema: dateSchema, kind: KindDate, value: dateValue,
		control: func(*Field) Control { return Control{Element: ElementInput, InputType: "date", HasDateBounds: true} },
	}
}

// ParseDate reads a date of the years 1000 to 9999 that exists, written YYYY-MM-DD: its midnight in UTC.
func ParseDate(text string) (time.Time, bool) {
	day, err := time.Parse(time.DateOnly, text)
	return day, err == nil && day.Year() >= 1000
}

// dateBound is one end of a range of dates: a fixed day, or one that moves with today.
type dateBound struct {
	day         time.Time // of a fixed day
	moving      bool
	years, days int
}

var movingDate = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^today(?:([+-]\d{1,4})y|([+-]\d{1,6})d)?$`)
})

// parseDateBound reads "2020-01-31", "today", "today-120y" or "today+30d"; at most 500 years away.
func parseDateBound(text string) (dateBound, bool) {
	if day, ok := ParseDate(text); ok {
		return dateBound{day: day}, true
	}
	parts := movingDate().FindStringSubmatch(text)
	if parts == nil {
		return dateBound{}, false
	}
	years, _ := strconv.Atoi(parts[1]) // Empty is zero.
	days, _ := strconv.Atoi(parts[2])
	return dateBound{moving: true, years: years, days: days}, max(years, -years) <= 500 && max(days, -days) <= 500*365
}

// on is the day that b means when today is that day. A person born on 29 February has a birthday on 1 March in other
// years: n years after 29 February is 1 March, and n years before it is 28 February, as a person born on 1 March is not
// n years old yet.
func (b dateBound) on(today time.Time) time.Time {
	if !b.moving {
		return b.day
	}
	day := today.AddDate(b.years, 0, b.days)
	if b.years < 0 && day.Day() != today.Day() {
		day = day.AddDate(0, 0, -1)
	}
	return day
}

func readDateBound(_ *Field, text string) (bound, mistake string) {
	if _, ok := parseDateBound(text); !ok {
		return "", fmt.Sprintf("must be a date such as 2020-01-31, today, today-18y or today+30d, not %q", text)
	}
	return text, ""
}

// dateBoundsCrossed reports whether low is after high. A fixed and a moving date cannot be compared once and for all.
func dateBoundsCrossed(low, high string) bool {
	someDay := time.Date(2025, time.June, 15, 0, 0, 0, 0, time.UTC)
	first, _ := parseDateBound(low)
	last, _ := parseDateBound(high)
	return first.moving == last.moving && first.on(someDay).After(last.on(someDay))
}

// checkDate checks a date against the bounds of a field.
func checkDate(f *Field, text string, today time.Time) (string, Problem) {
	day, ok := ParseDate(text)
	if !ok {
		return "", newProblem(CodeNotADate, "answer.no_date")
	}
	if low, bounded := parseDateBound(f.Min); bounded && day.Before(low.on(today)) {
		return "", newProblem(CodeTooEarly, "answer.too_early", "Day", low.on(today))
	}
	if high, bounded := parseDateBound(f.Max); bounded && day.After(high.on(today)) {
		if f.Max == "today" {
			return "", newProblem(CodeTooLate, "answer.in_future")
		}
		return "", newProblem(CodeTooLate, "answer.too_late", "Day", high.on(today))
	}
	return text, Problem{}
}

func showDate(_ *Field, text string, words *i18n.Words) string {
	if day, ok := ParseDate(text); ok {
		return words.LongDay(day)
	}
	return text
}

// dateSchema says in words what bounds a date, as the bounds may move with today.
func dateSchema(f *Field, schema map[string]any) (note string) {
	schema["format"] = "date"
	return boundsInWords(f)
}

// boundsInWords says what bounds a day or a time.
func boundsInWords(f *Field) string {
	var notes []string
	if f.Min != "" {
		notes = append(notes, "Not before "+f.Min+".")
	}
	if f.Max != "" {
		notes = append(notes, "Not after "+f.Max+".")
	}
	return strings.Join(notes, " ")
}

func dateValue(text string) any {
	if day, ok := ParseDate(text); ok {
		return day
	}
	return nil
}
