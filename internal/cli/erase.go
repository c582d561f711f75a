package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"docket/internal/audit"
	"docket/internal/erasure"
	"docket/internal/files"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// erasureOptions name the database and the file storage of commands that erase.
type erasureOptions struct {
	dirOptions
	fileOptions
}

// open connects to the database. Without the address of the file storage the running instances delete the bytes of files.
func (o erasureOptions) open(ctx context.Context) (*erasure.Erasures, *postgres.Pool, error) {
	blobs, err := o.openErasureBlobs()
	if err != nil {
		return nil, nil, err
	}
	pool, err := o.openPool(ctx)
	if err != nil {
		return nil, nil, err
	}
	stored := files.New(pool, blobs, slog.New(slog.DiscardHandler), files.Hooks{})
	return erasure.New(pool, func(ticket.Change) {}, stored.DeleteErased), pool, nil
}

func (o erasureOptions) openErasureBlobs() (files.Blobs, error) {
	if o.FilesURL == "" && o.DatabaseURL == "" {
		env, err := readEnv(filepath.Join(o.Dir, envFile))
		if err != nil {
			return nil, err
		}
		o.FilesURL = env["FILES_URL"]
	}
	if o.FilesURL == "" {
		return nil, nil
	}
	blobs, err := files.OpenBlobs(o.FilesURL)
	if err != nil {
		return nil, fmt.Errorf("FILES_URL: %w", err)
	}
	return blobs, nil
}

type eraseCommand struct {
	erasureOptions
	User   string `required:"" placeholder:"ID" help:"The user: the id of an account, or the id that another system uses."`
	Reason string `enum:"request,unneeded,mistake,law" default:"request" help:"Why, for the record: request (the user asked for it), unneeded, mistake (it should not have been collected) or law."`
}

// Help implements kong.HelpProvider.
func (eraseCommand) Help() string {
	return "Removes the user's answers, comments, notes, drafts, files and account. Ids, times, statuses, who decided and the codes of reasons stay. " +
		"An open ticket is withdrawn first. It cannot be undone. Copies in backups, in the log of the database and in versions of a bucket are not reached: see docs/privacy.md."
}

func (c eraseCommand) Run(ctx context.Context, out io.Writer) error {
	erasures, pool, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	done, repeated, err := erasures.EraseUser(ctx, c.User, audit.CLI, c.Reason)
	switch {
	case errors.Is(err, ticket.ErrNotFound):
		return fmt.Errorf("nothing is known of a user %q", c.User)
	case errors.Is(err, erasure.ErrHeld):
		return fmt.Errorf("a legal hold keeps the data of user %q: end it with docket hold remove, or see docket hold list", c.User)
	case errors.Is(err, erasure.ErrStaff):
		return fmt.Errorf("user %q is an agent or admin: make the account that of a customer first, with docket account role", c.User)
	case err != nil && done == (erasure.Erasure{}):
		return err
	case repeated:
		fmt.Fprintf(out, "%s was erased on %s, and nothing has come since\n", c.User, formatTime(done.At))
	default:
		if err := recordCommand(ctx, pool, audit.Erased, audit.UserObject(c.User), 0); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s is erased: tickets %d, files %d\n", c.User, done.Tickets, done.Files)
	}
	if err != nil {
		return fmt.Errorf("the bytes of files are not all deleted yet; a running docket tries again every ten minutes: %w", err)
	}
	if c.FilesURL == "" && done.Files > 0 && c.DatabaseURL != "" {
		fmt.Fprintln(out, "FILES_URL is not set: a running docket deletes the bytes of the files within ten minutes")
	}
	return nil
}

type holdOptions struct {
	dirOptions
	User string `arg:"" help:"The user: the id of an account, or the id that another system uses."`
}

type holdAdd struct {
	holdOptions
	Reason string `required:"" placeholder:"TEXT" help:"Why; admins read it, the user does not."`
}

func (c holdAdd) Run(ctx context.Context, out io.Writer) error {
	if strings.TrimSpace(c.Reason) == "" {
		return errors.New("--reason is empty")
	}
	return c.withErasures(ctx, func(e *erasure.Erasures, pool *postgres.Pool) error {
		held, err := e.AddHold(ctx, c.User, audit.CLI, strings.TrimSpace(c.Reason))
		if err != nil {
			return err
		}
		if err := recordCommand(ctx, pool, audit.HoldAdded, audit.UserObject(c.User), 0); err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%s is on hold since %s\n", held.UserID, formatTime(held.At))
		return err
	})
}

type holdRemove struct{ holdOptions }

func (c holdRemove) Run(ctx context.Context, out io.Writer) error {
	return c.withErasures(ctx, func(e *erasure.Erasures, pool *postgres.Pool) error {
		err := e.RemoveHold(ctx, c.User)
		if errors.Is(err, ticket.ErrNotFound) {
			return fmt.Errorf("%q is not on hold", c.User)
		}
		if err != nil {
			return err
		}
		if err := recordCommand(ctx, pool, audit.HoldRemoved, audit.UserObject(c.User), 0); err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%s is not on hold any more\n", c.User)
		return err
	})
}

type holdList struct{ dirOptions }

func (c holdList) Run(ctx context.Context, out io.Writer) error {
	return c.withErasures(ctx, func(e *erasure.Erasures, _ *postgres.Pool) error {
		all, err := e.Holds(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "USER\tSINCE\tBY\tREASON")
		for _, held := range all {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", held.UserID, formatTime(held.At), held.By, held.Reason)
		}
		return table.Flush()
	})
}

// withErasures calls do with a connection to the database.
func (o dirOptions) withErasures(ctx context.Context, do func(*erasure.Erasures, *postgres.Pool) error) error {
	pool, err := o.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	return do(erasure.New(pool, func(ticket.Change) {}, nil), pool)
}
