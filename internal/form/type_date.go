package form

import (
	"fmt"
	"strings"
	"time"

	"docket/internal/form/dateparts"
	"docket/internal/form/day"
	"docket/internal/i18n"
)

// Date is a day; of a field that is Partial, a month or a year, too.
const Date Type = "date"

// The problems of dates.
const (
	CodeNotADate = "not_a_date"
	CodeTooEarly = "too_early"
	CodeTooLate  = "too_late"
)

func dateType() fieldType {
	return fieldType{
		name: Date, keys: []string{"min", "max", "partial"}, bound: readDateBound, crossed: day.BoundsCrossed,
		plain: true, check: checkDate, codes: []string{CodeNotADate, CodeTooEarly, CodeTooLate},
		show: showDate, schema: dateSchema, kind: KindDate, value: dateValue,
		parts: func(f *Field) []part {
			if !f.Partial {
				return nil
			}
			return []part{{"first", KindDate, day.FirstOf}, {"last", KindDate, day.LastOf}}
		},
		fold: dateparts.Fold,
		control: func(f *Field) Control {
			if f.Partial || f.Autocomplete == "bday" { // which people know, and no calendar finds quickly
				return Control{Element: ElementDateParts}
			}
			return Control{Element: ElementInput, InputType: "date", HasDateBounds: true}
		},
	}
}

func readDateBound(_ *Field, text string) (bound, mistake string) {
	if _, ok := day.ParseBound(text); !ok {
		return "", fmt.Sprintf("must be a date such as 2020-01-31, today, today-18y, today-3m or today+30d, not %q", text)
	}
	return text, ""
}

// checkDate checks a date against the bounds of a field: of a partial one, whether a day that it may be is within them.
func checkDate(f *Field, text string, today time.Time) (string, Problem) {
	date, ok := day.ParsePartial(text)
	switch {
	case f.Partial && !ok:
		return "", newProblem(CodeNotADate, "answer.no_partial_date")
	case f.Autocomplete == "bday" && !f.Partial && (!ok || date.First.Format(time.DateOnly) != text):
		return "", newProblem(CodeNotADate, "answer.no_date_parts")
	case !ok || !f.Partial && date.First.Format(time.DateOnly) != text:
		return "", newProblem(CodeNotADate, "answer.no_date")
	}
	if low, bounded := day.ParseBound(f.Min); bounded && date.Last.Before(low.On(today)) {
		return "", newProblem(CodeTooEarly, "answer.too_early", "Day", low.On(today))
	}
	if high, bounded := day.ParseBound(f.Max); bounded && date.First.After(high.On(today)) {
		if f.Max == "today" {
			return "", newProblem(CodeTooLate, "answer.in_future")
		}
		return "", newProblem(CodeTooLate, "answer.too_late", "Day", high.On(today))
	}
	return date.String(), Problem{}
}

func showDate(_ *Field, text string, words *i18n.Words) string {
	date, ok := day.ParsePartial(text)
	switch {
	case !ok || !date.HasMonth():
		return text
	case !date.Whole():
		return words.LongMonth(date.First)
	}
	return words.LongDay(date.First)
}

// dateSchema says in words what bounds a date, as the bounds may move with today.
func dateSchema(f *Field, schema map[string]any) (note string) {
	if f.Partial {
		return strings.TrimSpace("YYYY-MM-DD, or YYYY-MM or YYYY where no more is known. " + boundsInWords(f))
	}
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

// dateValue is a day; nil when it is not known.
func dateValue(text string) any {
	if at, ok := day.Parse(text); ok {
		return at
	}
	return nil
}
