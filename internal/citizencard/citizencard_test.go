package citizencard_test

import (
	"maps"
	"slices"
	"testing"

	"docket/internal/citizencard"
)

const code = "001304012345|012345678|Nguyễn Thị Ánh|05112004|Nữ|Số 1, Đội Cấn, Ba Đình, Hà Nội|01072021"

func TestVietnamese_Codes(t *testing.T) {
	t.Parallel()
	whole := map[string]string{
		"number": "001304012345", "old_number": "012345678", "name": "Nguyễn Thị Ánh", "birth": "2004-11-05", "sex": "female",
		"address": "Số 1, Đội Cấn, Ba Đình, Hà Nội", "issued": "2021-07-01",
	}
	without := func(names ...string) map[string]string {
		left := maps.Clone(whole)
		for _, name := range names {
			delete(left, name)
		}
		return left
	}
	for text, want := range map[string]map[string]string{
		code: whole,
		code + "||Nguyễn Văn Bình|Trần Thị Cúc|":                                           whole, // a newer card
		"001304012345||Nguyễn Thị Ánh|05112004|Nữ|Số 1, Đội Cấn, Ba Đình, Hà Nội|01072021": without("old_number"),
		"001304012345|012345678|Nguyễn Thị Ánh|05112004":                                   without("sex", "address", "issued"),
		"001304012345|12|Nguyễn Thị Ánh|45112004|?|Số 1, Đội Cấn, Ba Đình, Hà Nội|":        without("old_number", "birth", "sex", "issued"),
	} {
		got, ok := citizencard.Vietnamese(text)
		if !ok || !maps.Equal(got, want) {
			t.Errorf("%s is read as %v, %t, want %v", text, got, ok, want)
		}
	}
	if got, _ := citizencard.Vietnamese("079050000001||Trần An|00001950|Nam||"); got["birth"] != "1950" || got["sex"] != "male" {
		t.Errorf("only the year of birth is known: got %v", got)
	}
	for _, other := range []string{"", "https://example.com", "123|45|Anna|01012000", "00130401234|1|A|05112004", "A|B|C|D|E|F|G"} {
		if got, ok := citizencard.Vietnamese(other); ok {
			t.Errorf("%q is read as %v", other, got)
		}
	}
}

func TestCheckNumber_HoldersOfEachCentury(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		number, birth, sex string
		want               []citizencard.Fact
	}{
		{"001304012345", "2004-11-05", "female", nil},
		{"079090000001", "1990-01-01", "male", nil},
		{"079090000001", "1990", "", nil},
		{"079090000001", "", "unspecified", nil},
		{"079090000001", "1991-01-01", "male", []citizencard.Fact{citizencard.FactBirthYear}},
		{"079190000001", "1990-01-01", "male", []citizencard.Fact{citizencard.FactSex}},
		{"999401000001", "2101-01-01", "female", []citizencard.Fact{citizencard.FactSex, citizencard.FactProvince}},
		{"12345", "1990-01-01", "male", nil},
	} {
		if got := citizencard.CheckNumber(c.number, c.birth, c.sex); !slices.Equal(got, c.want) {
			t.Errorf("%s of %s, %s: got %v, want %v", c.number, c.birth, c.sex, got, c.want)
		}
	}
}

func TestLayout_OtherCards(t *testing.T) {
	t.Parallel()
	layout := citizencard.Layout{Separator: ";", Fields: []string{"number", "", "name", "expiry: yyyy-mm-dd", "issued: mm/dd/yyyy"}}
	want := map[string]string{"number": "A1", "name": "Anna Bo", "expiry": "2031-02-28", "issued": "2021-12-31"}
	if got, ok := layout.Read(" A1;x;Anna Bo; 2031-02-28 ;12/31/2021;more "); !ok || !maps.Equal(got, want) {
		t.Errorf("got %v, %t", got, ok)
	}
	for _, text := range []string{"A1;x;Anna", "A1", ""} {
		if _, ok := layout.Read(text); ok {
			t.Errorf("%q has too few fields", text)
		}
	}
	for order, want := range map[string]bool{"ddmmyyyy": true, "yyyy-mm-dd": true, "mm/dd/yyyy": true, "yymmdd": false, "dmdmyyyy": false, "": false, "ddmmyyyyd": false} {
		if got := citizencard.CheckOrder(order); got != want {
			t.Errorf("order %q: got %t", order, got)
		}
	}
}

func FuzzVietnamese(f *testing.F) {
	f.Add(code)
	f.Add("001304012345|||00001950")
	f.Fuzz(func(t *testing.T, text string) {
		read, ok := citizencard.Vietnamese(text)
		if _, isNumber := citizencard.ParseNumber(read["number"]); ok && !isNumber {
			t.Errorf("%q has no number", text)
		}
	})
}
