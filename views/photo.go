package views

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"docket/internal/form"
)

// Measured is what is known of a file beside what it shows. It is for agents only.
type Measured struct {
	Width, Height                 int // as it was sent, held upright
	Blur, Brightness, Glare, Grey float64
	Warnings                      []string // blurry, dark, glare, small, grey
	Twins                         []Twin   // the same from other users, exact ones first
	MoreTwins                     bool     // than were looked for
}

// Twin is a ticket of another user with the same file.
type Twin struct {
	Ticket uuid.UUID
	Exact  bool // the same byte for byte; else it looks the same
}

// chip is a number for agents. Those that warn say in words what of.
type chip struct {
	Text  string
	Warns bool
}

// photo is a picture of a ticket with what is known of it.
type photo struct {
	form.Row
	Measured
	Known bool
	Key   string // picks it; empty: it has none
}

// photosOf is the pictures among a ticket's answers, in the order of the form.
func photosOf(f *form.Form, review Review) (found []photo) {
	for _, section := range f.Show(review.Ticket.Extra) {
		_, shown := split(section.Rows)
		for _, row := range shown {
			measured, known := review.Files[row.File]
			found = append(found, photo{Row: row, Measured: measured, Known: known, Key: photoKey(len(found))})
		}
	}
	return found
}

func photoKey(i int) string {
	if i > 8 {
		return ""
	}
	return string(rune('1' + i))
}

// inWords leaves the pictures out, which agents see apart, and sections of nothing else.
func inWords(sections []form.ShownSection) (left []form.ShownSection) {
	for _, section := range sections {
		if section.Rows, _ = split(section.Rows); len(section.Rows) > 0 {
			left = append(left, section)
		}
	}
	return left
}

// chips are the numbers of a picture, those that warn first.
func (m Measured) chips() []chip {
	percent := func(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }
	size := fmt.Sprintf("%d × %d px", m.Width, m.Height)
	all := make([]chip, 0, 5)
	for _, c := range []struct{ code, quiet, warning string }{
		{"small", size, "Small: " + size},
		{"blurry", fmt.Sprintf("Sharpness %.0f", m.Blur), fmt.Sprintf("Blurred: sharpness %.0f", m.Blur)},
		{"dark", "Brightness " + percent(m.Brightness), "Dark: brightness " + percent(m.Brightness)},
		{"glare", fmt.Sprintf("Glare %.1f %%", 100*m.Glare), fmt.Sprintf("Glare: %.1f %% burnt out", 100*m.Glare)},
		{"grey", "Grey " + percent(m.Grey), "No colour: " + percent(m.Grey) + " grey"},
	} {
		if slices.Contains(m.Warnings, c.code) {
			all = append(all, chip{c.warning, true})
		} else {
			all = append(all, chip{c.quiet, false})
		}
	}
	slices.SortStableFunc(all, func(a, b chip) int {
		switch {
		case a.Warns == b.Warns:
			return 0
		case a.Warns:
			return -1
		}
		return 1
	})
	return all
}

// twins are the tickets that have the same file, or what looks the same, each once.
func (m Measured) twins(exact bool) (tickets []uuid.UUID) {
	for _, twin := range m.Twins {
		if twin.Exact == exact && !slices.Contains(tickets, twin.Ticket) {
			tickets = append(tickets, twin.Ticket)
		}
	}
	return tickets
}
