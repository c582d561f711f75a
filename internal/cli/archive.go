package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"text/tabwriter"

	"docket/internal/archive"
	"docket/internal/audit"
	"docket/internal/form"
	"docket/internal/postgres"
)

type archiveCommands struct {
	Run  archiveRun  `cmd:"" help:"Move now what is due; a running docket does so every six hours."`
	List archiveList `cmd:"" help:"List the months of the archive, with how many tickets they have and how many bytes they take."`
	Drop archiveDrop `cmd:"" help:"Delete a month of the archive; it cannot be undone."`
}

// openArchive connects to the database of the options.
func openArchive(ctx context.Context, o dirOptions) (*archive.Archive, *postgres.Pool, error) {
	pool, err := o.openPool(ctx)
	if err != nil {
		return nil, nil, err
	}
	return archive.New(pool, uncounted{}, slog.Default()), pool, nil
}

// uncounted keeps no count: a command says itself what it did.
type uncounted struct{}

func (uncounted) CountArchived(int64)    {}
func (uncounted) CountNotArchived(int64) {}

type archiveRun struct {
	dirOptions
	formOptions
	DryRun bool `help:"Only count what would be moved."`
}

// Help implements kong.HelpProvider.
func (archiveRun) Help() string {
	return "Closed tickets go to the archive as long after they were closed as \"archive_after\" of the form says. " +
		"docs/operations/archive.md says which never do."
}

func (c archiveRun) Run(ctx context.Context, out io.Writer) error {
	f, err := c.load()
	if err != nil {
		return err
	}
	if f.ArchiveAfter == (form.Period{}) {
		_, err := fmt.Fprintf(out, "the form %s has no \"archive_after\": nothing goes to the archive\n", f.Name)
		return err
	}
	archived, pool, err := openArchive(ctx, c.dirOptions)
	if err != nil {
		return err
	}
	defer pool.Close()
	now, err := pool.Now(ctx)
	if err != nil {
		return err
	}
	before := f.ArchiveAfter.Before(now)
	done, err := archived.Run(ctx, before, c.DryRun, func(archive.Result) {})
	if err != nil {
		return err
	}
	verb := "moved to the archive"
	if c.DryRun {
		verb = "would be moved to the archive"
	} else if err := recordCommand(ctx, pool, audit.ArchiveRun, "", done.Moved); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "%d tickets %s, of %d that were closed before %s\n", done.Moved, verb, done.Seen, formatTime(before)); err != nil {
		return err
	}
	if done.Refused > 0 {
		return fmt.Errorf("%d tickets that are due could not be moved: the lines above say why", done.Refused)
	}
	return nil
}

type archiveList struct{ dirOptions }

func (c archiveList) Run(ctx context.Context, out io.Writer) error {
	archived, pool, err := openArchive(ctx, c.dirOptions)
	if err != nil {
		return err
	}
	defer pool.Close()
	months, err := archived.Months(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "MONTH\tTICKETS\tBYTES\t")
	for _, m := range months {
		fmt.Fprintf(table, "%s\t%d\t%d\t\n", m.Name, m.Tickets, m.Bytes)
	}
	return table.Flush()
}

type archiveDrop struct {
	dirOptions
	Month string `arg:"" placeholder:"MONTH" help:"The month of UTC in which the tickets were created, such as 2024-03."`
	Yes   bool   `help:"Do not ask."`
}

// Help implements kong.HelpProvider.
func (archiveDrop) Help() string {
	return "Says how many tickets, users and files go, and asks. The tickets are then nowhere any more, and not counted by rules. " +
		"Nothing is deleted while one of the users is on legal hold. A running docket deletes the bytes of the files within ten minutes."
}

func (c archiveDrop) Run(ctx context.Context, out io.Writer) error {
	archived, pool, err := openArchive(ctx, c.dirOptions)
	if err != nil {
		return err
	}
	defer pool.Close()
	found, err := archived.DropMonth(ctx, c.Month, true)
	switch {
	case errors.Is(err, archive.ErrNoMonth):
		return fmt.Errorf("the archive has no month %q: see docket archive list", c.Month)
	case errors.Is(err, archive.ErrHeld):
		return fmt.Errorf("%d users with tickets of %s are on legal hold: see docket hold list", found.Held, c.Month)
	case err != nil:
		return err
	}
	fmt.Fprintf(out, "%s: %d tickets of %d users, and %d files that no other ticket names\n", c.Month, found.Tickets, found.Users, found.Files)
	if !c.Yes && !confirmMonth(out, os.Stdin, c.Month) {
		return errors.New("nothing was deleted")
	}
	done, err := archived.DropMonth(ctx, c.Month, false)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "deleted: %d tickets, %d files\n", done.Tickets, done.Files)
	return recordCommand(ctx, pool, audit.ArchiveDropped, "archive:"+c.Month, done.Tickets)
}

// confirmMonth asks for the month and reports whether it was typed.
func confirmMonth(out io.Writer, in io.Reader, month string) bool {
	fmt.Fprintf(out, "Type %s to delete it: ", month)
	answer := bufio.NewScanner(in)
	return answer.Scan() && strings.TrimSpace(answer.Text()) == month
}
