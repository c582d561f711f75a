package files

import (
	"context"
	"encoding/json"
	"fmt"

	"docket/db"
	"docket/internal/form"
	"docket/internal/postgres"
)

// Draft is what a user has filled in and not sent yet; the zero Draft is nothing.
type Draft struct {
	SubmissionID string
	Answers      form.Input // as typed; a file by its id
}

// Draft is what a user has filled in and not sent yet.
func (f *Files) Draft(ctx context.Context, userID string) (Draft, error) {
	row, err := f.q.DraftGet(ctx, f.primary, userID)
	if postgres.IsNoRows(err) {
		return Draft{}, nil
	}
	if err != nil {
		return Draft{}, postgres.WrapError("find a draft", err)
	}
	draft := Draft{SubmissionID: row.SubmissionID}
	if err := json.Unmarshal(row.Answers, &draft.Answers); err != nil {
		return Draft{}, fmt.Errorf("read a draft: %w", err)
	}
	return draft, nil
}

// SaveDraft replaces a user's draft but for its files: what was typed may be older than those.
func (f *Files) SaveDraft(ctx context.Context, userID string, asked *form.Form, draft Draft) error {
	answers, err := json.Marshal(draft.Answers)
	if err != nil {
		return fmt.Errorf("write a draft: %w", err)
	}
	err = f.q.DraftSave(ctx, f.primary, db.DraftSaveParams{
		UserID: userID, SubmissionID: draft.SubmissionID, Answers: answers, Files: asked.Uploads(),
	})
	if err != nil {
		return postgres.WrapError("save a draft", err)
	}
	return nil
}

// AddToDraft puts a file into its user's draft of a submission.
func (f *Files) AddToDraft(ctx context.Context, submissionID string, file File) error {
	err := f.q.DraftSetAnswer(ctx, f.primary, db.DraftSetAnswerParams{
		UserID: file.UserID, SubmissionID: submissionID, Field: file.Field, Answer: file.ID.String(),
	})
	if err != nil {
		return postgres.WrapError("put a file into a draft", err)
	}
	return nil
}

// RemoveFromDraft takes the answer to a field out of a user's draft.
func (f *Files) RemoveFromDraft(ctx context.Context, userID, field string) error {
	if err := f.q.DraftRemoveAnswer(ctx, f.primary, db.DraftRemoveAnswerParams{UserID: userID, Field: field}); err != nil {
		return postgres.WrapError("take a file out of a draft", err)
	}
	return nil
}

// DeleteDraft removes a user's draft.
func (f *Files) DeleteDraft(ctx context.Context, userID string) error {
	if err := f.q.DraftDelete(ctx, f.primary, userID); err != nil {
		return postgres.WrapError("delete a draft", err)
	}
	return nil
}
