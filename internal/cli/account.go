package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"golang.org/x/term"

	"docket/internal/account"
	"docket/internal/audit"
)

type accountAdd struct {
	databaseOptions
	Email string       `arg:"" help:"The e-mail address to sign in with."`
	Role  account.Role `required:"" enum:"customer,agent,admin" help:"customer, agent or admin."`
}

func (c accountAdd) Run(ctx context.Context) error {
	pool, err := c.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	password, err := readPassword(os.Stdin)
	if err != nil {
		return err
	}
	added, err := account.NewAccounts(pool, account.Config{}).AddTemporary(ctx, c.Email, password, c.Role)
	if err != nil {
		return fmt.Errorf("add %s: %w", c.Email, err)
	}
	if err := recordCommand(ctx, pool, audit.AccountAdded, audit.AccountObject(added.ID), 0); err != nil {
		return err
	}
	_, err = fmt.Printf("%s  %s  %s\n", added.ID, added.Email, added.Role)
	return err
}

type accountInvite struct {
	databaseOptions
	Email   string       `arg:"" help:"The e-mail address to sign in with."`
	Role    account.Role `required:"" enum:"customer,agent,admin" help:"customer, agent or admin."`
	BaseURL string       `env:"BASE_URL" required:"" placeholder:"URL" help:"The address at which people reach docket; the link leads there."`
}

func (c accountInvite) Run(ctx context.Context, out io.Writer) error {
	pool, err := c.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	invited, token, err := account.NewAccounts(pool, account.Config{}).InviteByLink(ctx, c.Email, c.Role)
	if err != nil {
		return fmt.Errorf("invite %s: %w", c.Email, err)
	}
	if err := recordCommand(ctx, pool, audit.AccountAdded, audit.AccountObject(invited.ID), 0); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s/reset/%s\n", strings.TrimSuffix(c.BaseURL, "/"), token)
	return err
}

type accountList struct {
	databaseOptions
	Role account.Role `enum:",customer,agent,admin" default:"" placeholder:"ROLE" help:"Only customer, agent or admin. Default: all."`
}

func (c accountList) Run(ctx context.Context, out io.Writer) error {
	pool, err := c.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	all, err := account.NewAccounts(pool, account.Config{}).List(ctx, c.Role)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "EMAIL\tROLE\tADDED\tDISABLED\tSESSIONS\tSECOND FACTOR\tCONFIRMED")
	for _, a := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%s\t%s\n", a.Email, a.Role, formatTime(a.CreatedAt), formatTime(a.DisabledAt), a.Sessions, yesOrNo(a.Factor), yesOrNo(a.Confirmed))
	}
	return table.Flush()
}

func yesOrNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// accountOptions name the account that a command changes.
type accountOptions struct {
	databaseOptions
	Email string `arg:"" help:"The e-mail address of the account."`
}

// change changes the account, records that, and says what was done.
func (o accountOptions) change(ctx context.Context, out io.Writer, action audit.Action, done string, change func(*account.Accounts) error) error {
	pool, err := o.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	accounts := account.NewAccounts(pool, account.Config{})
	found, err := accounts.Find(ctx, o.Email)
	if err != nil {
		return fmt.Errorf("%s: %w", o.Email, err)
	}
	if err := change(accounts); err != nil {
		return fmt.Errorf("%s: %w", o.Email, err)
	}
	if err := recordCommand(ctx, pool, action, audit.AccountObject(found.ID), 0); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s %s\n", account.NormalizeEmail(o.Email), done)
	return err
}

type accountPassword struct{ accountOptions }

func (c accountPassword) Run(ctx context.Context, out io.Writer) error {
	password, err := readPassword(os.Stdin)
	if err != nil {
		return err
	}
	return c.change(ctx, out, audit.PasswordChanged, "has a new password and is signed out", func(a *account.Accounts) error { return a.SetPassword(ctx, c.Email, password) })
}

type accountRole struct {
	accountOptions
	Role account.Role `arg:"" enum:"customer,agent,admin" help:"customer, agent or admin."`
}

func (c accountRole) Run(ctx context.Context, out io.Writer) error {
	done := fmt.Sprintf("has the role %s and is signed out", c.Role)
	return c.change(ctx, out, audit.RoleChanged, done, func(a *account.Accounts) error { return a.SetRole(ctx, c.Email, c.Role) })
}

type accountTeam struct {
	accountOptions
	Teams []string `arg:"" optional:"" help:"The teams, such as those of the form's queues; without any the account is in no team."`
}

func (c accountTeam) Run(ctx context.Context, out io.Writer) error {
	done := "is in the teams " + strings.Join(c.Teams, ", ")
	if len(c.Teams) == 0 {
		done = "is in no team"
	}
	return c.change(ctx, out, audit.TeamsChanged, done, func(a *account.Accounts) error { return a.SetTeams(ctx, c.Email, c.Teams...) })
}

type accountSet struct {
	accountOptions
	Attributes []string `arg:"" placeholder:"NAME=VALUE" help:"Attributes, such as department=Sales; without a value an attribute is removed. A form takes them as answers: from: account.department."`
}

func (c accountSet) Run(ctx context.Context, out io.Writer) error {
	attributes, err := account.ParseAttributes(c.Attributes)
	if err != nil {
		return err
	}
	return c.change(ctx, out, audit.AttributesSet, "has "+strings.Join(account.FormatAttributes(attributes), ", "), func(a *account.Accounts) error { return a.SetAttributes(ctx, c.Email, attributes) })
}

type accountDisable struct{ accountOptions }

func (c accountDisable) Run(ctx context.Context, out io.Writer) error {
	return c.change(ctx, out, audit.AccountDisabled, "is disabled and signed out", func(a *account.Accounts) error { return a.SetDisabled(ctx, c.Email, true) })
}

type accountEnable struct{ accountOptions }

func (c accountEnable) Run(ctx context.Context, out io.Writer) error {
	return c.change(ctx, out, audit.AccountEnabled, "may sign in", func(a *account.Accounts) error { return a.SetDisabled(ctx, c.Email, false) })
}

type accountFactorOff struct{ accountOptions }

func (c accountFactorOff) Run(ctx context.Context, out io.Writer) error {
	return c.change(ctx, out, audit.FactorRemoved, "has no second factor and is signed out", func(a *account.Accounts) error { return a.RemoveFactorOf(ctx, c.Email) })
}

type accountSignOut struct {
	databaseOptions
	Email string `arg:"" optional:"" help:"The e-mail address of the account."`
	All   bool   `help:"End every session of all accounts."`
}

// Validate refuses a command line that names no account, or an account and all. Kong calls it.
func (c accountSignOut) Validate() error {
	if (c.Email == "") != c.All {
		return errors.New("name one account, or --all")
	}
	return c.databaseOptions.Validate()
}

func (c accountSignOut) Run(ctx context.Context, out io.Writer) error {
	pool, err := c.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	accounts := account.NewAccounts(pool, account.Config{})
	object, signOut := "", func() (int64, error) { return accounts.SignOutAll(ctx) }
	if !c.All {
		found, err := accounts.Find(ctx, c.Email)
		if err != nil {
			return fmt.Errorf("sign out: %w", err)
		}
		object, signOut = audit.AccountObject(found.ID), func() (int64, error) { return accounts.SignOut(ctx, c.Email) }
	}
	ended, err := signOut()
	if err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	if err := recordCommand(ctx, pool, audit.SessionsEnded, object, ended); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "sessions ended: %d\n", ended)
	return err
}

// readPassword reads one line. On a terminal it does not show what is typed.
func readPassword(in *os.File) (string, error) {
	if term.IsTerminal(int(in.Fd())) {
		fmt.Fprint(os.Stderr, "Password (12 characters or more): ")
		b, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(os.Stderr)
		return string(b), err
	}
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}
