package mrz

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The tables of Doc 9303, part 3, section 6: in each row what stands in the zone, then the letters that it stands for. Letters with marks that
// have no row of their own lose the marks, which is what the rows say of nearly all others, Vietnamese ones included.
const (
	latinRows = `AE ÄÆ
AA Å
D ĐÐ
H Ħ
I İI
IJ Ĳ
L Ł
N Ŋ
OE ÖØŒ
Q ĸ
SS ẞ
T Ŧ
TH Þ
UE Ü`
	cyrillicRows = `A А
B Б
V В
G ГҐҒ
D ДЂ
E ЕЁЭ
ZH Ж
Z З
I ИІЇЙ
K КЌ
L Л
M М
N Н
O О
P П
R Р
S С
T Т
U УЎѪ
F Ф
KH Х
TS Ц
CH Ч
SH Ш
SHCH Щ
IE ЪЄ
Y ЫѴ
IU Ю
IA Я
DZ ЅЏ
J Ј
LJ Љ
NJ Њ
C ЋҺ
GJ Ѓ`
	arabicRows = `XE ء
XAA آ
XAE أ
U ؤ
I إ
XI ئ
A ا
B ب
XTA ة
T ت
XTH ث
J ج
XH ح
XKH خ
D د
XDH ذ
R ر
Z ز
S س
XSH ش
XSS ص
XDZ ض
XTT ط
XZZ ظ
E ع
G غ
F ف
Q ق
K ك
L ل
M م
N ن
H ه
W و
XAY ى
Y يې
XXA ٱ
XXT ٹ
XRT ټ
P پ
XKE ځ
XXH څ
XC چ
XXD ڈ
XDR ډ
XXR ڑ
XRR ړ
XRX ږ
XJ ژ
XXS ښ
XKK ک
XXK ګ
XNG ڭ
XGG گ
XNN ں
XXN ڼ
XDO ھ
XYH ۀ
XXG ہ
XGE ۂ
XTG ۃ
XYA ی
XXY ۍ
XYB ے
XBE ۓ`
)

// variant is another way in which the tables allow some letters, or in which one country writes them.
type variant struct {
	letters map[rune]string
	first   map[rune]string // at the begin of a word
}

// variants are the notes of the tables: the second choice of Latin letters, the third, and what Ukraine, Belarus, Serbia, North Macedonia and
// Bulgaria write otherwise.
var variants = sync.OnceValue(func() []variant {
	serbian := readRows("Z Ж\nC ЦЧ\nH Х\nS Ш\nDJ Ђ")
	macedonian := readRows("H Х\nC Ц\nDJ Џ\nKJ Ќ\nGJ Ѓ")
	return []variant{
		{letters: readRows("A ÄÅ\nO ÖØ\nU Ü")},
		{letters: readRows("NXX Ñ\nUXX Ü")},
		{letters: readRows("H Г\nY И"), first: readRows("YE Є\nYI Ї\nY Й\nYU Ю\nYA Я")},
		{letters: readRows("H Г\nIO Ё")},
		{letters: serbian},
		{letters: macedonian},
		{letters: readRows("SHT Щ")},
	}
})

var transliterations = sync.OnceValue(func() map[rune]string {
	return readRows(latinRows + "\n" + cyrillicRows + "\n" + arabicRows)
})

func readRows(rows string) map[rune]string {
	table := map[rune]string{}
	for row := range strings.Lines(rows) {
		written, letters, _ := strings.Cut(strings.TrimSpace(row), " ")
		for _, letter := range letters {
			table[letter] = written
		}
	}
	return table
}

// Transliterate writes a name as a zone has it, by the tables of Doc 9303 for Latin, Cyrillic and Arabic letters: in capitals from A to Z, with
// spaces for hyphens, and without apostrophes. What the tables do not have, such as Chinese, is left out.
func Transliterate(name string) string { return transliterateWith(name, variant{}) }

// Transliterations returns every way in which a zone may have a name, that of Transliterate first: the tables have a choice for some letters,
// and some countries rules of their own.
func Transliterations(name string) []string {
	all := []string{Transliterate(name)}
	for _, v := range variants() {
		if other := transliterateWith(name, v); !slices.Contains(all, other) {
			all = append(all, other)
		}
	}
	return all
}

func transliterateWith(name string, v variant) string {
	var words []string
	for _, word := range strings.FieldsFunc(norm.NFC.String(name), separatesWords) {
		if written := transliterateWord(word, v); written != "" {
			words = append(words, written)
		}
	}
	return strings.Join(words, " ")
}

func separatesWords(r rune) bool {
	return unicode.IsSpace(r) || r == ',' || r == '<' || unicode.Is(unicode.Pd, r)
}

const (
	shadda     = '\u0651' // doubles the letter before it
	tehMarbuta = '\u0629' // XTA, and XAH at the end of a word
)

func transliterateWord(word string, v variant) string {
	var out strings.Builder
	last := ""
	letters := []rune(word)
	for i, r := range letters {
		written := transliterateLetter(r, i == 0, v)
		switch {
		case r == shadda:
			written = last
		case r == tehMarbuta && i == len(letters)-1:
			written = "XAH"
		}
		out.WriteString(written)
		if written != "" {
			last = written
		}
	}
	return out.String()
}

func transliterateLetter(r rune, first bool, v variant) string {
	if r == 'ß' {
		return "SS"
	}
	r = unicode.ToUpper(r)
	if written, ok := v.first[r]; ok && first {
		return written
	}
	if written, ok := v.letters[r]; ok {
		return written
	}
	if written, ok := transliterations()[r]; ok {
		return written
	}
	base, _ := utf8.DecodeRuneInString(norm.NFKD.String(string(r))) // the letter without its marks comes first
	if upper := unicode.ToUpper(base); upper >= 'A' && upper <= 'Z' || upper >= '0' && upper <= '9' {
		return string(upper)
	}
	return transliterations()[base]
}
