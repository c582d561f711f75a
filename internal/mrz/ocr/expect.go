package ocr

import (
	"math"
	"strings"

	"docket/internal/mrz"
	"docket/internal/mrz/letters"
)

// What numbers are made of, as logarithms of how much rarer it is than digits: few letters; hardly an O, which most states avoid beside 0; and no
// filler before the last of their letters.
const (
	rareLetter = 0.7
	rareO      = 2.7
	rareFiller = 3.0

	// rareKind is a first letter of a zone that its layout does not have, and rareAfterFiller what follows filler in optional data.
	rareKind        = 3.0
	rareAfterFiller = 2.5

	// shortestNumber is how many letters of a number are never filler.
	shortestNumber = 5
)

// expectCharacters makes characters impossible that a place does not hold, so that what is left is as likely as it is there: a name has no 0 that
// could be its O.
func expectCharacters(p mrz.Place, line []letters.Odds) {
	for column := p.From; column < p.To; column++ {
		keepCharacters(p.Holds, &line[column])
	}
	if p.Digit >= 0 {
		keepCharacters(mrz.Digits, &line[p.Digit])
	}
}

// keepCharacters makes all characters impossible but some.
func keepCharacters(holds mrz.Characters, odds *letters.Odds) {
	for i := range len(letters.Alphabet) {
		if !strings.Contains(string(holds), letters.Alphabet[i:i+1]) {
			odds[i] = float32(math.Inf(-1))
		}
	}
	normalize(odds)
}

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

// expectKind makes first letters unlikely that documents of a layout do not have.
func expectKind(size mrz.Size, odds *letters.Odds) {
	for i := range len(letters.Alphabet) {
		if !strings.Contains(firstLetters(size), letters.Alphabet[i:i+1]) {
			odds[i] -= rareKind
		}
	}
	normalize(odds)
}

// firstLetters are those with which ICAO Doc 9303 has zones of a layout begin.
func firstLetters(size mrz.Size) string {
	switch size {
	case mrz.TD3:
		return "P"
	case mrz.MRVA, mrz.MRVB:
		return "V"
	case mrz.FRA:
		return "I"
	}
	return "IAC"
}

// readOptional reads optional data by its form: seldom anything but filler follows filler.
func (d *decoded) readOptional(p mrz.Place) {
	type step struct {
		odd  float64
		from int
	}
	const text, filler = 0, 1
	n := p.To - p.From
	steps := make([][2]step, n+1)
	for i := range n {
		odds := &d.odds[p.Line][p.From+i]
		_, letter := best(odds, p.Holds[:len(p.Holds)-1])
		after := steps[i]
		if i > 0 {
			after[filler].odd -= rareAfterFiller
		}
		next := func(from [2]step, odd float32) step {
			if from[text].odd >= from[filler].odd {
				return step{from[text].odd + float64(odd), text}
			}
			return step{from[filler].odd + float64(odd), filler}
		}
		steps[i+1][text] = next(after, letter)
		steps[i+1][filler] = next(steps[i], odds[letters.Index('<')])
	}
	at := text
	if steps[n][filler].odd > steps[n][text].odd {
		at = filler
	}
	for i := n; i > 0; i-- {
		letter := byte('<')
		if at == text {
			letter, _ = best(&d.odds[p.Line][p.From+i-1], p.Holds[:len(p.Holds)-1])
		}
		d.text[p.Line][p.From+i-1] = letter
		at = steps[i][at].from
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
