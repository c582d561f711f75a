package transfer

import (
	"context"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
)

// namedFile is a file that a ticket names, with where its bytes are.
type namedFile struct {
	file
	blob string
}

// history is what there is of tickets in other tables.
type history struct {
	approvals, withdrawals, erasures map[uuid.UUID]db.TransferEventsRow
	files                            map[uuid.UUID][]namedFile
	notes                            map[uuid.UUID][]Note
	opinions                         map[uuid.UUID][]Opinion
	steps                            map[uuid.UUID][]Step
	verdicts                         map[uuid.UUID][]Verdict
	reopenings                       map[uuid.UUID]*Reopening
}

// readHistory reads what there is of these tickets.
func readHistory(ctx context.Context, q *db.Queries, conn db.DBTX, rows []db.Ticket) (h history, err error) {
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	for _, read := range []func(context.Context, *db.Queries, db.DBTX, []uuid.UUID) error{h.readEvents, h.readFiles, h.readNotes, h.readOpinions, h.readSteps, h.readVerdicts} {
		if err := read(ctx, q, conn, ids); err != nil {
			return h, postgres.WrapError("read the history of tickets", err)
		}
	}
	return h, h.readArchived(ctx, q, conn, rows)
}

func (h *history) readEvents(ctx context.Context, q *db.Queries, conn db.DBTX, ids []uuid.UUID) error {
	rows, err := q.TransferEvents(ctx, conn, ids)
	h.approvals, h.withdrawals, h.erasures = map[uuid.UUID]db.TransferEventsRow{}, map[uuid.UUID]db.TransferEventsRow{}, map[uuid.UUID]db.TransferEventsRow{}
	of := map[string]map[uuid.UUID]db.TransferEventsRow{"approved": h.approvals, "withdrawn": h.withdrawals, "erased": h.erasures}
	for _, row := range rows {
		of[row.Kind][row.TicketID] = row
	}
	return err
}

func (h *history) readFiles(ctx context.Context, q *db.Queries, conn db.DBTX, ids []uuid.UUID) error {
	rows, err := q.TransferFiles(ctx, conn, ids)
	h.files = map[uuid.UUID][]namedFile{}
	for _, row := range rows {
		f := row.File
		named := namedFile{blob: f.Blob, file: file{
			ID: f.ID, UserID: f.UserID, Field: f.Field, MediaType: f.MediaType, Size: f.Size, UploadedBy: f.UploadedBy, CreatedMS: f.CreatedAtMs,
		}}
		if f.State == "kept" {
			named.SHA256, named.Phash, named.Signals, named.Readings = f.Sha256, f.Phash, f.Signals, f.Readings
		} else {
			named.Gone = true
		}
		h.files[row.NamedBy] = append(h.files[row.NamedBy], named)
	}
	return err
}

func (h *history) readNotes(ctx context.Context, q *db.Queries, conn db.DBTX, ids []uuid.UUID) error {
	rows, err := q.TransferNotes(ctx, conn, ids)
	h.notes = map[uuid.UUID][]Note{}
	for _, n := range rows {
		h.notes[n.TicketID] = append(h.notes[n.TicketID], Note{ID: n.ID, Kind: n.Kind, Actor: n.Actor, AtMS: n.AtMs, Text: n.Text, Target: n.Target, UntilMS: n.UntilMs})
	}
	return err
}

func (h *history) readOpinions(ctx context.Context, q *db.Queries, conn db.DBTX, ids []uuid.UUID) error {
	rows, err := q.OpinionList(ctx, conn, ids)
	h.opinions = map[uuid.UUID][]Opinion{}
	for _, o := range rows {
		h.opinions[o.TicketID] = append(h.opinions[o.TicketID], Opinion{
			Step: o.Step, Ordinal: o.Ordinal, GivenBy: o.GivenBy, Verdict: o.Verdict, Reasons: o.Reasons, Class: o.Class, Rows: o.RejectRows,
			Comment: o.Comment, Note: o.Note, Grant: o.GrantExtra, AtMS: o.AtMs,
		})
	}
	return err
}

func (h *history) readSteps(ctx context.Context, q *db.Queries, conn db.DBTX, ids []uuid.UUID) error {
	rows, err := q.StepList(ctx, conn, ids)
	h.steps = map[uuid.UUID][]Step{}
	for _, s := range rows {
		h.steps[s.TicketID] = append(h.steps[s.TicketID], Step{
			Step: s.Step, Turn: s.Turn, Name: s.Name, Email: s.Email, Team: s.Team, Key: s.Key, RemindMS: s.RemindMs, StandInMS: s.StandInMs, StandInTeam: s.StandInTeam, SinceMS: s.SinceMs,
		})
	}
	return err
}

func (h *history) readVerdicts(ctx context.Context, q *db.Queries, conn db.DBTX, ids []uuid.UUID) error {
	rows, err := q.TransferVerdicts(ctx, conn, ids)
	if err != nil {
		return err
	}
	h.verdicts, h.reopenings = map[uuid.UUID][]Verdict{}, map[uuid.UUID]*Reopening{}
	for _, v := range rows {
		h.verdicts[v.TicketID] = append(h.verdicts[v.TicketID], Verdict{Rule: v.Rule, Hash: v.Hash, Shadow: v.Shadow, Outcome: v.Outcome, Reason: v.Reason, AtMS: v.AtMs})
	}
	reopenings, err := q.TransferReopenings(ctx, conn, ids)
	for _, r := range reopenings {
		h.reopenings[r.TicketID] = &Reopening{By: r.ReopenedBy, Note: r.Note, AtMS: r.AtMs}
	}
	return err
}

// ticket is what is written of a row.
func (h history) ticket(r db.Ticket) *Ticket {
	t := &Ticket{
		ID: r.ID, UserID: r.UserID, Status: r.Status, Extra: r.Extra, CreatedMS: r.CreatedAtMs, DecidedBy: postgres.OrZero(r.DecidedBy),
		RuleHash: postgres.OrZero(r.RuleHash), Grant: r.GrantExtra, FormVersion: r.FormVersion, Language: r.Language, Queue: r.Queue, OneOpen: r.OneOpen,
		SubmittedBy: r.SubmittedBy, SubmissionKey: r.SubmissionKey, SubmissionHash: r.SubmissionHash, Attempt: r.Attempt, PreviousID: r.PreviousID, Turn: r.Turn,
		Subject: r.Subject, ValidUntilMS: postgres.OrZero(r.ValidUntilMs), ExpiredMS: postgres.OrZero(r.ExpiredAtMs),
		Notes: h.notes[r.ID], Opinions: h.opinions[r.ID], Steps: h.steps[r.ID], Verdicts: h.verdicts[r.ID], Reopening: h.reopenings[r.ID],
	}
	switch r.Status {
	case "processing":
	case "revoked":
		t.ClosedMS, t.Note = *r.DecidedAtMs, postgres.OrZero(h.approvals[r.ID].Note)
		t.Revoked = &Revocation{By: postgres.OrZero(r.RevokedBy), AtMS: r.UpdatedAtMs, Reason: postgres.OrZero(r.RejectReason), Class: postgres.OrZero(r.RejectClass), Comment: postgres.OrZero(r.RejectComment), Note: postgres.OrZero(r.Note)}
	default:
		t.ClosedMS, t.Note = r.UpdatedAtMs, postgres.OrZero(r.Note)
		t.Class, t.Comment, t.Rows = postgres.OrZero(r.RejectClass), postgres.OrZero(r.RejectComment), r.RejectRows
		if t.Reasons = r.RejectReasons; t.Reasons == nil && r.RejectReason != nil {
			t.Reasons = []string{*r.RejectReason}
		}
	}
	if w, withdrawn := h.withdrawals[r.ID]; withdrawn {
		t.BySender = w.Actor == r.SubmittedBy && w.Actor != "user:"+r.UserID
	}
	if e, erased := h.erasures[r.ID]; erased {
		t.Erased = &Erased{By: e.Actor, AtMS: e.AtMs, Reason: postgres.OrZero(e.Reason)}
		t.ByEraser = h.withdrawals[r.ID].Actor == e.Actor && !t.BySender
	}
	for _, f := range h.files[r.ID] {
		t.Files = append(t.Files, f.ID)
	}
	return t
}
