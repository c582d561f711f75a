package ocr

import (
	"bytes"
	"math"
	"slices"
	"strings"

	"docket/internal/mrz"
)

// A check digit holds by chance one time in ten, and letters that a wrong grid cuts may look like others with much confidence. So what does not fit
// together is doubted, and what is doubted is never sure:
//
//   - a line that ends elsewhere than the one beside it, or that begins with a letter or a state that no document has: it may be cut a letter to
//     the side;
//   - a line of which two check digits do not hold: the third holds by chance;
//   - what only the digit over the whole zone covers, when that does not hold;
//   - a field whose digit holds for another text nearly as well;
//   - optional data that goes on after filler, which no state prints.

// aside is how far the end of a line may be from below that of the next one, in letters. Perspective moves those of one photo in a hundred farther.
const aside = 0.55

// clearlyBest is how much likelier, as a logarithm, the text of a field has to be than the next one for which its check digit holds, too.
const clearlyBest = 4.0

// findDoubts tells of each line whether it is doubted.
func (c candidate) findDoubts() []bool {
	doubts := make([]bool, len(c.text))
	for line := range doubts {
		doubts[line] = c.isAside(line) || c.countStates(line, Wrong) > 1 || !c.beginsWell(line)
	}
	return doubts
}

// isAside tells whether a line ends elsewhere than one beside it, and has not two check digits that hold, which tell where its letters are.
func (c candidate) isAside(line int) bool {
	if c.countStates(line, Checked) > 1 {
		return false
	}
	at := c.cuts[c.strip(line)]
	last := len(at) - 1
	pitch := (at[last] - at[0]) / float64(last)
	for _, beside := range []int{line - 1, line + 1} {
		if beside < 0 || beside == len(c.text) {
			continue
		}
		other := c.cuts[c.strip(beside)]
		if max(math.Abs(at[0]-other[0]), math.Abs(at[last]-other[last])) > aside*pitch {
			return true
		}
	}
	return false
}

// beginsWell tells whether the kind of document and the states of a line are such as there are, and were read so.
func (c candidate) beginsWell(line int) bool {
	for _, p := range mrz.Places(c.size) {
		text := string(c.text[p.Line][p.From:p.To])
		switch {
		case p.Line != line:
		case p.Field == mrz.Kind && !strings.Contains(firstLetters(c.size), text[:1]):
			return false
		case p.Field == mrz.Country && (!mrz.KnownState(text) || slices.Contains(c.mended[p.Line][p.From:p.To], true)):
			return false
		}
	}
	return true
}

// countStates is how many check digits of a line are in a state.
func (c candidate) countStates(line int, state State) (n int) {
	for _, p := range mrz.Places(c.size) {
		if p.Line == line && c.states[p.Field] == state {
			n++
		}
	}
	return n
}

// isDoubted tells whether a place is doubted of whose line nothing is.
func (c candidate) isDoubted(p mrz.Place) bool {
	covers := func(s mrz.Span) bool { return s.Line == p.Line && s.From <= p.From && p.To <= s.To }
	text := c.text[p.Line][p.From:p.To]
	switch {
	case p.Field == mrz.Optional && bytes.Contains(bytes.TrimRight(text, "<"), []byte("<")):
		return true
	case p.Digit >= 0:
		return c.states[p.Field] == Checked && c.margin(p) < clearlyBest
	}
	return c.states[mrz.Composite] == Wrong && slices.ContainsFunc(mrz.CompositeSpans(c.size), covers)
}

// margin is how much likelier, as a logarithm, the text of a field is than the next one for which its check digit holds, too.
func (d *decoded) margin(p mrz.Place) float64 {
	slots := d.fieldSlots(p)
	read, odd := d.textOf(slots), d.oddOf(slots)
	margin := math.Inf(1)
	for _, other := range d.likelyTexts(slots, 0) {
		if other.text != string(read) {
			margin = min(margin, odd-other.odd)
		}
	}
	return margin
}
