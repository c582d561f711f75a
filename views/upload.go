package views

import (
	"strconv"

	"github.com/a-h/templ"

	"docket/internal/form"
	"docket/internal/photo"
)

// uploadScriptData is what the script needs to send a file as soon as it is chosen: where to, and what to say.
func uploadScriptData(site Site, field form.Field) templ.Attributes {
	return templ.Attributes{
		"data-upload":        site.Link.Upload(field.Name),
		"data-max-bytes":     strconv.Itoa(photo.MaxBytes),
		"data-say-shrinking": site.T("upload.shrinking"),
		"data-say-sending":   site.T("upload.sending"),
		"data-say-holding":   site.T("upload.holding"),
		"data-say-busy":      site.T("upload.busy"),
		"data-say-many":      site.T("problem.too_many_files.detail"),
		"data-say-offline":   site.T("upload.offline"),
		"data-say-changed":   site.T("upload.changed"),
		"data-say-large":     RefusalText(site, "file_too_large"),
		"data-say-heic":      RefusalText(site, "heic"),
		"data-say-gone":      site.T("upload.gone"),
		"data-say-not-sent":  site.T("upload.not_sent"),
	}
}

// uploadAttributes is everything about the control of a file that comes from the form file.
func uploadAttributes(site Site, field form.Field, file File, problem string) templ.Attributes {
	a := describedBy(fieldID(field), hasHelp(site, field), problem)
	a["id"], a["name"], a["accept"] = fieldID(field), field.Name, field.Control().Accept
	if len(file.Warnings) > 0 {
		ids, _ := a["aria-describedby"].(string)
		a["aria-describedby"] = ids + " " + fieldID(field) + "-warnings"
	}
	return a
}

func chooseFileText(site Site, field form.Field, stored bool) string {
	switch {
	case field.Type.Several():
		return site.T("upload.add_file")
	case field.AcceptsPDF() && field.AcceptsPicture() && stored:
		return site.T("upload.other_document")
	case field.AcceptsPDF() && field.AcceptsPicture():
		return site.T("upload.choose_file")
	case !field.AcceptsPicture() && stored:
		return site.T("upload.other_document")
	case !field.AcceptsPicture():
		return site.T("upload.choose_document")
	case stored:
		return site.T("upload.other_document")
	case field.Capture != "":
		return site.T("upload.choose_file")
	}
	return site.T("upload.choose_photo")
}

// acceptsText says what a field takes whose form file says so, and how many.
func acceptsText(site Site, field form.Field) string {
	if len(field.Accept) == 0 && field.Many < 2 {
		return ""
	}
	key := "upload.accepts_pdf"
	switch {
	case field.AcceptsPDF() && field.AcceptsPicture():
		key = "upload.accepts_both"
	case field.AcceptsPicture():
		key = "upload.accepts_image"
	}
	text := site.T(key)
	if field.Many > 1 {
		text += " " + site.T("upload.at_most", "Count", field.Many)
	}
	return text
}

// RefusalText says why a file was not accepted, by the code of the refusal, and what to do.
func RefusalText(site Site, code string) string {
	return site.T("refused."+code, "MB", photo.MaxBytes>>20, "MinSide", photo.MinSide, "MaxSide", photo.MaxSide, "Megapixels", photo.MaxPixels/1_000_000)
}

// LostFileText says that a file is not there for this ticket.
func LostFileText(site Site) string { return site.T("upload.lost") }

// FileNotSavedText says that a file could not be saved, which is not the fault of the file.
func FileNotSavedText(site Site) string { return site.T("upload.unkept") }

func kilobytes(size int64) int { return int((size + 1023) >> 10) }

// isPicture reports whether an answer is a picture, by its type or by what is known of it.
func isPicture(row form.Row, known map[string]Measurements) bool {
	return row.File != "" && (row.Field.Type.Picture() || known[row.File].Picture)
}

// splitPictures separates the answers that are pictures from the others.
func splitPictures(site Site, rows []form.Row, known map[string]Measurements) (texts, pictures []form.Row) {
	for _, row := range rows {
		if row.Table != nil {
			pictures = append(pictures, rowPictures(site, row, known)...)
			texts = append(texts, withoutRowPictures(row, known))
		} else if isPicture(row, known) {
			pictures = append(pictures, row)
		} else {
			texts = append(texts, row)
		}
	}
	return texts, pictures
}
