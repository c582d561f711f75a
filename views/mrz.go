package views

import (
	"strings"

	"docket/internal/country"
	"docket/internal/mrz"
)

// mrzText is what a machine-readable zone says, for agents to compare with the answers.
func mrzText(site Site, zone mrz.MRZ) string {
	texts := []string{strings.TrimSpace(zone.Given + " " + zone.Surname), zone.Number}
	if born, ok := zone.BirthDate(site.Now); ok {
		texts = append(texts, site.T("mrz.born", "Day", born))
	} else if partly := zone.PartialBirth(site.Now); partly != "" {
		texts = append(texts, site.T("mrz.born_partly", "Date", partly))
	} else if strings.Trim(zone.Birth, "<") == "" {
		texts = append(texts, site.T("mrz.born_unknown"))
	}
	if expires, ok := zone.ExpiryDate(site.Now); ok {
		texts = append(texts, site.T("mrz.expires", "Day", expires))
	}
	if zone.Nationality != "" {
		texts = append(texts, site.T("mrz.nationality", "Code", stateName(site, zone.Nationality)))
	}
	if zone.Country != "" {
		texts = append(texts, site.T("mrz.issuer", "Code", stateName(site, zone.Country)))
	}
	return strings.Join(texts, " · ")
}

// stateName is the name of a country, and the code of what is none, such as an organisation.
func stateName(site Site, code string) string {
	if found, ok := country.Find(country.Canonical(code), site.words().Tag()); ok {
		return found.Name
	}
	return code
}

// mrzWarnings say which check digits are wrong.
func mrzWarnings(site Site, zone mrz.MRZ) []string {
	texts := make([]string, len(zone.Wrong))
	for i, field := range zone.Wrong {
		texts[i] = site.T("mrz.wrong." + string(field))
	}
	return texts
}
