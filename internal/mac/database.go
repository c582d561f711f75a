package mac

import (
	"context"

	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
)

// State says what the database checks of an instance.
type State string

// The states.
const (
	Unchecked State = "unchecked" // it has no key yet: it believes whatever the instance says
	Owner     State = "owner"     // nothing: the instance connects as the owner of the tables
	Known     State = "known"     // the codes of its key
	Unknown   State = "unknown"   // it has keys, and refuses that of the instance
)

// StateOf asks the database what it checks of an instance with a key.
func StateOf(ctx context.Context, primary *postgres.Pool, k Key) (State, error) {
	state, err := db.New().MacState(ctx, primary, k.Sum("state"))
	if err != nil {
		return "", postgres.WrapError("ask which session keys are known", err)
	}
	return State(state), nil
}

// Register lets the database know a key, and with only no other one. It reports whether the key is new. It needs the owner of
// the tables.
func Register(ctx context.Context, primary *postgres.Pool, k Key, only bool) (added bool, err error) {
	inner, outer := k.pads()
	err = postgres.Transact(ctx, primary, func(tx pgx.Tx) error {
		n, err := db.New().MacKeyAdd(ctx, tx, db.MacKeyAddParams{InnerPad: inner, OuterPad: outer})
		if added = n > 0; err != nil || !only {
			return err
		}
		return db.New().MacKeyDeleteOthers(ctx, tx, inner)
	})
	if err != nil {
		return false, postgres.WrapError("register a session key", err)
	}
	return added, nil
}
