package form

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"docket/internal/i18n"
)

// Image is a JPEG or PNG picture, File a PDF document or what "accept" says. The answer is the id of a file that was uploaded before.
// Files is a File with "many", whose answer is several.
const (
	Image Type = "image"
	File  Type = "file"
	Files Type = "files"
)

// What "accept" of a file may list.
const (
	AcceptPDF   = "pdf"
	AcceptImage = "image"
)

// MaxFiles is how many files a field may take.
const MaxFiles = 10

// CodeNotAFile is the problem of what is no id of a file.
const CodeNotAFile = "not_a_file"

func imageType() fieldType {
	t := uploadType(Image, "answer.picture")
	t.keys, t.blockable, t.picture = []string{"capture", "example", "block", "faces", "qr"}, []string{"blurry", "dark", "glare", "grey"}, true
	return t
}

func fileType() fieldType {
	t := uploadType(File, "answer.document")
	t.keys = []string{"accept", "many"}
	return t
}

func filesType() fieldType {
	t := fileType()
	t.name, t.several, t.checkAll, t.codes = Files, true, checkFiles, []string{CodeNotAFile, CodeTooMany}
	t.json, t.kind, t.value, t.schema = jsonStrings, KindTexts, nil, filesSchema
	return t
}

// uploadType is what images and documents have in common; shown names what an answer is called.
func uploadType(name Type, shown string) fieldType {
	return fieldType{
		name: name, check: checkFileID, codes: []string{CodeNotAFile}, missing: "answer.add", upload: true,
		show: func(f *Field, text string, words *i18n.Words) string {
			_, problem := checkFileID(nil, text, time.Time{})
			switch {
			case problem.Code != "":
				return text
			case f.AcceptsPicture() && shown == "answer.document":
				return words.T("answer.file")
			}
			return words.T(shown)
		},
		schema: func(_ *Field, schema map[string]any) string {
			schema["format"] = "uuid"
			return "The id of a file that was uploaded before."
		},
		kind: KindPresence, value: func(text string) any { return text != "" },
		control: func(f *Field) Control { return Control{Element: ElementFile, Accept: acceptedMedia(f)} },
	}
}

func filesSchema(f *Field, schema map[string]any) (note string) {
	schema["type"], schema["uniqueItems"], schema["maxItems"] = "array", true, f.Many
	schema["items"] = map[string]any{"type": "string", "format": "uuid"}
	if f.Required {
		schema["minItems"] = 1
	}
	return "The ids of files that were uploaded before."
}

// checkFiles checks how many files there are.
func checkFiles(f *Field, texts []string) ([]string, Problem) {
	if len(texts) > f.Many {
		return nil, newProblem(CodeTooMany, "answer.too_many_files", "Count", f.Many)
	}
	return texts, Problem{}
}

// AcceptsPicture reports whether the answer may be a picture.
func (f *Field) AcceptsPicture() bool {
	return f.Type == Image || slices.Contains(f.Accept, AcceptImage)
}

// AcceptsPDF reports whether the answer may be a PDF.
func (f *Field) AcceptsPDF() bool {
	return (f.Type == File || f.Type == Files) && (len(f.Accept) == 0 || slices.Contains(f.Accept, AcceptPDF))
}

// acceptedMedia are the media types that a page offers to choose.
func acceptedMedia(f *Field) string {
	var media []string
	if f.AcceptsPicture() {
		media = append(media, "image/jpeg", "image/png")
	}
	if f.AcceptsPDF() {
		media = append(media, "application/pdf")
	}
	return strings.Join(media, ",")
}

// checkFileID checks the id of a file. Whose file it is and whether it exists the form does not know.
func checkFileID(_ *Field, text string, _ time.Time) (string, Problem) {
	id, err := uuid.Parse(text)
	if err != nil || len(text) != len(id.String()) {
		return "", newProblem(CodeNotAFile, "answer.no_file")
	}
	return id.String(), Problem{}
}

// fileIDs are the ids that a stored answer to f names.
func (f *Field) fileIDs(texts []string) (ids []string) {
	if !f.Type.Upload() {
		return nil
	}
	for _, text := range texts {
		if id, problem := checkFileID(f, text, time.Time{}); problem.Code == "" {
			ids = append(ids, id)
		}
	}
	return ids
}
