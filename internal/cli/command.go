// Package cli is the command line: what each command and flag does, and how the parts are wired together.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"

	"docket/internal/form"
)

// Build says what binary this is.
type Build struct{ Version, Commit string }

type commands struct {
	Dev     dev     `cmd:"" help:"Try it: a private PostgreSQL primary and replica, demo accounts and the server, all under one folder."`
	Serve   serve   `cmd:"" help:"Run the server against your databases."`
	Migrate migrate `cmd:"" help:"Bring the database's schema up to date, or show where it stands."`
	Verify  verify  `cmd:"" help:"Check every ticket, its history and every latest approval: is anything in the database wrong?"`
	Account struct {
		Add accountAdd `cmd:"" help:"Make an account. The password is read from standard input."`
	} `cmd:"" help:"Manage the people who may sign in."`
	Key struct {
		Add    keyAdd    `cmd:"" help:"Make an API key and print it, once."`
		List   keyList   `cmd:"" help:"List the keys."`
		Revoke keyRevoke `cmd:"" help:"End a key, on every instance within five seconds."`
	} `cmd:"" help:"Manage the keys of other systems."`
	Form struct {
		Check formCheck `cmd:"" help:"Report every mistake of a form file, with line and column."`
		New   formNew   `cmd:"" help:"Write a commented starter form to NAME.yaml."`
	} `cmd:"" help:"Make and check form files."`
	Rules struct {
		Test     rulesTest     `cmd:"" help:"Try the rules of a form file on the examples beside them."`
		Report   rulesReport   `cmd:"" help:"Compare what each rule said with what people decided."`
		Backtest rulesBacktest `cmd:"" help:"Compare what the rules of a form file would have said of past tickets with what people decided."`
	} `cmd:"" help:"Try the rules that decide without a person, and see how they do."`
	Version versionCommand `cmd:"" help:"Print version and commit."`
}

const about = `docket keeps what users submit as tickets, lets people approve or reject them, and answers other systems which ticket of a user was approved last.

Start with: docket dev`

// errSaid ends a command whose own output said already what is wrong.
var errSaid = errors.New("said already")

// Run parses and runs a command line and returns the exit code of the process.
func Run(ctx context.Context, args []string, build Build) int {
	var c commands
	parser, err := kong.New(&c, kong.Name("docket"), kong.Description(about), kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(build), kong.BindTo(os.Stdout, (*io.Writer)(nil)))
	if err != nil {
		panic(err) // the commands above contradict themselves
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		parser.Stdout = os.Stderr // how it is used is part of what is wrong, and no output
	}
	parser.FatalIfErrorf(err)
	if err := parsed.Run(); err != nil {
		if !errors.Is(err, errSaid) {
			fmt.Fprintln(os.Stderr, "docket:", err)
		}
		return 1
	}
	return 0
}

type versionCommand struct{}

func (versionCommand) Run(out io.Writer, b Build) error {
	_, err := fmt.Fprintf(out, "docket %s (%s)\n", b.Version, b.Commit)
	return err
}

// system is which ticket system the commands are about.
type system struct {
	Form string `name:"form" env:"FORM_FILE" type:"path" placeholder:"FILE" help:"The form file. Default: the built-in form for identity verification."`
}

func (s system) load() (*form.Form, error) {
	if s.Form == "" {
		return form.Default(), nil
	}
	f, err := form.Load(s.Form)
	if err != nil {
		return nil, fmt.Errorf("the form %s cannot be used:\n%w", s.Form, err)
	}
	return f, nil
}
