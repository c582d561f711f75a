package files

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/form"
	"docket/internal/postgres"
)

// Draft is what a user has filled in and not sent yet; the zero Draft is nothing.
type Draft struct {
	SubmissionID string
	Answers      form.Input        // as typed; a file by its id
	Pages        map[string]string // field name → the page that has written its answer last and, after a space, when that had read it in milliseconds since 1970
	Version      int64             // grows with each change; 0: there is no draft
}

// Draft is what a user, or somebody with a submission link, has filled in and not sent yet.
func (f *Files) Draft(ctx context.Context, userID string) (Draft, error) {
	row, err := f.q.DraftGet(ctx, f.primary, userID)
	if postgres.IsNoRows(err) {
		return Draft{}, nil
	}
	if err != nil {
		return Draft{}, postgres.WrapError("find a draft", err)
	}
	draft := Draft{SubmissionID: row.SubmissionID, Version: row.Version}
	if err := errors.Join(json.Unmarshal(row.Answers, &draft.Answers), json.Unmarshal(row.Pages, &draft.Pages)); err != nil {
		return Draft{}, fmt.Errorf("read a draft: %w", err)
	}
	return draft, nil
}

// SaveDraft replaces a user's draft, which had draft.Version when it was read. False: it has changed since, or the submission
// was sent. ErrTooManyDrafts when it was saved too often today.
func (f *Files) SaveDraft(ctx context.Context, userID string, draft Draft) (bool, error) {
	if draft.Pages == nil {
		draft.Pages = map[string]string{}
	}
	answers, err := json.Marshal(draft.Answers)
	pages, err2 := json.Marshal(draft.Pages)
	if err := errors.Join(err, err2); err != nil {
		return false, fmt.Errorf("write a draft: %w", err)
	}
	row, err := f.q.DraftSave(ctx, f.primary, db.DraftSaveParams{
		UserID: userID, SubmissionID: draft.SubmissionID, Answers: answers, Pages: pages, Version: draft.Version, DailyLimit: MaxDraftsPerDay,
	})
	switch {
	case err != nil:
		return false, postgres.WrapError("save a draft", err)
	case !row.Counted:
		return false, ErrTooManyDrafts
	}
	return row.Saved, nil
}

// Submitted reports whether a user has sent a submission.
func (f *Files) Submitted(ctx context.Context, userID, submissionID string) (bool, error) {
	was, err := f.q.DraftSubmitted(ctx, f.primary, db.DraftSubmittedParams{UserID: userID, SubmissionID: submissionID})
	if err != nil {
		return false, postgres.WrapError("find out whether a draft was sent", err)
	}
	return was, nil
}

// AddToDraft puts files into a draft of a submission; owner is whose draft it is.
func (f *Files) AddToDraft(ctx context.Context, owner, submissionID string, added ...File) error {
	if len(added) == 0 {
		return nil
	}
	byField := map[string]uuid.UUID{}
	for _, file := range added {
		byField[file.Field] = file.ID
	}
	answers, err := json.Marshal(byField)
	if err != nil {
		return fmt.Errorf("write a draft: %w", err)
	}
	err = f.q.DraftSetAnswers(ctx, f.primary, db.DraftSetAnswersParams{UserID: owner, SubmissionID: submissionID, Answers: answers})
	if err != nil {
		return postgres.WrapError("put files into a draft", err)
	}
	return nil
}

// AddSeveralToDraft puts files into a draft of a submission, beside those that its field has there already.
func (f *Files) AddSeveralToDraft(ctx context.Context, owner, submissionID, field string, ids []string) error {
	err := f.q.DraftAddFiles(ctx, f.primary, db.DraftAddFilesParams{UserID: owner, SubmissionID: submissionID, Field: field, Ids: ids})
	if err != nil {
		return postgres.WrapError("put several files into a draft", err)
	}
	return nil
}

// Try is one try to send the files of a field: it replaces what the tries before it have put into the draft.
type Try struct {
	Upload string // names the upload among those of the draft
	Number int32  // grows from try to try
}

// AddUploadToDraft puts the files of a try into a draft of a submission, as AddSeveralToDraft does, and those that its page shows. A try that
// a later one has overtaken adds nothing.
func (f *Files) AddUploadToDraft(ctx context.Context, owner, submissionID, field string, try Try, shown, added []string) error {
	err := f.q.DraftAddUpload(ctx, f.primary, db.DraftAddUploadParams{
		UserID: owner, SubmissionID: submissionID, Field: field, Shown: shown, Added: added, Upload: try.Upload, Tried: try.Number,
	})
	if err != nil {
		return postgres.WrapError("put an upload into a draft", err)
	}
	return nil
}

// RemoveFileFromDraft takes one of several files of a field out of a user's draft.
func (f *Files) RemoveFileFromDraft(ctx context.Context, userID, field, id string) error {
	if err := f.q.DraftRemoveFile(ctx, f.primary, db.DraftRemoveFileParams{UserID: userID, Field: field, ID: id}); err != nil {
		return postgres.WrapError("take one of several files out of a draft", err)
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

// DeleteSentDraft removes a user's draft of a submission that was sent.
func (f *Files) DeleteSentDraft(ctx context.Context, userID, submissionID string) error {
	if err := f.q.DraftDeleteSent(ctx, f.primary, db.DraftDeleteSentParams{UserID: userID, SubmissionID: submissionID}); err != nil {
		return postgres.WrapError("delete a sent draft", err)
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
