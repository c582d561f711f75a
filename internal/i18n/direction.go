package i18n

import "slices"

// rightToLeft are the scripts that are written from right to left.
var rightToLeft = []string{"Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm"}

// RightToLeft reports whether the language is written from right to left.
func (w *Words) RightToLeft() bool {
	script, _ := w.tag.Script()
	return slices.Contains(rightToLeft, script.String())
}
