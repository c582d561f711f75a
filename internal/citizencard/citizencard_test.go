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
		"number": "001304012345", "old_number": "012345678", "name": "Nguyễn Thị Ánh", "birth_date": "2004-11-05", "sex": "female",
		"address": "Số 1, Đội Cấn, Ba Đình, Hà Nội", "issue_date": "2021-07-01",
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
		"001304012345|012345678|Nguyễn Thị Ánh|05112004":                                   without("sex", "address", "issue_date"),
		"001304012345|12|Nguyễn Thị Ánh|45112004|?|Số 1, Đội Cấn, Ba Đình, Hà Nội|":        without("old_number", "birth_date", "sex", "issue_date"),
	} {
		got, ok := citizencard.Vietnamese(text)
		if !ok || !maps.Equal(got, want) {
			t.Errorf("%s is read as %v, %t, want %v", text, got, ok, want)
		}
	}
	if got, _ := citizencard.Vietnamese("079050000001||Trần An|00001950|Nam||"); got["birth_date"] != "1950" || got["sex"] != "male" {
		t.Errorf("only the year of birth is known: got %v", got)
	}
	for _, other := range []string{"", "https://example.com", "123|45|Anna|01012000", "00130401234|1|A|05112004", "A|B|C|D|E|F|G"} {
		if got, ok := citizencard.Vietnamese(other); ok {
			t.Errorf("%q is read as %v", other, got)
		}
	}
}

func TestReadNumber_EachCentury(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]citizencard.Holder{
		"001304012345": {Born: 2004, Sex: "female", Province: []string{"Hà Nội"}},
		"079090000001": {Born: 1990, Sex: "male", Province: []string{"Hồ Chí Minh"}},
		"079190000001": {Born: 1990, Sex: "female", Province: []string{"Hồ Chí Minh"}},
		"074210000001": {Born: 2010, Sex: "male", Province: []string{"Bình Dương", "Hồ Chí Minh"}},
	} {
		got, ok := citizencard.ReadNumber(number)
		if !ok || got.Born != want.Born || got.Sex != want.Sex || !slices.Equal(got.Province, want.Province) {
			t.Errorf("%s: got %+v, %v, want %+v", number, got, ok, want)
		}
	}
	for _, other := range []string{"", "003090000001", "000090000001", "097090000001", "07909000001", "0790900000012", "07909000000a", "０79090000001"} {
		if got, ok := citizencard.ReadNumber(other); ok {
			t.Errorf("%q is read as %+v", other, got)
		}
	}
}

func TestHolder_ComparePlace(t *testing.T) {
	t.Parallel()
	holder, _ := citizencard.ReadNumber("074210000001")
	for place, want := range map[string][2]bool{
		"Dĩ An, Bình Dương": {true, true}, "TP. Hồ Chí Minh": {true, true}, "binh duong": {true, true},
		"Hà Nội": {false, true}, "Sài Gòn": {false, false}, "Berlin": {false, false}, "": {false, false},
		"Hà Nam Ninh": {false, true}, "Bình Dươngg": {false, false},
	} {
		if same, known := holder.ComparePlace(place); [2]bool{same, known} != want {
			t.Errorf("%q: got %v, %v, want %v", place, same, known, want)
		}
	}
}

func FuzzReadNumber(f *testing.F) {
	f.Add("079090000001", "Hà Nội")
	f.Fuzz(func(t *testing.T, number, place string) {
		holder, ok := citizencard.ReadNumber(number)
		if ok && (holder.Born < 1900 || holder.Born > 2399 || len(holder.Province) == 0) {
			t.Errorf("%q: got %+v", number, holder)
		}
		if same, known := holder.ComparePlace(place); ok && same && !known {
			t.Errorf("%q is the same place and none", place)
		}
	})
}

func TestLayout_OtherCards(t *testing.T) {
	t.Parallel()
	layout := citizencard.Layout{Separator: ";", Fields: []string{"number", "", "name", "expiry: yyyy-mm-dd", "issue_date: mm/dd/yyyy"}}
	want := map[string]string{"number": "A1", "name": "Anna Bo", "expiry": "2031-02-28", "issue_date": "2021-12-31"}
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
		if ok && len(read["number"]) != 12 {
			t.Errorf("%q has no number", text)
		}
	})
}
