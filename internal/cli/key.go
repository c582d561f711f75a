package cli

import (
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
)

type keyAdd struct {
	databaseOptions
	Name  string          `arg:"" help:"The name of the system that uses it; decisions made with it carry this name."`
	Scope []account.Scope `required:"" placeholder:"SCOPE" help:"latest:read, tickets:read, tickets:write or decisions:write; several, with commas, with spaces, or by repeating the flag."`
	More  []account.Scope `arg:"" optional:"" name:"scope" help:"More scopes."`
}

func (c keyAdd) Run(ctx context.Context) error {
	pool, err := c.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	secret, err := account.NewKeys(pool).Add(ctx, c.Name, append(c.Scope, c.More...))
	if err != nil {
		return fmt.Errorf("add the key %q: %w", c.Name, err)
	}
	fmt.Fprintln(os.Stderr, "The key is shown only this once:")
	fmt.Println(secret)
	return recordCommand(ctx, pool, audit.KeyAdded, audit.Key(c.Name), 0)
}

type keyList struct{ databaseOptions }

func (c keyList) Run(ctx context.Context) error {
	pool, err := c.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	keys, err := account.NewKeys(pool).List(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tNAME\tSCOPES\tADDED\tREVOKED")
	for _, key := range keys {
		scopes := make([]string, len(key.Scopes))
		for i, scope := range key.Scopes {
			scopes[i] = string(scope)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", key.ID, key.Name, strings.Join(scopes, ","), formatTime(key.CreatedAt), formatTime(key.RevokedAt))
	}
	return table.Flush()
}

func formatTime(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Format("2006-01-02 15:04")
}

type keyRevoke struct {
	databaseOptions
	ID string `arg:"" help:"The ID of the key, from docket key list."`
}

func (c keyRevoke) Run(ctx context.Context) error {
	id, err := uuid.Parse(c.ID)
	if err != nil {
		return fmt.Errorf("%q is not a key ID; see docket key list", c.ID)
	}
	pool, err := c.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	key, err := account.NewKeys(pool).Revoke(ctx, id)
	if err != nil {
		return fmt.Errorf("revoke %s: %w", id, err)
	}
	if err := recordCommand(ctx, pool, audit.KeyRevoked, audit.Key(key.Name), 0); err != nil {
		return err
	}
	fmt.Printf("%s was revoked at %s\n", key.Name, formatTime(key.RevokedAt))
	return nil
}
