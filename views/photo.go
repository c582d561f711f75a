package views

import (
	"slices"
	"strconv"

	"github.com/google/uuid"

	"docket/internal/form"
)

// Measurements are what is known of a file beside what it shows. It is for agents only.
type Measurements struct {
	Width, Height                 int // as it was sent, held upright
	Blur, Brightness, Glare, Grey float64
	Warnings                      []string    // blurry, dark, glare, small, grey
	Duplicates                    []Duplicate // from other users, exact ones first
	MoreDuplicates                bool        // than were looked for
}

// Duplicate is a ticket of another user with the same file.
type Duplicate struct {
	Ticket uuid.UUID
	Exact  bool // the same byte for byte; else it looks the same
}

// chip is a measurement in words.
type chip struct {
	Text  string
	Warns bool
}

// galleryPhoto is a picture of a ticket with what is known of it.
type galleryPhoto struct {
	form.Row
	Measurements
	Known bool
	Key   string // picks it; empty: it has none
	Side  string // left or right, where it is compared from the start; empty: neither
}

// photosOf is the pictures among a ticket's answers, in the order of the form.
func photosOf(site Site, review Review) (found []galleryPhoto) {
	for _, section := range shownAnswers(site, review.Ticket) {
		_, pictures := splitPictures(section.Rows)
		for _, row := range pictures {
			measured, known := review.Files[row.File]
			found = append(found, galleryPhoto{Row: row, Measurements: measured, Known: known, Key: photoKey(len(found))})
		}
	}
	setSides(site.formOf(review.Ticket), found)
	return found
}

// setSides says which pictures are compared: those that the form names, otherwise the first one with the first face.
func setSides(f *form.Form, photos []galleryPhoto) {
	if len(photos) < 2 {
		return
	}
	left, right := 0, max(1, slices.IndexFunc(photos, func(p galleryPhoto) bool { return p.Field.Capture == "user" }))
	if named := comparedPhotos(f, photos); named != nil {
		left, right = named[0], named[1]
	}
	photos[left].Side, photos[right].Side = "left", "right"
}

// comparedPhotos are the places of the two pictures that the form names; nil when it names none, or one was not sent.
func comparedPhotos(f *form.Form, photos []galleryPhoto) (places []int) {
	for _, name := range f.Compare {
		place := slices.IndexFunc(photos, func(p galleryPhoto) bool { return p.Field.Name == name })
		if place < 0 {
			return nil
		}
		places = append(places, place)
	}
	return places
}

// opensCompared reports whether the page opens with two pictures beside each other.
func (r Review) opensCompared(site Site, shown []galleryPhoto) bool {
	return comparedPhotos(site.formOf(r.Ticket), shown) != nil
}

func photoKey(i int) string {
	if i > 8 {
		return ""
	}
	return string(rune('1' + i))
}

// withoutPhotos leaves out the pictures, which agents see in the gallery, and sections of nothing else.
func withoutPhotos(sections []form.ShownSection) (left []form.ShownSection) {
	for _, section := range sections {
		if section.Rows, _ = splitPictures(section.Rows); len(section.Rows) > 0 {
			left = append(left, section)
		}
	}
	return left
}

// chipTexts are the measurements of a picture, those that warn first.
func (m Measurements) chipTexts(site Site) []chip {
	percent := func(share float64) string { return site.words().Decimal(100*share, 0) }
	value := func(text string) []any { return []any{"Value", text} }
	size := []any{"Width", strconv.Itoa(m.Width), "Height", strconv.Itoa(m.Height)}
	var warnings, others []chip
	for _, c := range []struct {
		warning, key string
		args         []any
	}{
		{"small", "photo.size", size},
		{"blurry", "photo.sharpness", value(site.words().Decimal(m.Blur, 0))},
		{"dark", "photo.brightness", value(percent(m.Brightness))},
		{"glare", "photo.glare", value(site.words().Decimal(100*m.Glare, 1))},
		{"grey", "photo.grey", value(percent(m.Grey))},
	} {
		if slices.Contains(m.Warnings, c.warning) {
			warnings = append(warnings, chip{site.T("photo.warning."+c.warning, c.args...), true})
		} else {
			others = append(others, chip{site.T(c.key, c.args...), false})
		}
	}
	return append(warnings, others...)
}

// duplicates are the tickets that have the same file, or what looks the same, each once.
func (m Measurements) duplicates(exact bool) (tickets []uuid.UUID) {
	for _, duplicate := range m.Duplicates {
		if duplicate.Exact == exact && !slices.Contains(tickets, duplicate.Ticket) {
			tickets = append(tickets, duplicate.Ticket)
		}
	}
	return tickets
}
