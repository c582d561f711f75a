package mrz

import (
	"iter"
	"slices"
	"strings"
	"sync"
)

// stateCodes are ISO 3166-1 alpha-3, and what ICAO Doc 9303 part 3 adds: Germany's D, kinds of British nationality, organisations, and
// stateless persons and refugees. UTO is the state of specimens.
const stateCodes = `ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB
BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP
EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT
IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV
MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW
PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC
SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE
D<< EUE GBD GBN GBO GBP GBS RKS KS< XKX UNO UNA UNK XXA XXB XXC XXX XOM XPO XCE XCO XEC XBA XCT XDC XES XIM XMP XSP XAA XAE NTZ UTO`

var knownStates = sync.OnceValue(func() []string { return strings.Fields(stateCodes) })

// States returns every code that may stand for a state, three characters each, filler included.
func States() iter.Seq[string] { return slices.Values(knownStates()) }

// KnownState tells whether three characters of a zone stand for a state or an organisation.
func KnownState(code string) bool { return slices.Contains(knownStates(), code) }
