package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// The words that answers are made of.
var (
	families  = strings.Fields("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý")
	familiesL = strings.Fields("Nguyen Tran Le Pham Hoang Huynh Phan Vu Vo Dang Bui Do Ho Ngo Duong Ly")
	givens    = strings.Fields("An Bình Châu Dũng Giang Hà Hải Hạnh Hiếu Hoa Hùng Khánh Lan Linh Long Mai Minh Nam Ngọc Phúc Quân Sơn Thảo Tuấn")
	givensL   = strings.Fields("An Binh Chau Dung Giang Ha Hai Hanh Hieu Hoa Hung Khanh Lan Linh Long Mai Minh Nam Ngoc Phuc Quan Son Thao Tuan")
	streets   = strings.Fields("Trần_Hưng_Đạo Lê_Lợi Nguyễn_Huệ Hai_Bà_Trưng Lý_Thường_Kiệt Phan_Đình_Phùng Điện_Biên_Phủ Hoàng_Hoa_Thám")
	cities    = strings.Fields("Hà_Nội Hải_Phòng Đà_Nẵng Huế Cần_Thơ Nha_Trang Vũng_Tàu Quy_Nhơn")
	countries = strings.Fields("VNM VNM VNM VNM VNM THA SGP FRA DEU KOR JPN USA")
	documents = strings.Fields("passport national_id national_id driving_licence residence_permit")
	sexes     = strings.Fields("female male")
)

// answerMaker makes answers to the built-in form. The same seed and n always give the same answers.
type answerMaker struct {
	seed  uint64
	every int // of so many tickets one has what is rare; 0: none
	pcg   rand.PCG
}

// rareTickets is how many tickets have what is rare, of few tickets and of many: a third of them, two pages, is of the last month.
const rareTickets = 300

// answersOfHistory makes the answers of that many tickets.
func answersOfHistory(seed uint64, tickets int) *answerMaker {
	return &answerMaker{seed: seed, every: max(1, tickets/rareTickets)}
}

// answersOf returns the answers of ticket n, about 600 bytes of JSON.
func (a *answerMaker) answersOf(n int) []byte {
	a.pcg.Seed(a.seed, uint64(n))
	r := rand.New(&a.pcg)
	pick := func(words []string) string { return words[r.IntN(len(words))] }
	spaced := func(words []string) string { return strings.ReplaceAll(pick(words), "_", " ") }
	date := func(year, span int) string {
		return time.Date(year+r.IntN(span), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	sex := pick(sexes)
	f, g, h, country := r.IntN(len(families)), r.IntN(len(givens)), r.IntN(len(givens)), pick(countries)
	family, familyL, letters := families[f], familiesL[f], string('A'+rune(r.IntN(26)))
	switch {
	case a.every > 0 && n%a.every == 0: // an answer, a name and the beginning of a number
		sex, family, familyL, letters = "x", "Quách", "Quach", "QQ"
	case n%10_000 == 0:
		sex = "unspecified"
	}
	return fmt.Appendf(nil, `{"full_name":"%s %s %s","full_name_latin":"%s %s %s","date_of_birth":"%s","sex":"%s","nationality":"%s",`+
		`"document_type":"%s","issuing_country":"%s","document_number":"%s%08d","issue_date":"%s","expiry_date":"%s",`+
		`"address":"%d ngõ %d phố %s, phường %d, quận %d, thành phố %s, Việt Nam. Giao hàng giờ hành chính, gọi trước khi đến; nếu vắng nhà xin gửi bảo vệ toà nhà B%d tầng %d, cửa sau, bấm chuông thứ hai",`+
		`"phone":"+84%d","email":"%s.%s%d@example.com","consent":true}`,
		family, givens[g], givens[h], familyL, givensL[g], givensL[h], date(1950, 55), sex, country,
		pick(documents), country, letters, r.IntN(100_000_000), date(2015, 10), date(2034, 8),
		1+r.IntN(400), 1+r.IntN(90), spaced(streets), 1+r.IntN(20), 1+r.IntN(12), spaced(cities), 1+r.IntN(9), 1+r.IntN(40),
		900_000_000+r.IntN(99_999_999), strings.ToLower(givensL[g]), strings.ToLower(familyL), r.IntN(10_000))
}
