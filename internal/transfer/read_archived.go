package transfer

import (
	"context"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/archive"
	"docket/internal/postgres"
)

// readArchived reads what the archive has of those of these tickets that are there. Their files are where those of the others are.
func (h *history) readArchived(ctx context.Context, q *db.Queries, conn db.DBTX, rows []db.Ticket) error {
	var p db.TransferArchivedParams
	for _, row := range rows {
		p.Ids, p.CreatedAtMs = append(p.Ids, row.ID), append(p.CreatedAtMs, row.CreatedAtMs)
	}
	found, err := q.TransferArchived(ctx, conn, p)
	if err != nil {
		return postgres.WrapError("read the history of archived tickets", err)
	}
	for _, row := range found {
		archived, err := archive.Parse(row.History)
		if err != nil {
			return postgres.WrapError("read the history of archived tickets", err)
		}
		h.addArchived(row.ID, archived)
	}
	return nil
}

// addArchived adds what the archive has of a ticket.
func (h *history) addArchived(id uuid.UUID, a archive.History) {
	of := map[string]map[uuid.UUID]db.TransferEventsRow{"approved": h.approvals, "withdrawn": h.withdrawals, "erased": h.erasures}
	for _, e := range a.Events {
		if of[e.Kind] != nil {
			of[e.Kind][id] = db.TransferEventsRow{TicketID: id, Kind: e.Kind, Actor: e.Actor, AtMs: e.AtMS, Reason: e.Reason, Note: e.Note}
		}
	}
	h.notes[id] = rowsOf(a.Notes, func(n archive.Note) Note { return Note(n) })
	h.opinions[id] = rowsOf(a.Opinions, func(o archive.Opinion) Opinion { return Opinion(o) })
	h.steps[id] = rowsOf(a.Steps, func(s archive.Step) Step { return Step(s) })
	h.verdicts[id] = rowsOf(a.Verdicts, func(v archive.Verdict) Verdict { return Verdict(v) })
	if a.Reopening != nil {
		h.reopenings[id] = &Reopening{By: a.Reopening.By, Note: a.Reopening.Note, AtMS: a.Reopening.AtMS}
	}
}
