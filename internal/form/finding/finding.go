// Package finding compares the answers to a form with what was read of its pictures.
package finding

import (
	"slices"
	"strings"
	"time"

	"docket/internal/evidence"
	"docket/internal/form"
)

// Finding is what was read for one field, and how it compares with the answer.
type Finding struct {
	Field  form.Field
	Source form.ReadSource
	Value  evidence.Value // zero: nothing was read
	Said   string         // the answer as it is stored; "" when there is none
	Answer string         // what was read as an answer to the field; "" when it can be none
	Match  evidence.Match
}

// Of is what was read for each field that the form reads, in the order of its fields; in the rows of a group for those that are given, under
// names such as "owners.0.number". Readings are by the field of the picture, in rows such as "owners.0.passport".
func Of(f *form.Form, given form.Input, readings map[string]evidence.Reading, today time.Time) []Finding {
	var found []Finding
	for field := range f.Inputs() {
		if read, ok := f.ReadOf(field.Name); ok && f.Gives(given, field) {
			found = append(found, findingOf(field, read, given.Values(field.Name), readings, today))
		}
	}
	return found
}

// Matches are the matches among findings, by field.
func Matches(found []Finding) map[string]evidence.Match {
	matches := make(map[string]evidence.Match, len(found))
	for _, one := range found {
		matches[one.Field.Name] = one.Match
	}
	return matches
}

// AllMatches are the matches of what the form reads, and of what citizen numbers say, under names such as "number.citizen_number".
func AllMatches(f *form.Form, given form.Input, readings map[string]evidence.Reading, now time.Time) map[string]evidence.Match {
	matches := Matches(Of(f, given, readings, f.ValuesOf(nil, now).Today()))
	for _, one := range Citizens(f, given, now) {
		matches[one.Field.Name+form.CitizenNumberFact] = one.Match
	}
	return matches
}

// Input is checked answers to a form as input.
func Input(f *form.Form, answers form.Answers) form.Input {
	given := make(form.Input, len(answers))
	for _, answer := range f.Each(answers) {
		given[answer.Name] = answer.Texts
	}
	return given
}

func findingOf(field form.Field, read form.Read, given []string, readings map[string]evidence.Reading, today time.Time) Finding {
	found := Finding{Field: field, Said: storedText(field, given, today), Match: evidence.Unread}
	for _, source := range read.Sources {
		value, ok := readings[source.File].Value(source.Reader, source.Name)
		if ok && (found.Value.Text == "" || value.Sure && !found.Value.Sure) { // the first that is sure, else the first
			found.Source, found.Value = source, value
		}
	}
	if found.Value.Text == "" {
		return found
	}
	found.Answer = answerTo(field, found.Value, today)
	if field.OptionsIn(field.Language) == nil {
		found.Match = evidence.Compare(found.Said, found.Value)
	} else { // what is none of the options is not compared
		found.Match = evidence.Compare(found.Said, evidence.Value{Text: found.Answer, Sure: found.Value.Sure})
	}
	return found
}

// storedText is what was given to a field as it is stored; as it was given when it is no answer.
func storedText(field form.Field, given []string, today time.Time) string {
	if len(given) == 0 {
		return ""
	}
	if texts, problem := field.Check(given, today); problem.Code == "" && len(texts) > 0 {
		return texts[0]
	}
	return given[0]
}

// answerTo is what was read as an answer to a field; "" when it is none.
func answerTo(field form.Field, read evidence.Value, today time.Time) string {
	if field.Type == form.Choice {
		for _, option := range field.Options {
			if slices.Contains(wordsFor(read.Text), strings.ToLower(option.Value)) {
				return option.Value
			}
		}
		return ""
	}
	texts, problem := field.Check([]string{read.Text}, today)
	if problem.Code != "" || len(texts) == 0 {
		return ""
	}
	return texts[0]
}

// wordsFor are the values of options that mean what was read.
func wordsFor(read string) []string {
	switch read {
	case "female":
		return []string{"female", "f", "woman"}
	case "male":
		return []string{"male", "m", "man"}
	}
	return []string{strings.ToLower(read)}
}

// Proposes reports whether a page proposes what was read: nothing is answered yet, and it is sure.
func (f Finding) Proposes() bool { return f.Said == "" && f.Answer != "" && f.Value.Sure }
