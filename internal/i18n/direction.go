package i18n

import "golang.org/x/text/language"

// rightToLeft are the scripts that are written from right to left.
var rightToLeft = []string{"Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm"}

// Direction is how the language is written, as HTML says it: "ltr" or "rtl".
func (w *Words) Direction() string { return directionOf(w.tag) }

func directionOf(tag language.Tag) string {
	script, _ := tag.Script()
	for _, name := range rightToLeft {
		if script.String() == name {
			return "rtl"
		}
	}
	return "ltr"
}
