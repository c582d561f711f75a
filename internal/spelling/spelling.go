// Package spelling suggests the word that was probably meant.
package spelling

import "strings"

const (
	fewWords = 12 // up to as many are listed even when one of them was probably meant
	maxWords = 40 // as many are listed at most
)

// Suggestion ends a message about an unknown word: with the word that was probably meant, and with those that are known
// when they are few or none is near.
func Suggestion(word string, known []string) string {
	near, list := NearestWord(word, known), strings.Join(known, ", ")
	if len(known) > maxWords {
		list = strings.Join(known[:maxWords], ", ") + ", …"
	}
	switch {
	case near == "":
		return "; use one of " + list
	case len(known) <= fewWords:
		return "; use one of " + list + ` (did you mean "` + near + `"?)`
	}
	return `; did you mean "` + near + `"?`
}

// NearestWord is the known word that differs from word by the fewest letters, two at most, and of several one that begins
// with it; "" when there is none.
func NearestWord(word string, known []string) string {
	best, distance := "", 3
	for _, candidate := range known {
		d := letterDistance(word, candidate)
		longer := best != "" && d == distance && strings.HasPrefix(candidate, word) && !strings.HasPrefix(best, word)
		if (d < distance || longer) && d < len(candidate) {
			best, distance = candidate, d
		}
	}
	return best
}

// Or joins words as a sentence does: "a, b or c".
func Or(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// letterDistance counts the letters to add, drop or change until a becomes b (Levenshtein).
func letterDistance(a, b string) int {
	if len(a) > 100 {
		return len(a) // No known word is near to this, so a file of long words costs no time.
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
