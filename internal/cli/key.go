package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/form"
	"docket/internal/i18n"
)

type keyAdd struct {
	databaseOptions
	formOptions
	Name    string          `arg:"" help:"The name of the system that uses it; decisions made with it carry this name."`
	Scope   []account.Scope `required:"" placeholder:"SCOPE" help:"latest:read, tickets:read, tickets:write, decisions:write, webhooks:write, events:read or links:write; several, with commas, with spaces, or by repeating the flag."`
	More    []account.Scope `arg:"" optional:"" name:"scope" help:"More scopes."`
	Expires string          `placeholder:"WHEN" help:"When the key ends: after days or hours, such as 90d or 12h, or at a time such as 2027-01-31T00:00:00Z. Default: never."`
	NotOwn  bool            `help:"The key does not decide tickets that it has submitted."`

	ReturnOrigin []string `placeholder:"ORIGIN" help:"Where submission links of the key may lead back to, such as https://shop.example; several by repeating the flag."`
	Fixed        []string `placeholder:"FIELD=ANSWER" help:"An answer that every ticket has which is sent with the key or with one of its submission links, such as department=Sales; several by repeating the flag. Another answer is refused."`
}

func (c keyAdd) Run(ctx context.Context) error {
	expires, err := parseExpiry(c.Expires, time.Now())
	if err != nil {
		return err
	}
	fixed, err := account.ParseAttributes(c.Fixed)
	if err != nil {
		return err
	}
	if err := c.checkFixed(fixed); err != nil {
		return err
	}
	pool, err := c.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	secret, err := account.NewKeys(pool).AddWithLimits(ctx, c.Name, append(c.Scope, c.More...), account.KeyLimits{ExpiresAt: expires, NotOwn: c.NotOwn, ReturnOrigins: c.ReturnOrigin, Fixed: fixed})
	if err != nil {
		return fmt.Errorf("add the key %q: %w", c.Name, err)
	}
	fmt.Fprintln(os.Stderr, "The key is shown only this once:")
	return errors.Join(printSecret(secret), recordCommand(ctx, pool, audit.KeyAdded, audit.KeyObject(c.Name), 0))
}

// printSecret prints what is kept nowhere. When that fails, as on a full disk, the command fails, too.
func printSecret(secret string) error {
	if _, err := fmt.Println(secret); err != nil {
		return fmt.Errorf("it could not be printed, so make another one: %w", err)
	}
	return nil
}

// checkFixed checks the answers that the key fixes against the form. One that the form does not ask is used by none of its tickets, which is
// said and no mistake: another form may ask it.
func (c keyAdd) checkFixed(fixed map[string]string) error {
	if len(fixed) == 0 {
		return nil
	}
	f, err := c.load()
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(fixed)) {
		field, asked := f.Field(name)
		text, err := json.Marshal(fixed[name])
		if err != nil {
			return fmt.Errorf("--fixed: %w", err)
		}
		if !asked {
			fmt.Fprintf(os.Stderr, "The form %s does not ask %q: its tickets do not have this answer.\n", f.Name, name)
			continue
		}
		_, err = f.CheckJSON(maps.All(map[string]json.RawMessage{name: text}), time.Now())
		wrong, _ := errors.AsType[form.Invalid](err)
		problem := wrong[name]
		if problem.Code == form.CodeNotApplicable { // with other answers it may be asked
			_, problem = field.Check([]string{fixed[name]}, time.Now())
			problem = problem.In(i18n.Of(i18n.Source))
		}
		if problem.Code != "" {
			return fmt.Errorf("--fixed: %q is no answer to %q: %s", fixed[name], field.Label, problem.Message)
		}
	}
	return nil
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
	fmt.Fprintln(table, "ID\tNAME\tSCOPES\tNOT OWN\tADDED\tLAST USED\tEXPIRES\tREVOKED\tRETURN ORIGINS\tFIXED")
	for _, key := range keys {
		scopes := make([]string, len(key.Scopes))
		for i, scope := range key.Scopes {
			scopes[i] = string(scope)
		}
		notOwn := map[bool]string{true: "yes", false: "-"}[key.NotOwn]
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", key.ID, key.Name, strings.Join(scopes, ","), notOwn,
			formatTime(key.CreatedAt), formatTime(key.UsedAt), formatTime(key.ExpiresAt), formatTime(key.RevokedAt), cmp.Or(strings.Join(key.ReturnOrigins, ","), "-"), cmp.Or(strings.Join(account.FormatAttributes(key.Fixed), ","), "-"))
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
	if err := recordCommand(ctx, pool, audit.KeyRevoked, audit.KeyObject(key.Name), 0); err != nil {
		return err
	}
	_, err = fmt.Printf("%s was revoked at %s\n", key.Name, formatTime(key.RevokedAt))
	return err
}
