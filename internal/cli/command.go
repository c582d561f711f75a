// Package cli is the command line: what each command and flag does, and how a command runs.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

// Build says what binary this is.
type Build struct{ Version, Commit string }

type commands struct {
	Dev     devCommand      `cmd:"" help:"Try docket: runs a private PostgreSQL primary and replica, demo accounts and the server, all in one folder."`
	Serve   serveCommand    `cmd:"" help:"Run the server against your databases."`
	Migrate migrateCommands `cmd:"" help:"Update the database schema, or show its migrations."`
	Verify  verifyCommand   `cmd:"" help:"Check every ticket, its history and every latest approval in the database."`
	Audit   auditCommand    `cmd:"" help:"Print who did what: sign-ins, tickets opened, files seen, decisions, changes of accounts and keys."`
	Account struct {
		Add       accountAdd       `cmd:"" help:"Add an account. The password is read from standard input; its owner has to change it."`
		Invite    accountInvite    `cmd:"" help:"Add an account without a password, and print a link that sets one, for three days."`
		List      accountList      `cmd:"" help:"List the accounts."`
		Password  accountPassword  `cmd:"" help:"Set the password, read from standard input, which its owner has to change, and sign the account out."`
		Role      accountRole      `cmd:"" help:"Set the role and sign the account out."`
		Team      accountTeam      `cmd:"" help:"Set the teams that the account is in: all of them, or none."`
		Set       accountSet       `cmd:"" help:"Set attributes of the account, such as department=Sales, which a form may take as answers."`
		Disable   accountDisable   `cmd:"" help:"Let the account sign in no more, and sign it out on every instance within five seconds."`
		Enable    accountEnable    `cmd:"" help:"Let a disabled account sign in again."`
		Link      accountLink      `cmd:"" help:"Let the owner sign in at the OpenID Connect provider, and with a password no more."`
		Unlink    accountUnlink    `cmd:"" help:"Let the owner sign in at the OpenID Connect provider no more."`
		FactorOff accountFactorOff `cmd:"" help:"Take the second factor from an account, such as for a lost phone, and sign it out."`
		SignOut   accountSignOut   `cmd:"" help:"End every session of an account, or of all accounts, on every instance within five seconds."`
	} `cmd:"" help:"Manage the people who may sign in."`
	Key struct {
		Add    keyAdd    `cmd:"" help:"Add an API key and print it once."`
		List   keyList   `cmd:"" help:"List the keys."`
		Revoke keyRevoke `cmd:"" help:"Revoke a key; every instance refuses it within five seconds."`
	} `cmd:"" help:"Manage the API keys of other systems."`
	Webhook webhookCommands `cmd:"" help:"Tell other systems at once what happens: their addresses, secrets and deliveries."`
	Export  exportCommand   `cmd:"" help:"Write tickets with their history and files to standard output."`
	Import  importCommand   `cmd:"" help:"Add tickets with their history and files, as docket export writes them."`
	Archive archiveCommands `cmd:"" help:"The archive of closed tickets."`
	Erase   eraseCommand    `cmd:"" help:"Erase the data of one user; it cannot be undone."`
	Hold    struct {
		Add    holdAdd    `cmd:"" help:"Keep the data of a user, whatever is asked or due."`
		Remove holdRemove `cmd:"" help:"End a hold."`
		List   holdList   `cmd:"" help:"List the users on hold."`
	} `cmd:"" help:"Legal holds: they stop the erasure of a user's data."`
	Retention struct {
		Report retentionReport `cmd:"" help:"Count what the form does not keep any more."`
		Run    retentionRun    `cmd:"" help:"Erase now what the form does not keep any more."`
	} `cmd:"" help:"Erase what is older than the form's \"retain\" says; a running docket does so every six hours."`
	Form struct {
		Check  formCheck  `cmd:"" help:"Report every mistake of a form file, with line and column."`
		New    formNew    `cmd:"" help:"Write a commented starter form to NAME.yaml."`
		Diff   formDiff   `cmd:"" help:"Compare two form files: what changes for customers, for open tickets, and for programs."`
		Schema formSchema `cmd:"" help:"Print the JSON Schema of form files, which lets editors complete and explain their keys."`
	} `cmd:"" help:"Create and check form files."`
	Rules struct {
		Test     rulesTest     `cmd:"" help:"Test the rules of a form file on its own examples."`
		Report   rulesReport   `cmd:"" help:"Compare what each rule said with what people decided."`
		Backtest rulesBacktest `cmd:"" help:"Compare what the rules of a form file would have said of past tickets with what people decided."`
	} `cmd:"" help:"Test the rules that decide without a person, and measure them."`
	Search struct {
		Rebuild searchRebuild `cmd:"" help:"Write again by what every ticket is found, with the form as it is now."`
	} `cmd:"" help:"The index of the search."`
	MCP     mcpCommand     `cmd:"" name:"mcp" help:"Serve tools for AI agents that need a person's approval, by the Model Context Protocol."`
	Version versionCommand `cmd:"" help:"Print version and commit."`
}

const about = `docket is a ticket system: users submit a form, people or rules approve or reject it, and other systems look up a user's latest approved ticket.

Start with: docket dev`

// errReported ends a command whose own output says what is wrong.
var errReported = errors.New("the command has printed what is wrong")

// Run parses and runs a command line and returns the exit code of the process.
func Run(ctx context.Context, args []string, build Build) int {
	if err := readSecretFiles(os.LookupEnv, os.Setenv); err != nil {
		fmt.Fprintln(os.Stderr, "docket:", err)
		return 1
	}
	var c commands
	parser, err := kong.New(&c, kong.Name("docket"), kong.Description(about), kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(build), kong.BindTo(os.Stdout, (*io.Writer)(nil)))
	if err != nil {
		panic(err) // the structs above are wrong
	}
	unsetEmptyVariables(parser)
	parsed, err := parser.Parse(args)
	if err != nil {
		parser.Stdout = os.Stderr // the usage is part of the error message, not output
	}
	parser.FatalIfErrorf(err)
	if err := parsed.Run(); err != nil {
		if !errors.Is(err, errReported) {
			fmt.Fprintln(os.Stderr, "docket:", err)
		}
		return 1
	}
	return 0
}

// unsetEmptyVariables unsets the variables of flags that are empty, as such files as compose.yaml leave them when they have no value.
func unsetEmptyVariables(parser *kong.Kong) {
	err := kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			for _, name := range flag.Envs {
				if value, set := os.LookupEnv(name); set && value == "" {
					if err := os.Unsetenv(name); err != nil {
						return err
					}
				}
			}
		}
		return next(nil)
	})
	if err != nil {
		panic(err) // a name of a variable above is wrong
	}
}

type versionCommand struct{}

func (versionCommand) Run(out io.Writer, b Build) error {
	_, err := fmt.Fprintf(out, "docket %s (%s)\n", b.Version, b.Commit)
	return err
}

// formOptions name the form, and so the ticket system, that a command is about.
type formOptions struct {
	localeOptions
	Form string `name:"form" env:"FORM_FILE" type:"path" placeholder:"FILE" help:"The form file. Default: the built-in form for identity verification (ekyc)."`
}

func (o formOptions) load() (*form.Form, error) {
	if o.Form == "" {
		return formfile.Default(), nil
	}
	f, err := formfile.Load(o.Form)
	if err != nil {
		return nil, fmt.Errorf("the form %s cannot be used:\n%w", o.Form, err)
	}
	return f, nil
}
