package form

import (
	"fmt"
	"strings"
	"time"

	"docket/internal/form/day"
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
		name: Date, keys: []string{"min", "max"}, bound: readDateBound, crossed: day.BoundsCrossed,
		plain: true, check: checkDate, codes: []string{CodeNotADate, CodeTooEarly, CodeTooLate},
		show: showDate, schema: dateSchema, kind: KindDate, value: dateValue,
		control: func(*Field) Control { return Control{Element: ElementInput, InputType: "date", HasDateBounds: true} },
	}
}

func readDateBound(_ *Field, text string) (bound, mistake string) {
	if _, ok := day.ParseBound(text); !ok {
		return "", fmt.Sprintf("must be a date such as 2020-01-31, today, today-18y or today+30d, not %q", text)
	}
	return text, ""
}

// checkDate checks a date against the bounds of a field.
func checkDate(f *Field, text string, today time.Time) (string, Problem) {
	at, ok := day.Parse(text)
	if !ok {
		return "", newProblem(CodeNotADate, "answer.no_date")
	}
	if low, bounded := day.ParseBound(f.Min); bounded && at.Before(low.On(today)) {
		return "", newProblem(CodeTooEarly, "answer.too_early", "Day", low.On(today))
	}
	if high, bounded := day.ParseBound(f.Max); bounded && at.After(high.On(today)) {
		if f.Max == "today" {
			return "", newProblem(CodeTooLate, "answer.in_future")
		}
		return "", newProblem(CodeTooLate, "answer.too_late", "Day", high.On(today))
	}
	return text, Problem{}
}

func showDate(_ *Field, text string, words *i18n.Words) string {
	if at, ok := day.Parse(text); ok {
		return words.LongDay(at)
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
	if at, ok := day.Parse(text); ok {
		return at
	}
	return nil
}
