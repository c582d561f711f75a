package app

import (
	"context"
	"time"

	"docket/internal/mac"
	"docket/internal/sleep"
)

// reportMACState logs, once the database answers, when that believes whoever has the role of docket serve, or does not believe this
// instance.
func (i *Instance) reportMACState(ctx context.Context) error {
	for {
		state, err := mac.StateOf(ctx, i.Primary, i.macKey)
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil && state == mac.Unchecked:
			i.log.Warn("the database knows no session key: whoever has the role of docket serve can act as anybody. " +
				"Run docket migrate session-key with SESSION_KEY, as the owner of the tables, and then docs/role.sql")
		case err == nil && state == mac.Unknown:
			i.log.Error("the database does not know this SESSION_KEY: nobody can sign in here. " +
				"Set that of the other instances, or run docket migrate session-key with this one, as the owner of the tables")
		}
		if err == nil {
			return nil
		}
		if sleep.For(ctx, time.Second) != nil {
			return nil
		}
	}
}
