package views

import (
	"strings"

	"docket/internal/mrz"
)

// mrzText is what a machine-readable zone says, for agents to compare with the answers.
func mrzText(site Site, zone mrz.MRZ) string {
	texts := []string{strings.TrimSpace(zone.Given + " " + zone.Surname), zone.Number}
	if born, ok := zone.BirthDate(site.Now); ok {
		texts = append(texts, site.T("mrz.born", "Day", born))
	}
	if expires, ok := zone.ExpiryDate(site.Now); ok {
		texts = append(texts, site.T("mrz.expires", "Day", expires))
	}
	return strings.Join(texts, " · ")
}

// mrzWarnings say which check digits are wrong.
func mrzWarnings(site Site, zone mrz.MRZ) []string {
	texts := make([]string, len(zone.Wrong))
	for i, field := range zone.Wrong {
		texts[i] = site.T("mrz.wrong." + string(field))
	}
	return texts
}
