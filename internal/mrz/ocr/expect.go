package ocr

import (
	"math"

	"docket/internal/mrz"
	"docket/internal/mrz/letters"
)

// What numbers are made of, as logarithms of how much rarer it is than digits: few letters; hardly an O, which most states avoid beside 0; and no
// filler before the last of their letters.
const (
	rareLetter = 0.7
	rareO      = 2.7
	rareFiller = 3.0

	// shortestNumber is how many letters of a number are never filler.
	shortestNumber = 5
)

// expectDigits makes what is rare in numbers and optional data as unlikely as it is.
func expectDigits(p mrz.Place, line []letters.Odds) {
	if p.Holds != mrz.Any {
		return
	}
	for column := p.From; column < p.To; column++ {
		odds := &line[column]
		for i := range len(letters.Alphabet) {
			switch c := letters.Alphabet[i]; {
			case c == 'O':
				odds[i] -= rareO
			case c >= 'A':
				odds[i] -= rareLetter
			case c == '<' && p.Field == mrz.Number && column < p.From+shortestNumber:
				odds[i] -= rareFiller
			}
		}
		normalize(odds)
	}
}

// normalize makes the probabilities add up to 1.
func normalize(odds *letters.Odds) {
	total := 0.0
	for _, odd := range odds {
		total += math.Exp(float64(odd))
	}
	shift := float32(math.Log(total))
	for i := range odds {
		odds[i] -= shift
	}
}
