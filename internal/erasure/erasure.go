// Package erasure removes what is known of users: all of one user's data when that is asked for, and the content of tickets
// whose time in the form is over. Rows, times, statuses, deciders and codes of reasons stay. A hold on a user stops both.
package erasure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/mac"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Why nothing is erased.
var (
	// ErrHeld says that a legal hold stops the erasure.
	ErrHeld = errors.New("a legal hold keeps the data of the user")

	// ErrStaff says that the user is an agent or admin.
	ErrStaff = errors.New("the account is that of an agent or admin")

	// ErrUnconfirmed says that the session is not that of an admin who has shown password and code in the last ten minutes.
	ErrUnconfirmed = errors.New("an admin has to confirm the session")

	// ErrReason says that a reason is none of Reasons.
	ErrReason = errors.New("unknown reason for an erasure")
)

// Retention is the actor and the reason where the time in the form is over.
const Retention = "retention"

// Reasons are the codes of the reasons that a person may give.
var Reasons = []string{"request", "unneeded", "mistake", "law"}

// eraseTimeout is for one user, who may have very many tickets.
const eraseTimeout = 30 * time.Second

// Erasures erases what is known of users. All of it is on the primary.
type Erasures struct {
	primary     *postgres.Pool
	q           *db.Queries
	forget      func(ticket.Change)                            // called with each user whose data was erased, after the commit
	deleteBytes func(ctx context.Context, userID string) error // deletes the bytes of erased files, of all users if userID is empty
	macKey      mac.Key
}

// New erases on the primary. What deleteBytes fails to delete is left to the sweep of the files.
func New(primary *postgres.Pool, forget func(ticket.Change), deleteBytes func(ctx context.Context, userID string) error) *Erasures {
	return &Erasures{primary: primary, q: db.New(), forget: forget, deleteBytes: deleteBytes}
}

// WithKey makes the database believe this instance. The owner of the tables needs no key.
func (e *Erasures) WithKey(k mac.Key) *Erasures {
	e.macKey = k
	return e
}

// Erasure is what was erased of a user: by whom, when and why. The zero Erasure is none.
type Erasure struct {
	UserID         string
	By             string // "agent:<account id>", or "cli" for a command
	Reason         string // one of Reasons
	Tickets, Files int64
	At             time.Time
}

// EraseUser erases all that is known of a user. repeated says that there was nothing to erase since the erasure that it
// returns. It returns ticket.ErrNotFound when nothing was ever known of the user, ErrHeld, ErrStaff or ErrReason. An error of
// deleting bytes is returned beside the erasure, which is done. It needs the owner of the tables.
func (e *Erasures) EraseUser(ctx context.Context, userID, by, reason string) (done Erasure, repeated bool, err error) {
	return e.eraseUser(ctx, Erasure{UserID: userID, By: by, Reason: reason}, func(ctx context.Context, tx pgx.Tx) (db.EraseUserRow, error) {
		return e.q.EraseUser(ctx, tx, db.EraseUserParams{UserID: userID, Actor: by, Reason: reason})
	})
}

// EraseUserAsAdmin is EraseUser by the admin of a session, or returns ErrUnconfirmed. by is that admin.
func (e *Erasures) EraseUserAsAdmin(ctx context.Context, session []byte, userID, by, reason string) (done Erasure, repeated bool, err error) {
	params := db.EraseUserAsAdminParams{
		SessionHash: session, UserID: userID, Reason: reason, Mac: e.macKey.Sum("erase user", session, mac.Text(userID), mac.Text(reason)),
	}
	return e.eraseUser(ctx, Erasure{UserID: userID, By: by, Reason: reason}, func(ctx context.Context, tx pgx.Tx) (db.EraseUserRow, error) {
		row, err := e.q.EraseUserAsAdmin(ctx, tx, params)
		return db.EraseUserRow(row), err
	})
}

func (e *Erasures) eraseUser(ctx context.Context, asked Erasure, erase func(context.Context, pgx.Tx) (db.EraseUserRow, error)) (done Erasure, repeated bool, err error) {
	if !slices.Contains(Reasons, asked.Reason) {
		return Erasure{}, false, ErrReason
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), eraseTimeout)
	defer cancel()
	row, err := postgres.RetryIfOutcomeUnknown(ctx, func() (row db.EraseUserRow, err error) {
		err = postgres.Transact(ctx, e.primary, func(tx pgx.Tx) error {
			if err := setTimeouts(ctx, tx); err != nil {
				return err
			}
			row, err = erase(ctx, tx)
			return err
		})
		return row, err
	})
	if err != nil {
		return Erasure{}, false, postgres.WrapError("erase a user", err)
	}
	switch row.Outcome {
	case "unconfirmed":
		return Erasure{}, false, ErrUnconfirmed
	case "unknown":
		return Erasure{}, false, ticket.ErrNotFound
	case "held":
		return Erasure{}, false, ErrHeld
	case "staff":
		return Erasure{}, false, ErrStaff
	}
	done = Erasure{asked.UserID, asked.By, asked.Reason, row.Tickets, row.Files, time.UnixMilli(row.AtMs)}
	e.forget(ticket.Change{UserID: asked.UserID, Erased: true})
	return done, row.Outcome == "nothing", e.deleteBytes(ctx, asked.UserID)
}

// setTimeouts gives the statements of a transaction more time than those of a request.
func setTimeouts(ctx context.Context, tx pgx.Tx) error {
	limits := fmt.Sprintf("SET LOCAL statement_timeout = %d; SET LOCAL lock_timeout = '5s'", eraseTimeout.Milliseconds())
	_, err := tx.Exec(ctx, limits)
	return err
}

// List returns the erasures of a user, newest first.
func (e *Erasures) List(ctx context.Context, userID string) ([]Erasure, error) {
	rows, err := e.q.ErasureList(ctx, e.primary, userID)
	if err != nil {
		return nil, postgres.WrapError("list erasures", err)
	}
	all := make([]Erasure, len(rows))
	for i, row := range rows {
		all[i] = Erasure{row.UserID, row.Actor, row.Reason, row.Tickets, row.Files, time.UnixMilli(row.AtMs)}
	}
	return all, nil
}

// Summary counts what is kept of a user.
type Summary struct {
	Tickets, ErasedTickets, Files, Drafts, Links, Erasures int64  // Links are submission links
	Email, Role                                            string // of the account; empty without one
}

// Empty reports whether nothing is known of the user, and never was.
func (s Summary) Empty() bool { return s == Summary{} }

// Summarize counts what is kept of a user.
func (e *Erasures) Summarize(ctx context.Context, userID string) (Summary, error) {
	params := db.UserSummaryParams{UserID: userID}
	if id, err := uuid.Parse(userID); err == nil && id.String() == userID {
		params.AccountID = &id
	}
	row, err := e.q.UserSummary(ctx, e.primary, params)
	if err != nil {
		return Summary{}, postgres.WrapError("count what is kept of a user", err)
	}
	return Summary{row.Tickets, row.ErasedTickets, row.Files, row.Drafts, row.Links, row.Erasures, row.Email, row.Role}, nil
}
