package audit

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
)

// Filter asks for a part of what was done: of a range of time, by an actor, of an action, on an object. Empty ones are any.
type Filter struct {
	From, To time.Time
	Actor    string
	Action   Action
	Object   string
	Before   Place // in the list, newest first; zero: from its beginning
	Limit    int
}

// Place is one entry's place in the list.
type Place struct {
	At time.Time
	ID uuid.UUID
}

// List lists what was done, newest first, and the place after which to go on; that is zero at the end.
func (t *Trail) List(ctx context.Context, f Filter) (entries []Entry, next Place, err error) {
	before := f.Before
	if before == (Place{}) {
		before = Place{At: f.To, ID: uuid.Max}
	}
	rows, err := t.query(ctx, f.Object, db.AuditListParams{
		FromMs: f.From.UnixMilli(), ToMs: f.To.UnixMilli(), BeforeMs: before.At.UnixMilli(), BeforeID: before.ID,
		Actor: f.Actor, Action: string(f.Action), Max: int32(f.Limit) + 1,
	})
	if err != nil {
		return nil, Place{}, postgres.WrapError("read the audit", err)
	}
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		last := rows[len(rows)-1]
		next = Place{At: time.UnixMilli(last.AtMs), ID: last.ID}
	}
	for _, row := range rows {
		entries = append(entries, entryFromRow(row))
	}
	return entries, next, nil
}

// query reads rows about one object, or about all if it is empty.
func (t *Trail) query(ctx context.Context, object string, p db.AuditListParams) ([]db.Audit, error) {
	if object == "" {
		return t.q.AuditList(ctx, t.primary, p)
	}
	_, text, _ := strings.Cut(object, ":")
	id, _ := uuid.Parse(text) // else the zero one, which no ticket and no file has
	return t.q.AuditListOf(ctx, t.primary, db.AuditListOfParams{
		FromMs: p.FromMs, ToMs: p.ToMs, BeforeMs: p.BeforeMs, BeforeID: p.BeforeID, Actor: p.Actor, Action: p.Action,
		Object: object, ObjectID: id, Max: p.Max,
	})
}

func entryFromRow(row db.Audit) Entry {
	return Entry{
		ID: row.ID, At: time.UnixMilli(row.AtMs), Actor: row.Actor, Action: Action(row.Action), Object: row.Object,
		Count: postgres.OrZero(row.Count), Client: postgres.OrZero(row.Client), RequestID: row.RequestID,
	}
}
