package citizencard

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"docket/internal/plaintext"
)

// Holder is what the number of a Vietnamese citizen card says of the person who has it.
type Holder struct {
	Born     int      // the year
	Sex      string   // "female" or "male"
	Province []string // where the birth was registered: its name and, of one that was merged in July 2025, that of the larger one
}

// ReadNumber reads the number of a Vietnamese citizen card: a province in three digits, the century and the sex in one, the year in two, and
// six that say nothing. False: no number of such a card begins like this.
func ReadNumber(number string) (Holder, bool) {
	if !IsNumber(number) {
		return Holder{}, false
	}
	province, known := provinces[number[:3]]
	century := int(number[3] - '0') // 0 and 1 are those born in the 20th century
	year, _ := strconv.Atoi(number[4:6])
	holder := Holder{Born: 1900 + century/2*100 + year, Sex: "male", Province: strings.Split(province, "/")}
	if century%2 == 1 {
		holder.Sex = "female"
	}
	return holder, known
}

// ComparePlace compares a place, as people write it, with the province. known is false when it names no province.
func (h Holder) ComparePlace(place string) (same, known bool) {
	names := func(province string) bool {
		return slices.ContainsFunc(strings.Split(province, "/"), func(name string) bool { return strings.Contains(plainPlace(place), plainPlace(name)) })
	}
	if names(strings.Join(h.Province, "/")) {
		return true, true
	}
	return false, slices.ContainsFunc(slices.Collect(maps.Values(provinces)), names)
}

// plainPlace is a place as it compares: with spaces around each word, without marks and signs.
func plainPlace(place string) string {
	words := strings.FieldsFunc(plaintext.Fold(place), func(r rune) bool { return r < 'a' || r > 'z' })
	return " " + strings.Join(words, " ") + " "
}

// provinces are those of Circular 07/2016/TT-BCA, by their codes, with the one into which each was merged in July 2025. Numbers that are
// given since have the same codes.
var provinces = map[string]string{
	"001": "Hà Nội", "002": "Hà Giang/Tuyên Quang", "004": "Cao Bằng", "006": "Bắc Kạn/Thái Nguyên", "008": "Tuyên Quang", "010": "Lào Cai",
	"011": "Điện Biên", "012": "Lai Châu", "014": "Sơn La", "015": "Yên Bái/Lào Cai", "017": "Hòa Bình/Phú Thọ", "019": "Thái Nguyên",
	"020": "Lạng Sơn", "022": "Quảng Ninh", "024": "Bắc Giang/Bắc Ninh", "025": "Phú Thọ", "026": "Vĩnh Phúc/Phú Thọ", "027": "Bắc Ninh",
	"030": "Hải Dương/Hải Phòng", "031": "Hải Phòng", "033": "Hưng Yên", "034": "Thái Bình/Hưng Yên", "035": "Hà Nam/Ninh Bình", "036": "Nam Định/Ninh Bình",
	"037": "Ninh Bình", "038": "Thanh Hóa", "040": "Nghệ An", "042": "Hà Tĩnh", "044": "Quảng Bình/Quảng Trị", "045": "Quảng Trị",
	"046": "Thừa Thiên Huế/Huế", "048": "Đà Nẵng", "049": "Quảng Nam/Đà Nẵng", "051": "Quảng Ngãi", "052": "Bình Định/Gia Lai", "054": "Phú Yên/Đắk Lắk",
	"056": "Khánh Hòa", "058": "Ninh Thuận/Khánh Hòa", "060": "Bình Thuận/Lâm Đồng", "062": "Kon Tum/Quảng Ngãi", "064": "Gia Lai", "066": "Đắk Lắk",
	"067": "Đắk Nông/Lâm Đồng", "068": "Lâm Đồng", "070": "Bình Phước/Đồng Nai", "072": "Tây Ninh", "074": "Bình Dương/Hồ Chí Minh", "075": "Đồng Nai",
	"077": "Bà Rịa - Vũng Tàu/Hồ Chí Minh", "079": "Hồ Chí Minh", "080": "Long An/Tây Ninh", "082": "Tiền Giang/Đồng Tháp", "083": "Bến Tre/Vĩnh Long", "084": "Trà Vinh/Vĩnh Long",
	"086": "Vĩnh Long", "087": "Đồng Tháp", "089": "An Giang", "091": "Kiên Giang/An Giang", "092": "Cần Thơ", "093": "Hậu Giang/Cần Thơ",
	"094": "Sóc Trăng/Cần Thơ", "095": "Bạc Liêu/Cà Mau", "096": "Cà Mau",
}
