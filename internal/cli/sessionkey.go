package cli

import (
	"context"
	"errors"
	"fmt"

	"docket/internal/mac"
)

type migrateSessionKey struct {
	databaseOptions
	SessionKey string `env:"SESSION_KEY" placeholder:"KEY" help:"The SESSION_KEY of the instances: 32 bytes in base64 or hex."`
	Only       bool   `help:"Forget every other one: for instances that still have another nobody can sign in."`
}

// Help implements kong.HelpProvider.
func (migrateSessionKey) Help() string {
	return "The database keeps a key that is derived from SESSION_KEY where only the owner of the tables reads it. Run it as that owner. " +
		"For a change of SESSION_KEY: run it with the new one, replace the instances one after the other, and run it again with --only."
}

// Validate refuses a command line without a key. Kong calls it.
func (c migrateSessionKey) Validate() error {
	if c.SessionKey == "" {
		return errors.New("no key is given. Set SESSION_KEY or --session-key to that of the instances")
	}
	return c.databaseOptions.Validate()
}

func (c migrateSessionKey) Run(ctx context.Context) error {
	return registerSessionKey(ctx, c.databaseOptions, c.SessionKey, c.Only)
}

// registerSessionKey lets the database know a session key, and says so if it did not before.
func registerSessionKey(ctx context.Context, o databaseOptions, text string, only bool) error {
	key, err := parseSessionKey(text)
	if err != nil {
		return err
	}
	pool, err := o.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	added, err := mac.Register(ctx, pool, mac.NewKey(key), only)
	switch {
	case err != nil:
		return err
	case only:
		_, err = fmt.Println("the database knows this SESSION_KEY alone")
	case added:
		_, err = fmt.Println("the database knows this SESSION_KEY now; run docs/role.sql if docket serve has a role of its own")
	}
	return err
}
