package ocr

import (
	"math"
	"slices"
	"strings"
	"testing"

	"docket/internal/mrz"
	"docket/internal/mrz/letters"
)

// candidateOf is what odds say, cut at an even pitch.
func candidateOf(odds [][]letters.Odds) candidate {
	c := candidate{decoded: decode(odds)}
	for _, line := range odds {
		const pitch = 20
		cuts := make(letters.Cuts, len(line)+1)
		for k := range cuts {
			cuts[k] = pitch * float64(k)
		}
		c.strips, c.cuts = append(c.strips, straight{Strip: letters.Strip{Width: pitch * len(line), Ink: make([]float32, pitch*len(line)*letters.Height)}}), append(c.cuts, cuts)
	}
	return c
}

func TestFindDoubts_Lines(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines []string
		want  []bool
	}{
		"as it should be":           {anna, []bool{false, false}},
		"a kind that no layout has": {[]string{"F" + anna[0][1:], anna[1]}, []bool{true, false}},
		"a state that nobody has":   {[]string{strings.Replace(anna[0], "UTO", "QQQ", 1), anna[1]}, []bool{true, false}},
		"one digit wrong":           {[]string{anna[0], strings.Replace(anna[1], "C36", "C46", 1)}, []bool{false, true}}, // and that of the zone
	} {
		if got := candidateOf(oddsOf(c.lines...)).findDoubts(); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

// The first letter of a name may look like its state when a line is cut a letter to the side, or at one end.
func TestFindDoubts_Aside(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(k int) float64
		want   bool
	}{
		"a letter to the side": {func(int) float64 { return 20 }, true},
		"a letter at the end":  {func(k int) float64 { return 20 * float64(k) / 44 }, true},
		"in perspective":       {func(k int) float64 { return 8 - 16*float64(k)/44 }, false},
	} {
		read := candidateOf(oddsOf(anna...))
		for k := range read.cuts[0] {
			read.cuts[0][k] += c.change(k)
		}
		if got := read.findDoubts()[0]; got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// The digit of a number holds with each O read as 0, too: 24 times 10 is 0 modulo 10.
func TestIsDoubted_TwoTextsHold(t *testing.T) {
	t.Parallel()
	for share, want := range map[float64]bool{0.7: true, 0.01: false} {
		odds := oddsOf(anna[0], "2ONOD58QF0UTO7408122F1204159<<<<<<<<<<<<<<<0")
		setOdds(&odds[1][1], 'O', share, '0')
		setOdds(&odds[1][3], 'O', share, '0')
		c := candidateOf(odds)
		place, _ := c.place(mrz.Number)
		if got := c.isDoubted(place); got != want || string(c.text[1][:9]) != "20N0D58QF" || c.states[mrz.Number] != Checked {
			t.Errorf("%.2f: got %v of %s, %s, margin %.1f", share, got, c.text[1], c.states[mrz.Number], c.margin(place))
		}
	}
}

func TestIsDoubted_OptionalAfterFiller(t *testing.T) {
	t.Parallel()
	for optional, want := range map[string]bool{"AB12<<<<<<<<<<": false, "<<<<<<<<<<<<<<": false, "AB<12<<<<<<<<<": true, "<X1<<<<<<<<<<<": true} {
		digit := string(rune(mrz.CheckDigit(optional)))
		c := candidateOf(oddsOf(anna[0], anna[1][:28]+optional+digit+"0"))
		place, _ := c.place(mrz.Optional)
		if got := c.isDoubted(place); got != want {
			t.Errorf("%s: got %v", optional, got)
		}
	}
}

// What does not fit is never sure, however clear its letters are.
func TestSure_Doubted(t *testing.T) {
	t.Parallel()
	for _, state := range []State{Checked, Mended, Unchecked, Wrong} {
		if (Field{State: state, Confidence: 1, Doubted: true}).Sure() {
			t.Errorf("%s is sure", state)
		}
	}
}

// Where the surname ends was hardly read: neither it nor the given names are sure.
func TestFields_DoubtfulSeparator(t *testing.T) {
	t.Parallel()
	odds := oddsOf(anna...)
	setOdds(&odds[0][14], '<', 0.6, 'K') // the first filler after ERIKSSON is in column 13
	c := candidateOf(odds)
	place, _ := c.place(mrz.Name)
	for _, name := range c.names(place, frame{factor: 1}) {
		if name.Sure() || math.Abs(name.Confidence-0.6) > 0.1 {
			t.Errorf("%s is read with %.2f", name.Name, name.Confidence)
		}
	}
}
