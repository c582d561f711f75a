// Package search says by which words a ticket is found, what a person who searches asks for, and which answers tell that two
// tickets are of the same person.
package search

import (
	"strings"
	"unicode"

	"docket/internal/form"
	"docket/internal/form/phone"
	"docket/internal/plaintext"
	"docket/internal/ticket"
)

const (
	maxWord   = 60 // of the letters of a word, more are not compared
	maxWords  = 24 // of one answer
	maxAsked  = 8  // words of a search
	minWhole  = 4  // letters and digits of a number that is found whole
	phoneTail = 8  // digits that two ways to write a telephone number share
	phonePlus = "tel:"
	wholeMark = "="
)

// isPartOfWord reports whether r is a letter, a digit or a mark that a letter of its script needs.
func isPartOfWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// splitWords are the words of a text, folded.
func splitWords(text string) (words []string) {
	text = strings.ReplaceAll(text, "№", " ") // folded, it would become the letters of "no"
	for _, word := range strings.FieldsFunc(plaintext.Fold(text), func(r rune) bool { return !isPartOfWord(r) }) {
		if letters := []rune(word); len(letters) > maxWord {
			word = string(letters[:maxWord])
		}
		words = append(words, word)
	}
	return words
}

// joinLetters is a text without anything but its letters and digits, folded: "B 12-34" is "b1234".
func joinLetters(text string) string { return strings.Join(splitWords(text), "") }

// wholeOf is how a number or an address is found that is given whole; empty for a text that is neither.
func wholeOf(text string) string {
	joined := joinLetters(text)
	if !strings.ContainsRune(text, '@') && !strings.ContainsFunc(joined, unicode.IsDigit) || len(joined) < minWhole {
		return ""
	}
	return wholeMark + joined
}

// phoneOf is how a telephone number is found, with or without the code of its country; empty when it is none.
func phoneOf(text string) string {
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case strings.ContainsRune(" +().-/", r):
			return -1
		}
		return unicode.ReplacementChar
	}, phone.Main(text))
	if len(digits) < phoneTail || strings.ContainsRune(digits, unicode.ReplacementChar) {
		return ""
	}
	return wholeMark + phonePlus + digits[len(digits)-phoneTail:]
}

// Index is what a submission is found by: the answers to the fields that the form marks, and those by which lists are filtered.
func Index(f *form.Form, answers form.Answers) (words, whole []string) {
	for field, answer := range f.Each(answers) {
		if !field.Search {
			continue
		}
		for _, text := range answer.Texts {
			found := splitWords(text)
			words = append(words, found[:min(len(found), maxWords)]...)
			whole = appendWhole(whole, wholeOf(text))
			if answer.Type == form.Tel {
				whole = appendWhole(whole, phoneOf(text))
			}
		}
	}
	for _, answer := range answers {
		if field, known := f.Field(answer.Name); known && isFilter(field) {
			for _, text := range answer.Texts {
				whole = appendWhole(whole, ticket.AnswerLexeme(answer.Name, text))
			}
		}
	}
	return words, whole
}

// isFilter reports whether lists of tickets can be filtered by the answers to a field.
func isFilter(field form.Field) bool {
	return field.Rows == nil && (field.Type == form.Choice && field.OptionsFrom == "" || field.Type == form.MultiChoice)
}

func appendWhole(whole []string, text string) []string {
	if text == "" {
		return whole
	}
	return append(whole, text)
}
