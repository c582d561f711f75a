package reader

import (
	"testing"
	"time"

	"docket/internal/evidence"
	"docket/internal/mrz"
)

func TestZoneTexts_Table(t *testing.T) {
	t.Parallel()
	today := time.Date(2026, time.November, 26, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		zone mrz.MRZ
		want map[string]string
	}{
		"a passport": {
			mrz.MRZ{Size: mrz.TD3, Kind: "P", Country: "D", Nationality: "D", Number: "C01X00T47", Surname: "MUSTERMANN", Given: "ERIKA", Birth: "640812", Expiry: "270228", Sex: "F"},
			map[string]string{
				evidence.Number: "C01X00T47", evidence.Name: "ERIKA MUSTERMANN", evidence.BirthDate: "1964-08-12", evidence.ExpiryDate: "2027-02-28",
				evidence.Sex: "female", evidence.Issuer: "DEU", evidence.Nationality: "DEU", evidence.DocumentType: "passport",
			},
		},
		"a Vietnamese card": {
			mrz.MRZ{Size: mrz.TD1, Kind: "ID", Country: "VNM", Nationality: "VNM", Number: "304012345", Optional: "001304012345 4", Surname: "NGUYEN", Given: "THI ANH", Birth: "041105", Sex: "F"},
			map[string]string{evidence.Number: "001304012345", evidence.Name: "NGUYEN THI ANH", evidence.BirthDate: "2004-11-05", evidence.DocumentType: "", evidence.ExpiryDate: ""},
		},
		"a birth of which the year is known":       {mrz.MRZ{Birth: "85<<<<"}, map[string]string{evidence.BirthDate: "1985", evidence.Sex: ""}},
		"a birth of which the month is known":      {mrz.MRZ{Birth: "8503<<"}, map[string]string{evidence.BirthDate: "1985-03"}},
		"a birth with zeros for what is not known": {mrz.MRZ{Birth: "850300", Expiry: "310000"}, map[string]string{evidence.BirthDate: "1985-03", evidence.ExpiryDate: "2031"}},
		"a day that there is not":                  {mrz.MRZ{Birth: "850230"}, map[string]string{evidence.BirthDate: ""}},
		"no date":                                  {mrz.MRZ{Birth: "<<<<<<", Country: "RKS", Nationality: "GBN"}, map[string]string{evidence.BirthDate: "", evidence.Issuer: "XKX", evidence.Nationality: "GBN"}},
	} {
		texts := zoneTexts(c.zone, today)
		for field, want := range c.want {
			if texts[field] != want {
				t.Errorf("%s: %s: got %q, want %q", name, field, texts[field], want)
			}
		}
	}
}
