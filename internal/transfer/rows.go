package transfer

import (
	"context"
	"encoding/hex"
	"encoding/json"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
)

// row is a row of tickets as jsonb_populate_recordset reads it.
type row struct {
	ID             uuid.UUID       `json:"id"`
	UserID         string          `json:"user_id"`
	Status         string          `json:"status"`
	Version        int64           `json:"version"`
	Extra          json.RawMessage `json:"extra"`
	FormVersion    string          `json:"form_version"`
	Language       string          `json:"language"`
	Queue          string          `json:"queue"`
	OneOpen        bool            `json:"one_open"`
	SubmittedBy    string          `json:"submitted_by"`
	SubmissionKey  string          `json:"submission_key"`
	SubmissionHash string          `json:"submission_hash"`
	Attempt        int32           `json:"attempt"`
	PreviousID     *uuid.UUID      `json:"previous_id"`
	Turn           *int32          `json:"turn"`
	DecidedBy      *string         `json:"decided_by"`
	DecidedMS      *int64          `json:"decided_at_ms"`
	Reason         *string         `json:"reject_reason"`
	Reasons        []string        `json:"reject_reasons"`
	Rows           []string        `json:"reject_rows"`
	Class          *string         `json:"reject_class"`
	Comment        *string         `json:"reject_comment"`
	Note           *string         `json:"note"`
	RuleHash       *string         `json:"rule_hash"`
	Grant          json.RawMessage `json:"grant_extra,omitempty"`
	Subject        string          `json:"subject"`
	ValidUntilMS   *int64          `json:"valid_until_ms"`
	RevokedBy      *string         `json:"revoked_by"`
	CreatedMS      int64           `json:"created_at_ms"`
	UpdatedMS      int64           `json:"updated_at_ms"`
}

// row is the ticket as it is added: approved, if that was taken back later.
func (t *Ticket) row() row {
	r := row{
		ID: t.ID, UserID: t.UserID, Status: t.Status, Version: 2, Extra: t.Extra, FormVersion: t.FormVersion, Language: t.Language, Queue: t.Queue,
		OneOpen: t.OneOpen, SubmittedBy: t.SubmittedBy, SubmissionKey: t.SubmissionKey, SubmissionHash: `\x` + hex.EncodeToString(t.SubmissionHash),
		Attempt: t.Attempt, PreviousID: t.PreviousID, Turn: t.Turn, DecidedBy: postgres.OrNull(t.DecidedBy), RuleHash: postgres.OrNull(t.RuleHash), Class: postgres.OrNull(t.Class),
		Subject: t.Subject, CreatedMS: t.CreatedMS, UpdatedMS: max(t.CreatedMS, t.ClosedMS),
	}
	if t.approved() {
		r.Status = "approved"
	}
	if t.Status == "processing" {
		r.Version = 1
	}
	if t.DecidedBy != "" {
		r.DecidedMS = &t.ClosedMS
		if t.Erased == nil {
			r.Note = &t.Note
		}
	}
	if t.approved() {
		r.Grant = t.Grant
		if t.ValidUntilMS != 0 {
			r.ValidUntilMS = &t.ValidUntilMS
		}
	}
	if t.Status == "rejected" {
		r.Reason, r.Reasons, r.Rows, r.Comment = &t.Reasons[0], t.Reasons, t.Rows, &t.Comment
	}
	return r
}

// revokedRow is what taking an approval back changes.
func (t *Ticket) revokedRow() row {
	v := t.Revoked
	r := row{ID: t.ID, RevokedBy: &v.By, UpdatedMS: v.AtMS, Reason: &v.Reason, Reasons: []string{v.Reason}, Class: &v.Class, Comment: &v.Comment}
	if t.Erased == nil {
		r.Note = &v.Note
	}
	return r
}

// rowsOf makes a row of each.
func rowsOf[T, R any](all []T, rowOf func(T) R) []R {
	rows := make([]R, len(all))
	for i, one := range all {
		rows[i] = rowOf(one)
	}
	return rows
}

// Rows of the other tables name their ticket.
type (
	noteRow struct {
		TicketID uuid.UUID `json:"ticket_id"`
		Note
	}
	opinionRow struct {
		TicketID uuid.UUID `json:"ticket_id"`
		Opinion
		GrantExtra json.RawMessage `json:"grant_extra,omitempty"`
	}
	stepRow struct {
		TicketID uuid.UUID `json:"ticket_id"`
		Step
	}
	verdictRow struct {
		TicketID uuid.UUID `json:"ticket_id"`
		Verdict
	}
	reopeningRow struct {
		TicketID uuid.UUID `json:"ticket_id"`
		UserID   string    `json:"user_id"`
		Reopening
	}
)

// writeHistory writes what there is of tickets in other tables.
func (b batch) writeHistory(ctx context.Context) error {
	var notes []noteRow
	var opinions []opinionRow
	var steps []stepRow
	var verdicts []verdictRow
	var reopenings []reopeningRow
	for _, t := range b.tickets {
		notes = append(notes, rowsOf(t.Notes, func(n Note) noteRow { return noteRow{t.ID, n} })...)
		opinions = append(opinions, rowsOf(t.Opinions, func(o Opinion) opinionRow { return opinionRow{t.ID, o, o.Grant} })...)
		steps = append(steps, rowsOf(t.Steps, func(s Step) stepRow { return stepRow{t.ID, s} })...)
		verdicts = append(verdicts, rowsOf(t.Verdicts, func(v Verdict) verdictRow { return verdictRow{t.ID, v} })...)
		if t.Reopening != nil {
			reopenings = append(reopenings, reopeningRow{t.ID, t.UserID, *t.Reopening})
		}
	}
	q := b.im.q
	for _, written := range []struct {
		rows  any
		write func(context.Context, db.DBTX, []byte) error
	}{
		{notes, q.TransferAddNotes},
		{opinions, q.TransferAddOpinions}, // before the steps, which refuse opinions of others
		{steps, q.TransferAddSteps},
		{verdicts, q.TransferAddVerdicts},
		{reopenings, q.TransferAddReopenings},
	} {
		text, err := json.Marshal(written.rows)
		if err != nil {
			return err
		}
		if string(text) == "null" {
			continue
		}
		if err := written.write(ctx, b.tx, text); err != nil {
			return err
		}
	}
	return nil
}

func (e erasure) params() db.TransferAddErasureParams {
	return db.TransferAddErasureParams{
		UserID: e.UserID, Actor: e.Actor, Reason: e.Reason, HadAccount: e.HadAccount, Tickets: e.Tickets, Files: e.Files, AtMs: e.AtMS,
	}
}
