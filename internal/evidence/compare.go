package evidence

import (
	"slices"
	"strings"
)

// Match is how an answer and what was read compare.
type Match string

// The matches. Near is a difference of the kind that reading or writing makes: other spellings of a name, O for 0, a day of which
// only the year is known. Unread: nothing was read that is sure enough, or nothing was answered.
const (
	Agrees  Match = "match"
	Near    Match = "near"
	Differs Match = "differs"
	Unread  Match = "unread"
)

// Matches lists every match.
func Matches() []Match { return []Match{Agrees, Near, Differs, Unread} }

// Compare compares an answer, as it is stored, with what was read.
func Compare(said string, read Value) Match {
	if strings.TrimSpace(said) == "" || read.Text == "" {
		return Unread
	}
	match := compareTexts(said, read)
	switch {
	case match == Differs && !read.Sure:
		return Unread
	case match == Differs && read.Mended && len(said) < 2*len(read.Text) && distance(said, read.Text) == 1:
		return Near // the letter that was mended may be the other one
	}
	return match
}

func compareTexts(said string, read Value) Match {
	switch {
	case IsDate(read.Name):
		return compareDates(said, read.Text)
	case read.Name == Name || read.Name == Surname || read.Name == Given:
		return compareNames(said, read.Text)
	case read.Name == Number || read.Name == OldNumber || read.Name == PersonalNumber:
		return compareNumbers(said, read.Text)
	case read.Name == Address:
		return compareAddresses(said, read.Text)
	case strings.EqualFold(said, read.Text):
		return Agrees
	case slices.Contains(british, said) && slices.Contains(british, read.Text):
		return Near
	}
	return Differs
}

// british are the codes of documents for the kinds of British nationality, of which people know one.
var british = []string{"GBR", "GBD", "GBN", "GBO", "GBP", "GBS"}

// compareDates takes a day of which only the beginning is known, or the century was guessed wrongly, for near.
func compareDates(said, read string) Match {
	switch {
	case said == read:
		return Agrees
	case strings.HasPrefix(said, read), strings.HasPrefix(read, said), len(said) == len(read) && len(said) > 2 && said[2:] == read[2:]:
		return Near
	}
	return Differs
}

// lookAlikes are letters that stand for the digits that look like them.
var lookAlikes = strings.NewReplacer("O", "0", "Q", "0", "D", "0", "I", "1", "L", "1", "Z", "2", "S", "5", "G", "6", "B", "8")

// compareNumbers compares letters and digits alone. Letters that look like digits make a number near.
func compareNumbers(said, read string) Match {
	said, read = numberLetters(said), numberLetters(read)
	switch {
	case said == read:
		return Agrees
	case lookAlikes.Replace(said) == lookAlikes.Replace(read):
		return Near
	}
	return Differs
}
