package account

import "strings"

// The kinds of browsers and systems that are told apart, by a word of their User-Agent. The first match is taken: many name
// others, too.
var (
	browsers = [][2]string{
		{"Edg", "Edge"},
		{"OPR/", "Opera"},
		{"SamsungBrowser", "Samsung Internet"},
		{"Firefox", "Firefox"},
		{"FxiOS", "Firefox"},
		{"Chrome", "Chrome"},
		{"CriOS", "Chrome"},
		{"Safari", "Safari"},
	}
	systems = [][2]string{
		{"iPhone", "iPhone"},
		{"iPad", "iPad"},
		{"Android", "Android"},
		{"Windows", "Windows"},
		{"Mac OS X", "macOS"},
		{"CrOS", "ChromeOS"},
		{"Linux", "Linux"},
	}
)

// browserOf is the kind of browser and system that a User-Agent names, such as "Firefox, Windows"; empty when neither is known.
// It is enough for people to tell their sessions apart, and keeps no version or model.
func browserOf(userAgent string) string {
	var kinds []string
	for _, known := range [][][2]string{browsers, systems} {
		for _, kind := range known {
			if strings.Contains(userAgent, kind[0]) {
				kinds = append(kinds, kind[1])
				break
			}
		}
	}
	return strings.Join(kinds, ", ")
}
