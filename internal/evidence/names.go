package evidence

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// compareNames compares names however their words are ordered, in each spelling that they may have in Latin letters. Near are names of
// which one has words that the other leaves out, or that differ in a letter or two.
func compareNames(said, read string) Match {
	match := Differs
	for _, s := range spellings(said) {
		for _, r := range spellings(read) {
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

// spellings are the words of a name in each spelling that it may have in a machine-readable zone.
func spellings(name string) [][]string {
	all := [][]string{nameWords(name)}
	for _, doubled := range []*strings.Replacer{doubledLetters, markedLetters} {
		if other := nameWords(doubled.Replace(strings.ToUpper(norm.NFC.String(name)))); !slices.Equal(other, all[0]) {
			all = append(all, other)
		}
	}
	return all
}

// The spellings of ICAO Doc 9303 that are more than a letter without its marks.
var (
	doubledLetters = strings.NewReplacer("Ä", "AE", "Ö", "OE", "Ü", "UE", "Å", "AA", "Ø", "OE", "Ñ", "N")
	markedLetters  = strings.NewReplacer("Ä", "AE", "Ö", "OE", "Ü", "UXX", "Å", "AA", "Ø", "OE", "Ñ", "NXX")
)

// plainLetters are Latin letters that have no mark to take away.
var plainLetters = strings.NewReplacer("Đ", "D", "Ð", "D", "Þ", "TH", "Æ", "AE", "Œ", "OE", "Ø", "O", "Ł", "L", "ẞ", "SS", "ß", "SS", "ı", "I", "Ħ", "H", "Ŋ", "N", "Ŧ", "T")

// plainCapitals writes a text in capitals without marks.
func plainCapitals(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(plainLetters.Replace(strings.ToUpper(norm.NFC.String(text)))))
}

// nameWords are the words of a name in capitals without marks. An apostrophe separates none.
func nameWords(name string) []string {
	return strings.FieldsFunc(apostrophes.Replace(plainCapitals(name)), func(r rune) bool { return !unicode.IsLetter(r) })
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
