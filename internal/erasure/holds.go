package erasure

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"docket/db"
	"docket/internal/mac"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Hold keeps the data of a user, whatever is asked or due. The zero Hold is none.
type Hold struct {
	UserID string
	By     string // the actor who began it
	Reason string // for staff only
	At     time.Time
}

// ErrUserID says that a text is no id of a user.
var ErrUserID = errors.New("a user id has 1 to 128 characters, and no control characters")

const maxUserID = 128 // characters

func checkUserID(id string) error {
	if n := utf8.RuneCountInString(id); n == 0 || n > maxUserID || !utf8.ValidString(id) || strings.ContainsFunc(id, unicode.IsControl) {
		return ErrUserID
	}
	return nil
}

// AddHold begins a hold on a user, or returns ErrUserID. One that exists keeps its actor and time, and gets the new reason. It needs
// the owner of the tables.
func (e *Erasures) AddHold(ctx context.Context, userID, by, reason string) (Hold, error) {
	if err := checkUserID(userID); err != nil {
		return Hold{}, err
	}
	row, err := e.q.HoldAdd(ctx, e.primary, db.HoldAddParams{UserID: userID, Actor: by, Reason: reason})
	if err != nil {
		return Hold{}, postgres.WrapError("hold the data of a user", err)
	}
	return holdFromRow(row), nil
}

// AddHoldAsAdmin is AddHold by the admin of a session, or returns ErrUnconfirmed.
func (e *Erasures) AddHoldAsAdmin(ctx context.Context, session []byte, userID, reason string) (Hold, error) {
	row, err := e.q.HoldAddAsAdmin(ctx, e.primary, db.HoldAddAsAdminParams{
		SessionHash: session, UserID: userID, Reason: reason, Mac: e.macKey.Sum("hold add", session, mac.Text(userID), mac.Text(reason)),
	})
	if postgres.IsNoRows(err) {
		return Hold{}, ErrUnconfirmed
	}
	if err != nil {
		return Hold{}, postgres.WrapError("hold the data of a user", err)
	}
	return holdFromRow(db.Hold(row)), nil
}

// RemoveHoldAsAdmin ends the hold on a user by the admin of a session. It returns ticket.ErrNotFound when there is none, or no such
// admin.
func (e *Erasures) RemoveHoldAsAdmin(ctx context.Context, session []byte, userID string) error {
	held, err := e.HoldOf(ctx, userID)
	if err != nil {
		return err
	}
	since := held.At.UnixMilli()
	removed, err := e.q.HoldRemoveAsAdmin(ctx, e.primary, db.HoldRemoveAsAdminParams{
		SessionHash: session, UserID: userID, HeldSinceMs: since, Mac: e.macKey.Sum("hold remove", session, mac.Text(userID), mac.Int(since)),
	})
	if err != nil {
		return postgres.WrapError("end a hold", err)
	}
	if !removed {
		return ticket.ErrNotFound
	}
	return nil
}

// RemoveHold ends the hold on a user. It returns ticket.ErrNotFound when there is none. It needs the owner of the tables.
func (e *Erasures) RemoveHold(ctx context.Context, userID string) error {
	removed, err := e.q.HoldRemove(ctx, e.primary, userID)
	if err != nil {
		return postgres.WrapError("end a hold", err)
	}
	if removed == 0 {
		return ticket.ErrNotFound
	}
	return nil
}

// HoldOf is the hold on a user; zero when there is none.
func (e *Erasures) HoldOf(ctx context.Context, userID string) (Hold, error) {
	row, err := e.q.HoldGet(ctx, e.primary, userID)
	if postgres.IsNoRows(err) {
		return Hold{}, nil
	}
	if err != nil {
		return Hold{}, postgres.WrapError("find a hold", err)
	}
	return holdFromRow(row), nil
}

// Holds lists every hold, oldest first.
func (e *Erasures) Holds(ctx context.Context) ([]Hold, error) {
	rows, err := e.q.HoldList(ctx, e.primary)
	if err != nil {
		return nil, postgres.WrapError("list holds", err)
	}
	all := make([]Hold, len(rows))
	for i, row := range rows {
		all[i] = holdFromRow(row)
	}
	return all, nil
}

func holdFromRow(r db.Hold) Hold { return Hold{r.UserID, r.Actor, r.Reason, time.UnixMilli(r.AtMs)} }
