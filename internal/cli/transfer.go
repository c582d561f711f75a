package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"docket/internal/app"
	"docket/internal/audit"
	"docket/internal/files"
	"docket/internal/postgres"
	"docket/internal/transfer"
)

type exportCommand struct {
	erasureOptions
	ReplicaURL string `env:"REPLICA_URL" placeholder:"URL" help:"The replica, which is read if it is named."`
	User       string `placeholder:"ID" help:"Only the tickets of this user: the id of an account, or the id that another system uses."`
}

// Help implements kong.HelpProvider.
func (exportCommand) Help() string {
	return "Writes tickets with their history and files to standard output as lines of JSON, as they are at one time; docket import reads them. " +
		"Accounts, sessions, drafts and the audit are not in it. docs/import.md says what a line holds."
}

func (c exportCommand) Run(ctx context.Context, out io.Writer) error {
	blobs, err := c.openErasureBlobs()
	if err != nil {
		return err
	}
	primary, replica, err := c.findDatabase()
	if err != nil {
		return err
	}
	from := primary
	from.DatabaseURL = cmp.Or(c.ReplicaURL, replica, primary.DatabaseURL)
	pool, err := c.openPoolOf(ctx, from)
	if err != nil {
		return err
	}
	defer pool.Close()
	var written int64
	done, err := transfer.Export(ctx, pool, blobs, c.User, out, func(n int64) {
		if written += n; written%10_000 < n {
			fmt.Fprintf(os.Stderr, "%d tickets\n", written)
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "written: tickets %d, files %d\n", done.Tickets, done.Files)
	if done.Missing > 0 {
		fmt.Fprintf(os.Stderr, "%d files had no bytes in the storage: see docket verify\n", done.Missing)
	}
	return c.record(ctx, primary, done.Tickets)
}

// record notes the export in the audit, which is on the primary.
func (c exportCommand) record(ctx context.Context, primary databaseOptions, tickets int64) error {
	pool, err := c.openPoolOf(ctx, primary)
	if err != nil {
		return err
	}
	defer pool.Close()
	object := ""
	if c.User != "" {
		object = audit.UserObject(c.User)
	}
	return recordCommand(ctx, pool, audit.Exported, object, tickets)
}

type importCommand struct {
	erasureOptions
	formOptions
	SessionKey string `env:"SESSION_KEY" placeholder:"KEY" help:"The session key of the servers: identities are hashed with it. Default: that of docket dev."`
	Refused    string `type:"path" placeholder:"FILE" default:"refused.ndjson" help:"Where lines that are not taken are listed, with the reason."`
	File       string `arg:"" placeholder:"FILE" help:"The file, or - for standard input."`
}

// Help implements kong.HelpProvider.
func (importCommand) Help() string {
	return "Adds tickets with their history and files from lines of JSON, as docket export writes them. Run it with the owner's role; docket may run meanwhile. " +
		"What is there already and equal is passed over, so it can be broken off and begun again. The tickets of one user are taken together, or none is. " +
		"No e-mail is sent. docs/import.md says what a line holds."
}

func (c importCommand) Run(ctx context.Context, out io.Writer) error {
	in, err := c.openFile()
	if err != nil {
		return err
	}
	defer in.Close()
	pool, importer, err := c.prepare(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	refused, err := os.Create(c.Refused)
	if err != nil {
		return err
	}
	list := json.NewEncoder(refused)
	importer.Refuse = func(r transfer.Refused) error { return list.Encode(r) }
	var taken int64
	importer.Progress = func(n int64) {
		if taken += n; taken%10_000 < n {
			fmt.Fprintf(os.Stderr, "%d tickets\n", taken)
		}
	}
	done, err := importer.Import(ctx, in)
	if err := errors.Join(err, refused.Close()); err != nil {
		return fmt.Errorf("after %d tickets: %w", done.Added+done.Present, err)
	}
	fmt.Fprintf(out, "added: %d, there already: %d, refused: %d\n", done.Added, done.Present, done.Refused)
	if err := recordCommand(ctx, pool, audit.Imported, "", done.Added); err != nil {
		return err
	}
	if done.Refused > 0 {
		return fmt.Errorf("%d lines were refused: %s says why", done.Refused, c.Refused)
	}
	return os.Remove(c.Refused)
}

func (c importCommand) openFile() (io.ReadCloser, error) {
	if c.File == "-" {
		return io.NopCloser(os.Stdin), nil
	}
	return os.Open(c.File)
}

// prepare connects to the database and the file storage.
func (c importCommand) prepare(ctx context.Context) (*postgres.Pool, *transfer.Importer, error) {
	f, err := c.load()
	if err != nil {
		return nil, nil, err
	}
	secret, err := c.readSessionKey(c.SessionKey)
	if err != nil {
		return nil, nil, err
	}
	blobs, err := c.openErasureBlobs()
	if err != nil {
		return nil, nil, err
	}
	pool, err := c.openPool(ctx)
	if err != nil {
		return nil, nil, err
	}
	stored := files.New(pool, blobs, slog.New(slog.DiscardHandler), files.Hooks{})
	return pool, &transfer.Importer{Primary: pool, Files: stored, Index: app.NewIndex(f, secret)}, nil
}
