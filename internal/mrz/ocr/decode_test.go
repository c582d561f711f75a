package ocr

import (
	"math"
	"strings"
	"testing"

	"docket/internal/mrz"
	"docket/internal/mrz/letters"
)

// oddsOf are the odds of letters that are read clearly.
func oddsOf(lines ...string) [][]letters.Odds {
	odds := make([][]letters.Odds, len(lines))
	for i, line := range lines {
		odds[i] = make([]letters.Odds, len(line))
		for k := range odds[i] {
			setOdds(&odds[i][k], line[k], 0.99, line[k])
		}
	}
	return odds
}

// setOdds makes a letter as likely as share says, and another one take the rest.
func setOdds(odds *letters.Odds, letter byte, share float64, other byte) {
	for i := range odds {
		odds[i] = -12
	}
	odds[letters.Index(other)] = float32(math.Log(1 - share))
	odds[letters.Index(letter)] = float32(math.Log(share))
}

var anna = []string{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159<<<<<<<<<<<<<<<4"}

func TestDecode_FirstLetter(t *testing.T) {
	t.Parallel()
	for first, other := range map[byte]byte{'F': 'P', 'W': 'P', 'D': 'P'} {
		odds := oddsOf(anna...)
		setOdds(&odds[0][0], first, 0.7, other)
		if d := decode(odds); d.size != mrz.TD3 || d.text[0][0] != 'P' {
			t.Errorf("%c, perhaps %c: %s of %s", first, other, d.text[0], d.size)
		}
	}
	odds := oddsOf(strings.Replace(anna[0], "P", "V", 1), anna[1])
	setOdds(&odds[0][0], 'W', 0.7, 'V')
	if d := decode(odds); d.size != mrz.MRVA || d.text[0][0] != 'V' {
		t.Errorf("W, perhaps V: %s of %s", d.text[0], d.size)
	}
}

// What lies beside the end of a line is not read as a letter after filler, but optional data is.
func TestDecode_OptionalData(t *testing.T) {
	t.Parallel()
	visa := []string{"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159AB12<<<<<<<<<<<<"}
	odds := oddsOf(visa...)
	setOdds(&odds[1][43], '4', 0.8, '<')
	d := decode(odds)
	if got := d.lines()[1]; got != visa[1] {
		t.Errorf("got %s, want %s", got, visa[1])
	}
	spaced := []string{visa[0], "L898902C36UTO7408122F1204159<<AB<12<<<<<<<<7"}
	d = decode(oddsOf(spaced...))
	if got := d.lines()[1]; got != spaced[1] {
		t.Errorf("got %s, want %s", got, spaced[1])
	}
}

// A letter competes with those that its place may hold, not with digits that look like it.
func TestConfidence_NameHoldsNoDigits(t *testing.T) {
	t.Parallel()
	const column = 10 // the O of ERIKSSON
	for other, want := range map[byte]bool{'0': true, 'Q': false} {
		odds := oddsOf(anna...)
		setOdds(&odds[0][column], 'O', 0.55, other)
		c := candidate{reading{strips: make([]straight, len(anna))}, decode(odds)}
		field := Field{State: Unchecked, Confidence: c.confidence(0, column)}
		if got := field.Sure(); got != want || c.text[0][column] != 'O' {
			t.Errorf("O, perhaps %c: read as %c, %.2f, sure %v", other, c.text[0][column], field.Confidence, got)
		}
	}
}

// The digit over a French card covers its names, too: when it does not hold, one of them may be wrong.
func TestIsDoubted_FrenchNames(t *testing.T) {
	t.Parallel()
	card := []string{"IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<", "8806923102858CORINNE<<<<<<<6512068F6"}
	for first, want := range map[byte]bool{'B': false, 'P': true} {
		d := decode(oddsOf(card[0][:5]+string(rune(first))+card[0][6:], card[1]))
		for _, name := range []mrz.Field{mrz.Surname, mrz.Given} {
			place, _ := d.place(name)
			if got := (candidate{decoded: d}).isDoubted(place); got != want {
				t.Errorf("%s of a surname that begins with %c: doubted %v, composite %s", name, first, got, d.states[mrz.Composite])
			}
		}
	}
}

// A check digit holds by chance one time in ten: with a letter that is hardly read it is not sure.
func TestSure_DoubtfulLetter(t *testing.T) {
	t.Parallel()
	for confidence, want := range map[float64]bool{0.2: false, 0.5: true} {
		if got := (Field{State: Checked, Confidence: confidence}).Sure(); got != want {
			t.Errorf("at %v: %v", confidence, got)
		}
	}
}
