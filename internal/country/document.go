package country

const kosovo = "XKX"

// others are the codes of ICAO Doc 9303 for what is no country: persons without a nationality, kinds of British nationality,
// organisations.
var others = []string{
	"XXA", "XXB", "XXC",
	"GBD", "GBN", "GBO", "GBP", "GBS",
	"UNO", "UNA", "UNK", "EUE", "XOM", "XPO", "XBA", "XCC", "XCE", "XCO", "XDC", "XEC", "XES", "XIM", "XMP",
}

// Canonical is a code as List has it: documents have D for Germany, and RKS, KS or XKK for Kosovo.
func Canonical(code string) string {
	switch code {
	case "D":
		return "DEU"
	case "RKS", "KS", "XKK":
		return kosovo
	}
	return code
}
