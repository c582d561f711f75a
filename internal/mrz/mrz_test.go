package mrz_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/internal/mrz"
)

// The specimens of ICAO Doc 9303, parts 4 to 6.
const (
	passport = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
	card     = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
	larger   = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
	long     = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
)

func read(t *testing.T, text string) mrz.MRZ {
	t.Helper()
	m, err := mrz.Read(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return m
}

func anna(size mrz.Size, kind, number, optional string) mrz.MRZ {
	return mrz.MRZ{
		Size: size, Kind: kind, Country: "UTO", Nationality: "UTO", Number: number, Surname: "ERIKSSON",
		Given: "ANNA MARIA", Birth: "740812", Expiry: "120415", Sex: "F", Optional: optional,
	}
}

func TestRead_Specimens(t *testing.T) {
	t.Parallel()
	for name, specimen := range map[string]struct {
		text string
		want mrz.MRZ
	}{
		"TD3": {passport, anna(mrz.TD3, "P", "L898902C3", "ZE184226B")},
		"TD1": {card, anna(mrz.TD1, "I", "D23145890", "")},
		"TD2": {larger, anna(mrz.TD2, "I", "D23145890", "")},
		"MRV-A": {"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<", mrz.MRZ{
			Size: mrz.MRVA, Kind: "V", Country: "UTO", Nationality: "XXX", Number: "L8988901C", Surname: "ERIKSSON", Given: "ANNA MARIA",
			Birth: "400907", Expiry: "961210", Sex: "F", Optional: "6ZE184226B",
		}},
		"MRV-B": {"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<", mrz.MRZ{
			Size: mrz.MRVB, Kind: "V", Country: "UTO", Nationality: "XXX", Number: "L8988901C", Surname: "ERIKSSON", Given: "ANNA MARIA",
			Birth: "400907", Expiry: "961210", Sex: "F",
		}},
		"the French card before 2021": {"IDFRAMARTIN<<<<<<<<<<<<<<<<<<<952042\n0506952012341CLAIRE<<ANNE<<6506308F3", mrz.MRZ{
			Size: mrz.FRA, Kind: "ID", Country: "FRA", Number: "050695201234", Surname: "MARTIN", Given: "CLAIRE ANNE", Birth: "650630", Sex: "F",
			Optional: "952042",
		}},
		"in small letters":   {strings.ToLower(passport), anna(mrz.TD3, "P", "L898902C3", "ZE184226B")},
		"in one line":        {strings.ReplaceAll(card, "\n", ""), anna(mrz.TD1, "I", "D23145890", "")},
		"with spaces":        {"\r\n " + strings.ReplaceAll(larger, "\n", " \r\n\r\n"), anna(mrz.TD2, "I", "D23145890", "")},
		"with double angles": {strings.ReplaceAll(passport, "<<", "«"), anna(mrz.TD3, "P", "L898902C3", "ZE184226B")},
		"a long number": {long, mrz.MRZ{
			Size: mrz.TD1, Kind: "I", Country: "UTO", Nationality: "UTO", Number: "D23145890734", Surname: "STEVENSON",
			Given: "PETER JOHN", Birth: "340712", Expiry: "950712", Sex: "M",
		}},
	} {
		if got := read(t, specimen.text); !reflect.DeepEqual(got, specimen.want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", name, got, specimen.want)
		}
	}
}

// Every digit of a guarded field is changed to every other one.
func TestRead_WrongDigits(t *testing.T) {
	t.Parallel()
	for name, fields := range map[string]struct {
		text string
		at   map[mrz.Field][2]int
	}{
		"TD3":  {passport, map[mrz.Field][2]int{mrz.Number: {45, 55}, mrz.Birth: {58, 65}, mrz.Expiry: {66, 73}, mrz.Optional: {73, 88}, mrz.Composite: {88, 89}}},
		"TD1":  {card, map[mrz.Field][2]int{mrz.Number: {5, 15}, mrz.Birth: {31, 38}, mrz.Expiry: {39, 46}, mrz.Composite: {60, 61}}},
		"TD2":  {larger, map[mrz.Field][2]int{mrz.Number: {37, 47}, mrz.Birth: {50, 57}, mrz.Expiry: {58, 65}, mrz.Composite: {72, 73}}},
		"long": {long, map[mrz.Field][2]int{mrz.Number: {5, 19}, mrz.Birth: {31, 38}}},
	} {
		for field, at := range fields.at {
			for i := at[0]; i < at[1]; i++ {
				for other := byte('0'); other <= '9'; other++ {
					if was := fields.text[i]; was < '0' || was > '9' || was == other {
						continue
					}
					wrong := read(t, fields.text[:i]+string(other)+fields.text[i+1:]).Wrong
					if !slices.Contains(wrong, field) {
						t.Errorf("%s: %c at %d is not found in %s, only in %v", name, other, i, field, wrong)
					}
				}
			}
		}
	}
}

func TestRead_LettersLikeDigits(t *testing.T) {
	t.Parallel()
	for _, change := range [][2]string{{"L898902C36", "L8989O2C36"}, {"L898902C36", "L898902036"}, {"L898902C36", "LB98902C36"}, {"L898902C36", "I898902C36"}} {
		if wrong := read(t, strings.Replace(passport, change[0], change[1], 1)).Wrong; !slices.Equal(wrong, []mrz.Field{mrz.Number, mrz.Composite}) {
			t.Errorf("%s: %v", change[1], wrong)
		}
	}
}

func TestRead_FillerForDigit(t *testing.T) {
	t.Parallel()
	for _, digits := range []string{"<8", "08"} {
		if m := read(t, strings.Replace(passport, "ZE184226B<<<<<10", "<<<<<<<<<<<<<<"+digits, 1)); m.Wrong != nil || m.Optional != "" {
			t.Errorf("%s: %+v", digits, m)
		}
	}
}

func TestRead_NoZone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "\n\n", "P<UTO", "ANNA MARIA ERIKSSON, born 12 August 1974",
		strings.Replace(passport, "<", "_", 1), strings.Replace(passport, "A", "Ä", 1), strings.Replace(passport, "L", "\x00", 1),
		passport[:len(passport)-1], passport + "\n" + passport, passport + "<", strings.Replace(card, "\n", "", 1),
		strings.Repeat("<", 1000), strings.Repeat(" ", 1000) + passport, "\xff" + passport[1:],
	} {
		if m, err := mrz.Read(text); !errors.Is(err, mrz.ErrLayout) {
			t.Errorf("%q: got %+v, %v", text, m, err)
		}
	}
}

// The last line has no state to tell where a filler is missing: the end of the names is taken.
func TestRead_FillerRestored(t *testing.T) {
	t.Parallel()
	german := "P<D<<MUSTER<<ERIKA<<<<<<<<<<<<<<<<<<<<<<<<<<\nC01X00T478D<<6408125F3307319<<<<<<<<<<<<<<04"
	for name, change := range map[string]struct{ text, typed string }{
		"at the end of the names":     {german, strings.Replace(german, "<\n", "\n", 1)},
		"after the state":             {german, strings.Replace(german, "P<D<<", "P<D<", 1)},
		"after the nationality":       {german, strings.Replace(german, "478D<<", "478D<", 1)},
		"in the optional data":        {german, strings.Replace(german, "<<04", "<04", 1)},
		"three at the end":            {german, strings.Replace(german, "<<<\n", "\n", 1)},
		"two too many at the end":     {german, strings.Replace(german, "<\n", "<<<\n", 1)},
		"on a card":                   {card, card[:len(card)-1]},
		"in the first line of a card": {card, strings.Replace(card, "<\n", "\n", 1)},
		"on a larger card":            {larger, strings.Replace(larger, "<\n", "\n", 1)},
		"of full width":               {german, strings.ReplaceAll(german, "<", "＜")},
		"of full width, and missing":  {german, strings.ReplaceAll(strings.Replace(german, "<\n", "\n", 1), "<", "＜")},
		"as HTML":                     {german, strings.ReplaceAll(german, "<", "&lt;")},
		"with marks of direction":     {german, "\u202a" + german + "\u202c"},
	} {
		got, want := read(t, change.typed), read(t, change.text)
		if !reflect.DeepEqual(got, want) || got.Wrong != nil {
			t.Errorf("%s:\ngot  %+v\nwant %+v", name, got, want)
		}
	}
	for name, text := range map[string]string{
		"four at the end": strings.Replace(german, "<<<<\n", "\n", 1), "a letter": strings.Replace(german, "MUSTER", "MUSTR", 1) + "<",
		"with a wrong digit": strings.Replace(strings.Replace(german, "<<04", "<04", 1), "640812", "640813", 1), "two lines": strings.ReplaceAll(strings.ReplaceAll(german, "<\n", "\n"), "<<04", "<04"),
	} {
		if m, err := mrz.Read(text); !errors.Is(err, mrz.ErrLayout) {
			t.Errorf("%s: got %+v, %v", name, m, err)
		}
	}
}

// Lines of the right shape with none of the check digits are of another layout, not wrong in each digit.
func TestRead_OtherLayout(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"IDFRAMARTIN<<<<<<<<<<<<<<<<<<<952042\n050695201AB41CLAIRE<<ANNE<<6506308F3",
		"D1UTOLICENCE<OF<DRIVERS<B<C<<<\n1234567890ABCDEFGHIJ<<<<<<<<<1\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
	} {
		if got := read(t, text); !reflect.DeepEqual(got, mrz.MRZ{Size: mrz.Other}) {
			t.Errorf("%s: got %+v", text, got)
		}
	}
	twoWrong := strings.Replace(strings.Replace(passport, "C36", "C37", 1), "8122", "8123", 1)
	if got := read(t, twoWrong); !slices.Equal(got.Wrong, []mrz.Field{mrz.Number, mrz.Birth}) {
		t.Errorf("with two wrong digits: %+v", got)
	}
}

func TestRead_Trials(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]mrz.MRZ{
		"mrz_french_id_before_2021": {Size: mrz.FRA, Kind: "ID", Country: "FRA", Number: "050695201234", Surname: "MARTIN", Given: "CLAIRE ANNE", Birth: "650630", Sex: "F", Optional: "952042"},
		"mrz_fullwidth_filler":      {Size: mrz.TD3, Kind: "P", Country: "D", Nationality: "D", Number: "C01X00T47", Surname: "MUSTER", Given: "ERIKA", Birth: "640812", Expiry: "330731", Sex: "F"},
		"mrz_one_filler_missing_line1": {
			Size: mrz.TD3, Kind: "P", Country: "D", Nationality: "D", Number: "C01X00T47", Surname: "MUSTER", Given: "ERIKA", Birth: "640812", Expiry: "330731", Sex: "F",
		},
		"mrz_birth_day_unknown": {Size: mrz.TD3, Kind: "P", Country: "AFG", Nationality: "AFG", Number: "P12345678", Surname: "KHAN", Given: "AHMAD", Birth: "85<<<<", Expiry: "300101", Sex: "M"},
	} {
		text, err := os.ReadFile(filepath.Join("testdata", name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, string(text)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", name, got, want)
		}
	}
}

func TestPartialBirth(t *testing.T) {
	t.Parallel()
	today := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"85<<<<": "1985", "8503<<": "1985-03", "850312": "1985-03-12", "27<<<<": "1927", "2612<<": "1926-12", "2611<<": "2026-11",
		"850000": "1985", "850300": "1985-03", "<<<<<<": "", "85<<12": "", "8513<<": "", "850230": "", "8A<<<<": "", "": "",
	} {
		if got := (mrz.MRZ{Birth: text}).PartialBirth(today); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestDates_Century(t *testing.T) {
	t.Parallel()
	today := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for _, date := range []struct{ text, birth, expiry string }{
		{"740812", "1974-08-12", "2074-08-12"},
		{"261122", "2026-11-22", "2026-11-22"},
		{"261123", "1926-11-23", "2026-11-23"},
		{"000229", "2000-02-29", "2000-02-29"},
		{"280229", "1928-02-29", "2028-02-29"},
		{"770101", "1977-01-01", "1977-01-01"},
		{"740230", "", ""},
		{"", "", ""},
		{"7", "", ""},
		{"741301", "", ""},
		{"74<<<<", "", ""},
		{"<<<<<<", "", ""},
		{"7408AB", "", ""},
	} {
		m := mrz.MRZ{Birth: date.text, Expiry: date.text}
		if got := said(m.BirthDate(today)); got != date.birth {
			t.Errorf("birth %s: got %q, want %q", date.text, got, date.birth)
		}
		if got := said(m.ExpiryDate(today)); got != date.expiry {
			t.Errorf("expiry %s: got %q, want %q", date.text, got, date.expiry)
		}
	}
}

func said(day time.Time, ok bool) string {
	if !ok {
		return ""
	}
	return day.Format(time.DateOnly)
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{passport, card, larger, long, "", "«"} {
		f.Add(text)
	}
	today := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := mrz.Read(text)
		if err != nil {
			return
		}
		if again, err := mrz.Read(strings.ToUpper(text)); err != nil || !reflect.DeepEqual(m, again) {
			t.Errorf("%q: %+v, then %+v, %v", text, m, again, err)
		}
		if strings.Contains(m.Number+m.Surname+m.Given+m.Optional+m.Country, "<") {
			t.Errorf("%q: filler is left in %+v", text, m)
		}
		if born, ok := m.BirthDate(today); ok && born.After(today) {
			t.Errorf("%q: born %v", text, born)
		}
	})
}

// Whatever a date is printed as, what is said of it has the two digits of its year, is a date, and is not after today, or not long after.
func FuzzPartialDates(f *testing.F) {
	for _, text := range []string{"850312", "8503<<", "85<<<<", "850300", "850000", "000229", "261123", "<<<<<<", "+50101", "-50101", "8５0", ""} {
		f.Add(text)
	}
	today := time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		m := mrz.MRZ{Birth: text, Expiry: text}
		for i, said := range []string{m.PartialBirth(today), m.PartialExpiry(today)} {
			latest := []time.Time{today, today.AddDate(50, 2, 0)}[i]
			if said == "" {
				continue
			}
			at, err := time.Parse(time.DateOnly[:len(said)], said)
			if err != nil || said[2:4] != text[:2] || at.After(latest) {
				t.Errorf("%q is said to be %q, %v", text, said, err)
			}
		}
	})
}
