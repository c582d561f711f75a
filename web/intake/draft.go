package intake

import (
	"context"
	"strings"

	"docket/internal/files"
	"docket/internal/form"
)

// SaveDraft keeps the answers that were asked for, as they were typed, and whether all of the form was shown.
func (in *Intake) SaveDraft(ctx context.Context, sent FormInput) error {
	answers := form.Input{}
	for _, name := range in.Form.Names() {
		if sent.Asked != nil && !sent.Asked[name] || in.answeredTwice(sent, name) {
			continue
		}
		for _, text := range sent.Values(name) {
			if text = storableText(text); strings.TrimSpace(text) != "" {
				answers.Add(name, text)
			}
		}
	}
	if sent.WholeForm {
		answers.Set("all", "1")
	}
	return in.Files.SaveDraft(ctx, sent.UserID, in.Form, files.Draft{SubmissionID: sent.SubmissionID, Answers: answers})
}

// storableText is typed text without what PostgreSQL cannot keep.
func storableText(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
}

// HasText reports whether more was sent than files.
func (in *Intake) HasText(sent FormInput) bool {
	for name := range sent.Input {
		if field, known := in.Form.Field(name); known && !field.Type.Upload() {
			return true
		}
	}
	return false
}
