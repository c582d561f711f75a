package form

import (
	"time"

	"github.com/google/uuid"

	"docket/internal/i18n"
)

// Image is a JPEG or PNG picture, File a PDF document. The answer is the id of a file that was uploaded before.
const (
	Image Type = "image"
	File  Type = "file"
)

// CodeNotAFile is the problem of what is no id of a file.
const CodeNotAFile = "not_a_file"

func imageType() fieldType {
	t := uploadType(Image, "answer.picture", "image/jpeg,image/png")
	t.keys, t.blockable, t.picture = []string{"capture", "block"}, []string{"blurry", "dark", "glare", "grey"}, true
	return t
}

func fileType() fieldType { return uploadType(File, "answer.document", "application/pdf") }

// uploadType is what images and documents have in common; shown names what an answer is called.
func uploadType(name Type, shown, accept string) fieldType {
	return fieldType{
		name: name, check: checkFileID, codes: []string{CodeNotAFile}, missing: "answer.add", upload: true,
		show: func(_ *Field, text string, words *i18n.Words) string {
			if _, problem := checkFileID(nil, text, time.Time{}); problem.Code != "" {
				return text
			}
			return words.T(shown)
		},
		schema: func(_ *Field, schema map[string]any) string {
			schema["format"] = "uuid"
			return "The id of a file that was uploaded before."
		},
		kind: KindPresence, value: func(text string) any { return text != "" },
		control: func(*Field) Control { return Control{Element: ElementFile, Accept: accept} },
	}
}

// checkFileID checks the id of a file. Whose file it is and whether it exists the form does not know.
func checkFileID(_ *Field, text string, _ time.Time) (string, Problem) {
	id, err := uuid.Parse(text)
	if err != nil || len(text) != len(id.String()) {
		return "", newProblem(CodeNotAFile, "answer.no_file")
	}
	return id.String(), Problem{}
}

// fileID is the id that a stored answer to f is; "" when it is none.
func (f *Field) fileID(texts []string) string {
	if !f.Type.Upload() || len(texts) != 1 {
		return ""
	}
	id, _ := checkFileID(f, texts[0], time.Time{})
	return id
}
