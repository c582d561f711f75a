package ocr

import (
	"math"
	"slices"
	"strings"

	"docket/internal/mrz"
	"docket/internal/mrz/letters"
)

// decoded is what the odds of letters say in a layout.
type decoded struct {
	size         mrz.Size
	text         [][]byte // as read, by position and after mending
	mended       [][]bool // letters that are not the likeliest ones of their place
	odds         [][]letters.Odds
	states       map[mrz.Field]State
	digits, held int // check digits, and those that hold
	mendedDigits int // check digits that hold only since a letter was mended
	mends        int // mended letters
}

// decode finds the layout and reads it.
func decode(odds [][]letters.Odds) decoded { return decodeAs(findSize(odds), odds) }

// decodeAs reads a layout.
func decodeAs(size mrz.Size, odds [][]letters.Odds) decoded {
	d := decoded{size: size, odds: odds, states: map[mrz.Field]State{}}
	for _, line := range odds {
		d.text = append(d.text, make([]byte, len(line)))
		d.mended = append(d.mended, make([]bool, len(line)))
	}
	places := mrz.Places(size)
	expectKind(size, &odds[0][0])
	for _, p := range places {
		expectCharacters(p, odds[p.Line])
		expectDigits(p, odds[p.Line])
		for column := p.From; column < p.To; column++ {
			d.text[p.Line][column] = d.likeliest(p.Line, column, holds(size, p, column))
		}
		if p.Digit >= 0 {
			d.text[p.Line][p.Digit] = d.likeliest(p.Line, p.Digit, mrz.Digits)
		}
		if p.Field == mrz.Optional {
			d.readOptional(p)
		}
	}
	for _, p := range places {
		d.readField(p)
	}
	d.checkComposite()
	return d
}

// findSize tells layouts of one shape apart.
func findSize(odds [][]letters.Odds) mrz.Size {
	_, visaOdd := best(&odds[0][0], "V")
	_, otherOdd := best(&odds[0][0], "PIAC")
	visa := visaOdd > otherOdd
	switch {
	case len(odds) == 3:
		return mrz.TD1
	case len(odds[0]) == 44 && visa:
		return mrz.MRVA
	case len(odds[0]) == 44:
		return mrz.TD3
	case visa:
		return mrz.MRVB
	}
	french := 0.0 // how much likelier the French card is than TD2
	for i, letter := range "IDFRA" {
		_, odd := best(&odds[0][i], mrz.Letters)
		french += float64(odds[0][i][letters.Index(byte(letter))] - odd)
	}
	for column := 10; column < 13; column++ {
		_, digit := best(&odds[1][column], mrz.OnlyDigits)
		_, letter := best(&odds[1][column], mrz.Letters)
		french += float64(digit - letter)
	}
	if french > 0 {
		return mrz.FRA
	}
	return mrz.TD2
}

// holds is what may stand in a column of a place. The number of a French card is digits but for its sixth place, since departments of Corsica
// have a letter there.
func holds(size mrz.Size, p mrz.Place, column int) mrz.Characters {
	if size == mrz.FRA && p.Field == mrz.Number && column != 5 {
		return mrz.OnlyDigits
	}
	return p.Holds
}

func (d *decoded) likeliest(line, column int, holds mrz.Characters) byte {
	letter, _ := best(&d.odds[line][column], holds)
	return letter
}

// best is the likeliest of some characters.
func best(odds *letters.Odds, holds mrz.Characters) (letter byte, odd float32) {
	odd = float32(math.Inf(-1))
	for i := range len(holds) {
		if v := odds[letters.Index(holds[i])]; v > odd {
			letter, odd = holds[i], v
		}
	}
	return letter, odd
}

// readField checks one field, and mends it if that is needed and likely.
func (d *decoded) readField(p mrz.Place) {
	switch p.Field {
	case mrz.Composite:
	case mrz.Name, mrz.Surname, mrz.Given:
		d.readNames(p)
		d.states[p.Field] = Unchecked
	case mrz.Country, mrz.Nationality:
		d.readState(p)
		d.states[p.Field] = Unchecked
	default:
		if p.Digit >= 0 {
			d.checkDigit(p)
			return
		}
		d.states[p.Field] = Unchecked
	}
}

func (d *decoded) checkDigit(p mrz.Place) {
	d.digits++
	slots := d.fieldSlots(p)
	if d.fieldHolds(p, slots) {
		d.states[p.Field] = Checked
		d.held++
		return
	}
	valid := func(text []byte) bool { return p.Field != mrz.Birth && p.Field != mrz.Expiry || validDate(text) }
	if !d.mend(slots, 0, valid) {
		d.states[p.Field] = Wrong
		return
	}
	d.states[p.Field] = Mended
	d.held++
	d.mendedDigits++
}

// fieldHolds tells whether the check digit of a field holds as it was read. An empty field may have a filler for its digit.
func (d *decoded) fieldHolds(p mrz.Place, slots []slot) bool {
	over := d.textOf(slots[:len(slots)-1])
	digit := d.textOf(slots[len(slots)-1:])[0]
	if digit == '<' && strings.Trim(string(over), "<") == "" {
		return true
	}
	if (p.Field == mrz.Birth || p.Field == mrz.Expiry) && !validDate(over) {
		return false
	}
	return mrz.CheckDigit(string(over)) == digit
}

// slot is a place of a letter that a check digit is made of. The check digit itself weighs 9, which is −1 modulo 10, so that all together
// are 0.
type slot struct {
	line, column, weight int
	holds                mrz.Characters
}

// fieldSlots are the letters of a field and its check digit.
func (d *decoded) fieldSlots(p mrz.Place) []slot {
	var columns []int
	for column := p.From; column < p.To; column++ {
		columns = append(columns, column)
	}
	digit := p.Digit
	if rest, ok := mrz.LongNumber(d.size, string(d.text[p.Line])); ok && p.Field == mrz.Number {
		begin := 15
		if d.size == mrz.TD2 {
			begin = 28
		}
		for i := range len(rest) - 1 {
			columns = append(columns, begin+i)
		}
		digit = begin + len(rest) - 1
	}
	slots := make([]slot, 0, len(columns)+1)
	for i, column := range columns {
		slots = append(slots, slot{p.Line, column, weights[i%3], holds(d.size, p, column)})
	}
	return append(slots, slot{p.Line, digit, 9, mrz.OnlyDigits})
}

var weights = [...]int{7, 3, 1}

func (d *decoded) textOf(slots []slot) []byte {
	text := make([]byte, len(slots))
	for i, s := range slots {
		text[i] = d.text[s.line][s.column]
	}
	return text
}

// checkComposite checks the digit over the zone. When it does not hold, only letters that no other digit guards may be mended.
func (d *decoded) checkComposite() {
	over := mrz.CompositeText(d.size, d.lines())
	if over == "" {
		return
	}
	d.digits++
	place, _ := d.place(mrz.Composite)
	digit := d.text[place.Line][place.From]
	if mrz.CheckDigit(over) == digit {
		d.states[mrz.Composite] = Checked
		d.held++
		return
	}
	slots, rest := d.compositeSlots(place)
	if slices.Contains(d.wrong(), true) || !d.mend(slots, rest, func([]byte) bool { return true }) {
		d.states[mrz.Composite] = Wrong
		return
	}
	d.states[mrz.Composite] = Mended
	d.held++
	d.mendedDigits++
}

// wrong has true for each field whose digit does not hold.
func (d *decoded) wrong() (wrong []bool) {
	for _, state := range d.states {
		wrong = append(wrong, state == Wrong)
	}
	return wrong
}

// compositeSlots are the letters under the composite digit that no other digit guards, and what all others are worth.
func (d *decoded) compositeSlots(place mrz.Place) (slots []slot, rest int) {
	i := 0
	for _, span := range mrz.CompositeSpans(d.size) {
		for column := span.From; column < span.To; column++ {
			weight := weights[i%3]
			i++
			if holds, free := d.unguarded(span.Line, column); free {
				slots = append(slots, slot{span.Line, column, weight, holds})
				continue
			}
			rest += weight * mrz.Value(d.text[span.Line][column])
		}
	}
	return append(slots, slot{place.Line, place.From, 9, mrz.OnlyDigits}), rest % 10
}

// unguarded returns what may stand in a column that no other check digit covers.
func (d *decoded) unguarded(line, column int) (holds mrz.Characters, ok bool) {
	for _, p := range mrz.Places(d.size) {
		if p.Line == line && (column >= p.From && column < p.To || column == p.Digit) {
			return p.Holds, p.Digit < 0 && column < p.To
		}
	}
	return "", false
}

func (d *decoded) place(field mrz.Field) (mrz.Place, bool) {
	for _, p := range mrz.Places(d.size) {
		if p.Field == field {
			return p, true
		}
	}
	return mrz.Place{}, false
}

func (d *decoded) lines() []string {
	lines := make([]string, len(d.text))
	for i, text := range d.text {
		lines[i] = string(text)
	}
	return lines
}

// set writes a letter, and notes whether it is not the one that was read.
func (d *decoded) set(line, column int, letter byte) {
	if d.text[line][column] == letter {
		return
	}
	d.text[line][column] = letter
	if !d.mended[line][column] {
		d.mended[line][column] = true
		d.mends++
	}
}

// validDate tells whether YYMMDD may be a date; month and day may be unknown.
func validDate(text []byte) bool {
	month, day := string(text[2:4]), string(text[4:6])
	if text[0] == '<' || text[1] == '<' {
		return string(text) == "<<<<<<"
	}
	return (mrz.UnknownPart(month) || month >= "01" && month <= "12" && month[1] != '<') && (mrz.UnknownPart(day) || day >= "01" && day <= "31" && day[1] != '<')
}
