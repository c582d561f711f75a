package views

import (
	"cmp"
	"slices"
	"strconv"

	"docket/internal/evidence"
	"docket/internal/form"
	"docket/internal/ticket"
)

// Measurements are what is known of a file beside what it shows. It is for agents only.
type Measurements struct {
	Picture                              bool
	Width, Height                        int // as it was sent, held upright
	Blur, Brightness, Glare, Burnt, Grey float64
	Warnings                             []string // blurry, dark, overexposed, glare, small, grey; of faces face_none and its like
	Reading                              evidence.Reading
}

// LookAlike is a ticket of another user with a file of this ticket, or a picture that looks the same.
type LookAlike struct {
	Ticket  ticket.Ticket
	Picture string // of that ticket, to show; empty: the file is none
	Field   string // of this ticket, whose file it is like
	Exact   bool   // the same byte for byte; else it looks the same
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
		_, pictures := splitPictures(site, section.Rows, review.Files)
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
		place := slices.IndexFunc(photos, func(p galleryPhoto) bool { return p.Field.Name == name || form.InAnyRow(p.Field.Name) == name })
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
func (r Review) withoutPhotos(site Site, sections []form.ShownSection) (left []form.ShownSection) {
	for _, section := range sections {
		if section.Rows, _ = splitPictures(site, section.Rows, r.Files); len(section.Rows) > 0 {
			left = append(left, section)
		}
	}
	return left
}

// warningTexts say what is off in a picture, worst first. A good one has none.
func (m Measurements) warningTexts(site Site) []string {
	percent := func(share float64, decimals int) []any {
		return []any{"Value", site.words().Decimal(100*share, decimals)}
	}
	args := map[string][]any{
		"blurry":      {"Value", site.words().Decimal(m.Blur, 0)},
		"dark":        percent(m.Brightness, 0),
		"overexposed": percent(m.Burnt, 0),
		"glare":       percent(m.Glare, 1),
		"small":       {"Width", strconv.Itoa(m.Width), "Height", strconv.Itoa(m.Height)},
		"grey":        percent(m.Grey, 0),
	}
	texts := make([]string, len(m.Warnings))
	for i, warning := range m.Warnings {
		texts[i] = site.T("photo.warning."+warning, args[warning]...)
	}
	return texts
}

// likeness says which picture of the ticket another is like, and how.
func (l LookAlike) likeness(site Site) string {
	field, _ := site.Form.Field(l.Field)
	if group, inside := site.Form.Field(field.Cell.Group); inside && field.Cell.Slot != form.AnyRow {
		field.Label = inRow(site, group.RowLabel(field.Cell.Slot, site.words()), field.Label)
	}
	key := "photo.looks_same"
	if l.Exact {
		key = "photo.same_file"
	}
	return site.T(key, "Label", cmp.Or(field.Label, l.Field))
}
