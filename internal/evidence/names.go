package evidence

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"docket/internal/mrz"
	"docket/internal/plaintext"
)

// compareNames compares names however their words are ordered, in each spelling that they may have in Latin letters. Near are names of
// which one has words that the other leaves out, or that differ in a letter or two. Of a script without Latin spellings nothing is compared.
func compareNames(said, read string) Match {
	saidSpellings, readSpellings := spellings(said), spellings(read)
	if len(saidSpellings) == 0 || len(readSpellings) == 0 {
		return Unread
	}
	match := Differs
	for _, s := range saidSpellings {
		for _, r := range readSpellings {
			switch compareWords(s, r) {
			case Agrees:
				return Agrees
			case Near:
				match = Near
			}
		}
	}
	return match
}

// spellings are the words of a name in each way in which a machine-readable zone may have it.
func spellings(name string) (all [][]string) {
	for _, spelling := range append(mrz.Transliterations(name), plainName(name)) {
		words := strings.Fields(spelling)
		if len(words) > 0 && !slices.ContainsFunc(all, func(other []string) bool { return slices.Equal(other, words) }) {
			all = append(all, words)
		}
	}
	return all
}

// plainCapitals writes a text in capitals without marks.
func plainCapitals(text string) string { return strings.ToUpper(plaintext.Fold(text)) }

// plainName is a name in capitals without marks, of Latin letters alone. An apostrophe separates no words.
func plainName(name string) string {
	return strings.Join(strings.FieldsFunc(apostrophes.Replace(plainCapitals(name)), func(r rune) bool { return r < 'A' || r > 'Z' }), " ")
}

var apostrophes = strings.NewReplacer("'", "", "’", "", "‘", "", "ʻ", "", "ʼ", "", "`", "", "ʿ", "", "ʹ", "")

func compareWords(said, read []string) Match {
	if strings.Join(said, "") == strings.Join(read, "") {
		return Agrees
	}
	said, read = slices.Sorted(slices.Values(said)), slices.Sorted(slices.Values(read))
	a, b := strings.Join(said, " "), strings.Join(read, " ")
	switch {
	case a == b:
		return Agrees
	case includes(said, read), includes(read, said), distance(a, b) <= max(1, len(b)/8):
		return Near
	}
	return Differs
}

// includes reports whether all of at least one word are among others.
func includes(all, words []string) bool {
	return len(words) > 0 && !slices.ContainsFunc(words, func(word string) bool { return !slices.Contains(all, word) })
}

// distance is how many letters have to be added, left out or exchanged.
func distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, letter := range from {
		before := row[0]
		row[0] = i + 1
		for j, other := range to {
			cost := before
			if letter != other {
				cost++
			}
			before, row[j+1] = row[j+1], min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}

// numberLetters are the letters and digits of a number, in capitals.
func numberLetters(number string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, norm.NFKC.String(number))
}

// compareAddresses compares letters and digits alone. Near is an address that has the other in it, or most of its letters.
func compareAddresses(said, read string) Match {
	said, read = numberLetters(plainCapitals(said)), numberLetters(plainCapitals(read))
	most := len(read) / 5
	switch {
	case said == read:
		return Agrees
	case strings.Contains(said, read), strings.Contains(read, said):
		return Near
	case max(len(said), len(read))-min(len(said), len(read)) <= most && distance(said, read) <= most:
		return Near
	}
	return Differs
}
