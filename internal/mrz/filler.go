package mrz

import (
	"slices"
	"strings"
)

// mostFillers is how many fillers at the end of names may be missing or too many. They say nothing, and people miscount them.
const mostFillers = 3

// restoreFiller puts back what filler is missing in one line of a zone: one beside other filler, or up to mostFillers at the end of the names,
// where as many are taken away, too. It returns nil when that makes no zone of the lines: their check digits and their state decide.
func restoreFiller(lines []string) []string {
	at, width := findOdd(lines)
	if at < 0 {
		return nil
	}
	names := at == 0
	if len(lines) == 3 {
		names = at == 2
	}
	if len(lines[at]) == width-1 {
		for _, filled := range insertFiller(lines[at]) {
			if with := replaceLine(lines, at, filled); restores(with, names) {
				return with
			}
		}
	}
	text := strings.TrimRight(lines[at], "<")
	if missing := width - len(lines[at]); !names || len(text) >= min(width, len(lines[at])) || missing > mostFillers || missing < -mostFillers {
		return nil
	}
	with := replaceLine(lines, at, text+strings.Repeat("<", width-len(text)))
	if !restores(with, names) {
		return nil
	}
	return with
}

// findOdd finds the one line whose length is not that of the others, which is that of a layout. It returns -1 when it is not one line.
func findOdd(lines []string) (at, width int) {
	if len(lines) == 3 {
		width = 30
	} else if len(lines) == 2 {
		for _, line := range lines {
			if len(line) == 36 || len(line) == 44 {
				width = len(line)
			}
		}
	}
	at = -1
	for i, line := range lines {
		if len(line) != width {
			if at >= 0 {
				return -1, 0
			}
			at = i
		}
	}
	return at, width
}

// insertFiller returns the line with one filler more in each place that has filler, the last place first.
func insertFiller(line string) (filled []string) {
	for i := len(line) - 1; i >= 0; i-- {
		if line[i] == '<' && (i == len(line)-1 || line[i+1] != '<') {
			filled = append(filled, line[:i+1]+line[i:])
		}
	}
	return filled
}

func replaceLine(lines []string, at int, line string) []string {
	with := slices.Clone(lines)
	with[at] = line
	return with
}

// restores tells whether lines are a zone: names follow the code of a state, and other lines have check digits that hold.
func restores(lines []string, names bool) bool {
	if names {
		return KnownState(lines[0][2:5])
	}
	return ReadLines(findSize(lines), lines).Wrong == nil
}
