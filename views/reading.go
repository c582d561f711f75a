package views

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"docket/internal/evidence"
	"docket/internal/form"
	"docket/internal/form/finding"
	"docket/internal/photo"
)

// FaceWarning is the code of what is said of the faces of a picture; "" when there is nothing to say.
func FaceWarning(field form.Field, read evidence.Reading) string {
	if state := read.FaceWarning(field.Faces == form.FaceDocument); state != "" && field.Faces != "" {
		return "face_" + state
	}
	return ""
}

// findingOf is what was read for a field; false when nothing was, or the customer cannot change its answer.
func (s FormView) findingOf(site Site, field form.Field) (finding.Finding, bool) {
	i := slices.IndexFunc(s.Findings, func(one finding.Finding) bool { return one.Field.Name == field.Name })
	if i < 0 || site.Link.Locked[field.Name] || s.Asked != nil && !s.Asked[field.Name] {
		return finding.Finding{}, false
	}
	return s.Findings[i], s.Findings[i].Value.Text != ""
}

// proposalsOf are the findings of the picture of a field that can answer what is not answered.
func (s FormView) proposalsOf(site Site, field form.Field) (proposals []finding.Finding) {
	applies := site.Form.Applies(s.Values, site.Now)
	for _, one := range s.Findings {
		found, ok := s.findingOf(site, one.Field)
		if now, conditional := applies[one.Field.Name]; ok && found.Source.File == field.Name && found.Proposes() && (now || !conditional) {
			proposals = append(proposals, found)
		}
	}
	return proposals
}

// agreeingOn lists the questions whose answers are those that were read in the picture of a field.
func (s FormView) agreeingOn(field form.Field) string {
	var labels []string
	for _, one := range s.Findings {
		if one.Source.File == field.Name && one.Match == evidence.Agrees {
			labels = append(labels, one.Field.Label)
		}
	}
	return strings.Join(labels, ", ")
}

// proposesAt reports whether a page proposes what was read at the field itself: not where the photo beside it proposes all of it.
func (s FormView) proposesAt(found finding.Finding) bool {
	return found.Proposes() && !s.asksField(form.Field{Name: found.Source.File})
}

// proposedHere is how many answers a page proposes at its fields.
func (s FormView) proposedHere(site Site) (count int) {
	for _, one := range s.Findings {
		if found, ok := s.findingOf(site, one.Field); ok && s.proposesAt(found) && s.asksField(one.Field) {
			count++
		}
	}
	return count
}

// sourceOf is the picture that something was read from.
func (s FormView) sourceOf(found finding.Finding) File {
	if stored := s.Files[found.Source.File]; len(stored) > 0 {
		return stored[0]
	}
	return File{}
}

// readWords is what was read, as a person reads answers of its field.
func readWords(site Site, found finding.Finding) string {
	if found.Answer == "" {
		return found.Value.Text
	}
	return site.Form.ShowInput(found.Field.Name, []string{found.Answer})
}

func saidWords(site Site, found finding.Finding) string {
	return site.Form.ShowInput(found.Field.Name, []string{found.Said})
}

// tellsDifference reports whether a customer is told that an answer is not what was read.
func tellsDifference(found finding.Finding) bool {
	return found.Match == evidence.Differs || found.Match == evidence.Near
}

// pictureSize is how large a picture is, in the pixels that places of it are counted in.
type pictureSize struct{ width, height int }

// preview is the longer side of the preview that has so many pixels of a picture, or the most that it has.
func (s pictureSize) preview(most int) int {
	sizes := photo.SizesOf(min(max(s.width, s.height), photo.LongestSide))
	for _, size := range slices.Backward(sizes) {
		if size <= most {
			return size
		}
	}
	return sizes[0]
}

// area is a part of a picture in pixels.
type area struct{ x, y, width, height float64 }

// around is a place with a margin, which is a share of its shorter side.
func (s pictureSize) around(place evidence.Place, margin float64) area {
	w, h := float64(s.width), float64(s.height)
	edge := margin * min(place.Width*w, place.Height*h)
	left, top := max(place.X*w-edge, 0), max(place.Y*h-edge, 0)
	right, bottom := min((place.X+place.Width)*w+edge, w), min((place.Y+place.Height)*h+edge, h)
	return area{left, top, max(right-left, 1), max(bottom-top, 1)}
}

func (a area) viewBox() string {
	return fmt.Sprintf("%.0f %.0f %.0f %.0f", a.x, a.y, max(a.width, 1), max(a.height, 1))
}

// turn is the part that shows the same, once the picture is turned about its middle.
func (a area) turn(degrees int) area {
	if degrees%180 == 0 {
		return a
	}
	return area{a.x + (a.width-a.height)/2, a.y + (a.height-a.width)/2, a.height, a.width}
}

// rotation turns a picture about the middle of a part of it.
func (a area) rotation(degrees int) string {
	return fmt.Sprintf("rotate(%d %.0f %.0f)", degrees, a.x+a.width/2, a.y+a.height/2)
}

// fit is the size in CSS pixels of a crop with this height, or less where it would be wider than that.
func (a area) fit(width, height float64) (w, h string) {
	scale := min(width/a.width, height/a.height)
	return strconv.Itoa(int(math.Ceil(a.width * scale))), strconv.Itoa(int(math.Ceil(a.height * scale)))
}

// readings are what was read of the pictures of a ticket, by the name of the field.
func (r Review) readings(f *form.Form, given form.Input) map[string]evidence.Reading {
	readings := map[string]evidence.Reading{}
	for _, name := range f.Uploads() {
		if file, known := r.Files[given.Text(name)]; known && !file.Reading.Empty() {
			readings[name] = file.Reading
		}
	}
	return readings
}

// findings are what was read for the answers of a ticket, and how it compares with them, as its own form has it. None: its form reads nothing.
func (r Review) findings(site Site) map[string]ticketFinding {
	f := site.formOf(r.Ticket)
	if len(f.Reads) == 0 || r.Ticket.Erased() {
		return nil
	}
	given := f.InputFromAnswers(r.Ticket.Extra)
	readings, found := r.readings(f, given), map[string]ticketFinding{}
	for _, one := range finding.Of(f, given, readings, f.ValuesOf(nil, r.Ticket.CreatedAt).Today()) {
		found[one.Field.Name] = ticketFinding{one, given.Text(one.Source.File)}
	}
	return found
}

// sheet is what agents see beside the answers of a ticket; the zero sheet: nothing.
type sheet struct {
	Read     map[string]ticketFinding // by field; nil: nothing was read
	Unread   []string                 // the labels of answers outside of groups that the photos do not say
	Citizens []finding.Citizen
}

// sheet is what is known of the answers of a ticket.
func (r Review) sheet(site Site) sheet {
	f, found := site.formOf(r.Ticket), sheet{Citizens: r.citizens(site)}
	all, given := r.findings(site), f.InputFromAnswers(r.Ticket.Extra)
	for field := range f.Inputs() {
		one, reads := all[field.Name]
		switch {
		case !reads:
		case one.Value.Text != "":
			if found.Read == nil {
				found.Read = all
			}
		case one.Said != "" && field.Cell.Group == "" && givesPhoto(f, field.Name, given):
			found.Unread = append(found.Unread, field.Label)
		}
	}
	return found
}

// givesPhoto reports whether there is a photo that an answer could be read from.
func givesPhoto(f *form.Form, name string, given form.Input) bool {
	read, _ := f.ReadOf(name)
	return slices.ContainsFunc(read.Sources, func(s form.ReadSource) bool { return given.Text(s.File) != "" })
}

// unreadText says which answers the photos do not say; "" when they say all.
func (s sheet) unreadText(site Site) string {
	switch {
	case len(s.Unread) == 0:
		return ""
	case s.Read == nil:
		return site.T("reading.nothing_read")
	}
	return site.T("reading.unread", "Labels", strings.Join(s.Unread, ", "))
}

func (s sheet) empty() bool { return s.Read == nil && len(s.Citizens) == 0 }

// ticketFinding is a finding with the picture that it was read from.
type ticketFinding struct {
	finding.Finding
	File string // its id
}

// mark is a sign for how an answer compares with what was read.
func (f ticketFinding) mark() string { return matchMark(f.Match) }

// quiet reports whether a sign is all that is shown: what was read is the same, or not sure enough to be another answer.
func (f ticketFinding) quiet() bool {
	return f.Match == evidence.Agrees || f.Match == evidence.Unread && f.Said != ""
}

// words are what was read, and how sure that is, as an agent reads it.
func (f ticketFinding) words(site Site) string {
	if f.Value.Text == "" {
		return site.T("reading.nothing")
	}
	text := readWords(site, f.Finding)
	if !f.Value.Sure {
		text += " " + site.T("reading.unsure")
	} else if f.Value.Mended {
		text += " " + site.T("reading.mended")
	}
	return text
}

// placesOn are the findings that were read from a picture.
func placesOn(found map[string]ticketFinding, file string) (places []ticketFinding) {
	for _, one := range found {
		if one.File == file && one.Value.Place.Width > 0 {
			places = append(places, one)
		}
	}
	slices.SortFunc(places, func(a, b ticketFinding) int { return strings.Compare(a.Field.Name, b.Field.Name) })
	return places
}

// facePairs are the pictures whose faces agents see beside each other: that of a document and that of a person, outside of groups and in
// each row, where both have a face.
func facePairs(photos []galleryPhoto) (pairs [][]galleryPhoto) {
	documents, selfies := withFace(photos, form.FaceDocument), withFace(photos, form.FaceSelfie)
	seen := map[string]bool{}
	for _, document := range documents {
		row := rowOf(document.Field)
		i := slices.IndexFunc(selfies, func(p galleryPhoto) bool { return rowOf(p.Field) == row })
		if i >= 0 && !seen[row] {
			pairs = append(pairs, []galleryPhoto{document, selfies[i]})
		}
		seen[row] = true
	}
	return pairs
}

// withFace are the pictures with a face that is of a document or of a person, as the form says.
func withFace(photos []galleryPhoto, whose string) (found []galleryPhoto) {
	for _, p := range photos {
		if p.Field.Faces == whose && p.Known && len(p.Reading.Faces) > 0 {
			found = append(found, p)
		}
	}
	return found
}

// rowOf is the name of the row in which a field stands; "" when it is in none.
func rowOf(field form.Field) string {
	if field.Cell.Group == "" {
		return ""
	}
	return form.RowName(field.Cell.Group, field.Cell.Slot)
}

func (m Measurements) pixels() pictureSize { return pictureSize{m.Width, m.Height} }
