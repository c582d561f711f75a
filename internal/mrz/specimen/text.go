package specimen

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"docket/internal/mrz"
)

// Kind is a layout of a zone, as in mrz.Size.
type Kind = mrz.Size

// Kinds are the layouts that are drawn.
var Kinds = []Kind{mrz.TD3, mrz.TD1, mrz.TD2, mrz.MRVA, mrz.MRVB, mrz.FRA}

const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

var (
	states   = strings.Fields("UTO VNM DEU D<< GBR USA FRA IND CHN ESP POL NLD BRA MAR KEN PHL IDN MEX SRB UKR RKS XXA UNO ITA TUR IRQ SWE")
	surnames = strings.Fields("NGUYEN MUELLER GARCIA SMITH KOWALSKI ERIKSSON OCONNOR DE<LA<CRUZ IVANOV HUYNH QUISPE WU ABDULLAH FITZGERALD ZHANG XUAN JIMENEZ")
	givens   = strings.Fields("ANNA MARIA THI JOHN PETER XUAN<MAI KWAME FATIMA ZOE JEAN<PIERRE VICTORIA WILLIAM BQUFJK YUKI DMITRII LE QUANG")
)

// source is a source of random texts.
type source struct{ *rand.Rand }

func (r source) of(list []string) string { return list[r.IntN(len(list))] }

func (r source) word(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

func (r source) digits(n int) string { return r.word("0123456789", n) }

// name is made of common names, or of any letters, so that nothing can be learned but letters.
func (r source) name(width int) string {
	if r.IntN(2) == 0 {
		return pad(r.of(surnames)+"<<"+r.of(givens), width)
	}
	return pad(r.word(capitals, 2+r.IntN(10))+"<<"+r.word(capitals, 2+r.IntN(7))+"<"+r.word(capitals, 1+r.IntN(7)), width)
}

func (r source) number() string {
	if r.IntN(2) == 0 {
		return r.word(capitals+"0123456789", 9)
	}
	return pad(r.word(capitals, r.IntN(3))+r.digits(7), 9)
}

func (r source) birth() string {
	return fmt.Sprintf("%02d%02d%02d", r.IntN(100), 1+r.IntN(12), 1+r.IntN(28))
}

func (r source) expiry() string {
	return fmt.Sprintf("%02d%02d%02d", 20+r.IntN(20), 1+r.IntN(12), 1+r.IntN(28))
}

func (r source) optional(width int) string {
	if r.IntN(2) == 0 {
		return pad("", width)
	}
	return pad(r.word(capitals, r.IntN(3))+r.digits(4+r.IntN(width-6)), width)
}

// NewText makes the lines of a zone whose check digits are right.
func NewText(random *rand.Rand, kind Kind) []string {
	r := source{random}
	state, number, birth, expiry, sex := r.of(states), r.number(), r.birth(), r.expiry(), r.of([]string{"M", "F", "<", "X"})
	begin := number + check(number) + r.of(states) + birth + check(birth) + sex + expiry + check(expiry)
	switch kind {
	case mrz.TD1:
		optional, other := r.optional(15), r.optional(11)
		first := r.of([]string{"I<", "ID", "AR", "C<"}) + state + number + check(number) + optional
		second := birth + check(birth) + sex + expiry + check(expiry) + r.of(states) + other
		return []string{first, second + check(first[5:30]+second[:7]+second[8:15]+other), r.name(30)}
	case mrz.TD2:
		optional := r.optional(7)
		return []string{r.of([]string{"I<", "ID", "AC"}) + state + r.name(31), begin + optional + check(begin[:10]+begin[13:20]+begin[21:28]+optional)}
	case mrz.MRVA:
		return []string{"V<" + state + r.name(39), begin + r.optional(16)}
	case mrz.MRVB:
		return []string{"V<" + state + r.name(31), begin + r.optional(8)}
	case mrz.FRA:
		return r.frenchCard()
	}
	optional := r.optional(14)
	digit := check(optional)
	if strings.Trim(optional, "<") == "" && r.IntN(2) == 0 {
		digit = "<"
	}
	return []string{r.of([]string{"P<", "P<", "PD", "PP"}) + state + r.name(39), begin + optional + digit + check(begin[:10]+begin[13:20]+begin[21:28]+optional+digit)}
}

func (r source) frenchCard() []string {
	first := "IDFRA" + pad(r.of(surnames), 25) + r.digits(6)
	number, birth := fmt.Sprintf("%02d%02d", r.IntN(21), 1+r.IntN(12))+r.digits(8), r.birth()
	second := number + check(number) + pad(strings.ReplaceAll(r.of(givens), "<", "<<"), 14) + birth + check(birth) + r.of([]string{"M", "F"})
	return []string{first, second + check(first+second)}
}

func check(over string) string { return string(mrz.CheckDigit(over)) }

func pad(text string, width int) string {
	return (text + strings.Repeat("<", width))[:width]
}
