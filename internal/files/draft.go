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

// Note keeps a draft instead of the one before, but for its files: what is typed may be older than those.
func (f *Files) Note(ctx context.Context, userID string, asked *form.Form, draft Draft) error {
	answers, err := json.Marshal(draft.Answers)
	if err != nil {
		return fmt.Errorf("write a draft: %w", err)
	}
	err = f.q.DraftPut(ctx, f.primary, db.DraftPutParams{
		UserID: userID, SubmissionID: draft.SubmissionID, Answers: answers, Files: asked.Uploads(),
	})
	if err != nil {
		return postgres.WrapError("keep a draft", err)
	}
	return nil
}

// Attach puts a file into its user's draft of a submission.
func (f *Files) Attach(ctx context.Context, submissionID string, file File) error {
	err := f.q.DraftAnswer(ctx, f.primary, db.DraftAnswerParams{
		UserID: file.UserID, SubmissionID: submissionID, Field: file.Field, Answer: file.ID.String(),
	})
	if err != nil {
		return postgres.WrapError("put a file into a draft", err)
	}
	return nil
}

// Detach takes the answer to a field out of a user's draft.
func (f *Files) Detach(ctx context.Context, userID, field string) error {
	if err := f.q.DraftDrop(ctx, f.primary, db.DraftDropParams{UserID: userID, Field: field}); err != nil {
		return postgres.WrapError("take a file out of a draft", err)
	}
	return nil
}

// Forget removes a user's draft.
func (f *Files) Forget(ctx context.Context, userID string) error {
	if err := f.q.DraftDelete(ctx, f.primary, userID); err != nil {
		return postgres.WrapError("forget a draft", err)
	}
	return nil
}
