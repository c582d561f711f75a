package views

import "strings"

// diffChange is what a line of a diff says.
type diffChange int

const (
	diffKept diffChange = iota
	diffAdded
	diffRemoved
	diffPlace // which file, or where in it
)

// diffLine is one line of a diff, with its sign and its line feed.
type diffLine struct {
	Change diffChange
	Text   string
}

// splitDiff splits a diff. Headers of files are no changes: they stand before the first place, or are --- and +++ after each other.
func splitDiff(text string) (lines []diffLine) {
	all := strings.Split(text, "\n")
	for i, line := range all {
		lines = append(lines, diffLine{changeOf(all, i), line + "\n"})
	}
	return lines
}

func changeOf(all []string, i int) diffChange {
	begins := func(at int, sign string) bool { return at >= 0 && at < len(all) && strings.HasPrefix(all[at], sign) }
	switch {
	case begins(i, "@@"), begins(i, "diff "), begins(i, "--- ") && begins(i+1, "+++ "), begins(i, "+++ ") && begins(i-1, "--- "):
		return diffPlace
	case begins(i, "+"):
		return diffAdded
	case begins(i, "-"):
		return diffRemoved
	}
	return diffKept
}
