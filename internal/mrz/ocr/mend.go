package ocr

import (
	"math"
	"slices"

	"docket/internal/mrz"
	"docket/internal/mrz/letters"
)

const (
	// farthest is how much less likely, as a logarithm, mended text may be than what was read.
	farthest = 5.0

	// clearest is how much likelier it has to be than the next one whose digit holds, too.
	clearest = 1.0

	// kept is how many texts are compared for each remainder.
	kept = 4
)

// path is a text up to some slot, and the letter that is put onto it.
type path struct {
	odd    float64
	text   string
	letter byte
}

// mend replaces the letters of slots by the likeliest text whose check digit holds: whose weighted sum, with rest, is 0 modulo 10. It returns
// false, and changes nothing, when that text is too unlikely, or another one nearly as likely.
func (d *decoded) mend(slots []slot, rest int, valid func(text []byte) bool) bool {
	found := slices.DeleteFunc(d.likelyTexts(slots, rest), func(p path) bool { return !valid([]byte(p.text)) })
	if len(found) == 0 || d.oddOf(slots)-found[0].odd > farthest {
		return false
	}
	if len(found) > 1 && found[0].odd-found[1].odd < clearest {
		return false
	}
	for i, s := range slots {
		d.set(s.line, s.column, found[0].text[i])
	}
	return true
}

// likelyTexts are the likeliest texts of slots whose weighted sum, with rest, is 0 modulo 10, the likeliest first.
func (d *decoded) likelyTexts(slots []slot, rest int) []path {
	var paths [10][]path
	paths[rest] = []path{{}}
	for _, s := range slots {
		paths = extend(paths, &d.odds[s.line][s.column], s)
	}
	return paths[0]
}

// oddOf is how likely the text is that was read, as a logarithm.
func (d *decoded) oddOf(slots []slot) (sum float64) {
	for _, s := range slots {
		sum += float64(d.odds[s.line][s.column][letters.Index(d.text[s.line][s.column])])
	}
	return sum
}

// extend appends every likely letter of a slot to every path, and keeps the likeliest for each remainder.
func extend(paths [10][]path, odds *letters.Odds, s slot) (next [10][]path) {
	_, most := best(odds, s.holds)
	for i := range len(s.holds) {
		letter := s.holds[i]
		odd := odds[letters.Index(letter)]
		if odd < most-2*farthest {
			continue
		}
		step := s.weight * mrz.Value(letter)
		for remainder, list := range paths {
			to := (remainder + step) % 10
			for _, p := range list {
				next[to] = keepLikely(next[to], path{p.odd + float64(odd), p.text, letter})
			}
		}
	}
	for _, list := range next {
		for i, p := range list {
			list[i].text = p.text + string(rune(p.letter))
		}
	}
	return next
}

// keepLikely inserts a path into those that are kept, the likeliest first, if it is one of them.
func keepLikely(list []path, p path) []path {
	if len(list) == kept {
		if p.odd <= list[kept-1].odd {
			return list
		}
		list = list[:kept-1]
	}
	at := len(list)
	for at > 0 && list[at-1].odd < p.odd {
		at--
	}
	return slices.Insert(list, at, p)
}

// readState replaces a code that nobody has by the likeliest code that somebody has, if that is likely.
func (d *decoded) readState(p mrz.Place) {
	read := string(d.text[p.Line][p.From:p.To])
	if mrz.KnownState(read) {
		return
	}
	odd := func(code string) (sum float64) {
		for i := range len(code) {
			sum += float64(d.odds[p.Line][p.From+i][letters.Index(code[i])])
		}
		return sum
	}
	first, second, code := math.Inf(-1), math.Inf(-1), ""
	for known := range mrz.States() {
		switch v := odd(known); {
		case v > first:
			first, second, code = v, first, known
		case v > second:
			second = v
		}
	}
	if odd(read)-first > farthest/2 || first-second < clearest {
		return
	}
	for i := range len(code) {
		d.set(p.Line, p.From+i, code[i])
	}
}

// readNames reads names by their form: letters, at most two fillers between them, and nothing but fillers after three.
func (d *decoded) readNames(p mrz.Place) {
	const states = 4 // after a letter, one filler, two; and the end
	type step struct {
		odd  float64
		from int
		char byte
	}
	n := p.To - p.From
	steps := make([][states]step, n+1)
	for s := 1; s < states; s++ {
		steps[0][s].odd = math.Inf(-1)
	}
	for i := range n {
		odds := &d.odds[p.Line][p.From+i]
		letter, odd := best(odds, mrz.Letters[:26])
		filler := float64(odds[letters.Index('<')])
		for s := range states {
			steps[i+1][s].odd = math.Inf(-1)
		}
		move := func(from, to int, odd float64, char byte) {
			if v := steps[i][from].odd + odd; v > steps[i+1][to].odd {
				steps[i+1][to] = step{v, from, char}
			}
		}
		for s := range states - 1 {
			move(s, 0, float64(odd), letter)
			move(s, min(s+1, states-1), filler, '<')
			move(s, states-1, filler, '<')
		}
		move(states-1, states-1, filler, '<')
	}
	at := 0
	for s := range states {
		if steps[n][s].odd > steps[n][at].odd {
			at = s
		}
	}
	for i := n; i > 0; i-- {
		d.set(p.Line, p.From+i-1, steps[i][at].char)
		at = steps[i][at].from
	}
}
