package mrz

import (
	"strings"
	"unicode"
)

// maxLength is far more than any zone has, with all its spaces.
const maxLength = 600

// splitLines returns two or three lines of one length, of capitals, digits and filler only.
func splitLines(text string) ([]string, error) {
	if len(text) > maxLength {
		return nil, ErrLayout
	}
	var lines []string
	for line := range strings.Lines(text) {
		line = normalizeLine(line)
		if strings.ContainsRune(line, unknown) {
			return nil, ErrLayout
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) == 1 {
		lines = cutLines(lines[0])
	}
	if validLayout(lines) {
		return lines, nil
	}
	if restored := restoreFiller(lines); restored != nil {
		return restored, nil
	}
	return nil, ErrLayout
}

const unknown = '?'

// fillers are what people type, and programs write, for filler.
var fillers = strings.NewReplacer(
	"&lt;", "<", "«", "<<", "≪", "<<", "⟪", "<<", "《", "<<", "‹", "<", "＜", "<", "﹤", "<", "〈", "<", "⟨", "<", "〈", "<", "˂", "<", "ᐸ", "<", "❮", "<",
)

// normalizeLine writes a line as the document has it. What cannot stand there becomes unknown.
func normalizeLine(line string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' { // wide letters, as keyboards of East Asia write them
			r += '!' - '！'
		}
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case charValue(r) < 0:
			return unknown
		}
		return r
	}, fillers.Replace(line))
}

// cutLines divides what came in one piece.
func cutLines(all string) []string {
	switch len(all) {
	case 90:
		return []string{all[:30], all[30:60], all[60:]}
	case 72, 88:
		return []string{all[:len(all)/2], all[len(all)/2:]}
	}
	return nil
}

func validLayout(lines []string) bool {
	count, length := len(lines), 0
	for _, line := range lines {
		if length = len(line); length != len(lines[0]) {
			return false
		}
	}
	return count == 3 && length == 30 || count == 2 && (length == 36 || length == 44)
}
