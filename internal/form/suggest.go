package form

import "strings"

// suggest ends a mistake about an unknown word: with the word that was probably meant, and with all of them
// when there are few or none is near.
func suggest(word string, known []string) string {
	near := nearest(word, known)
	switch {
	case near == "":
		return "; use one of " + strings.Join(known, ", ")
	case len(known) <= len(allTypes()):
		return "; use one of " + strings.Join(known, ", ") + ` (did you mean "` + near + `"?)`
	}
	return `; did you mean "` + near + `"?`
}

// nearest is the known word that differs from word by two letters at most; "" when there is none.
func nearest(word string, known []string) string {
	best, distance := "", 3
	for _, k := range known {
		if d := distanceBetween(word, k); d < distance && d < len(k) {
			best, distance = k, d
		}
	}
	return best
}

// or joins words as a sentence does: "a, b or c".
func or(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// distanceBetween counts the letters to add, drop or change until a becomes b (Levenshtein).
func distanceBetween(a, b string) int {
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
