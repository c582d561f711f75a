package views

import (
	"strings"
	"time"
)

// Forgot is the form that asks for a new password: what was typed, and what was wrong.
type Forgot struct {
	Email   string
	Problem string
}

// Reset is the form for a new password: the token of its link, whose account it is for, and what was wrong.
type Reset struct {
	Token   string
	Email   string
	Problem string
}

// BrokenLink is a link of an e-mail that does not work: why, and where another one is had.
type BrokenLink struct {
	Title    string
	Problem  string
	Path     string
	PathText string
}

// Message is an e-mail as docket dev shows it.
type Message struct {
	Name    string // in its address
	To      string
	Subject string
	At      time.Time
	Text    string
}

// textLine is a line of a message; a link is an address alone.
type textLine struct {
	text string
	link bool
}

// lines are the lines of a message, without those that are empty.
func (l Message) lines() (lines []textLine) {
	for line := range strings.Lines(l.Text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, textLine{line, strings.HasPrefix(line, "http://") || strings.HasPrefix(line, "https://")})
		}
	}
	return lines
}
