package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"docket/internal/files"
	"docket/internal/postgres"
	"docket/internal/progress"
	"docket/internal/report"
)

// errListFull ends a verification that has found as many violations as are listed.
var errListFull = errors.New("enough violations are listed")

type verifyCommand struct {
	dirOptions
	fileOptions
	Most int `default:"20" help:"Stop after this many violations."`
}

// Help implements kong.HelpProvider.
func (verifyCommand) Help() string {
	return "Reads every ticket, its history, every user's latest approved ticket, which files tickets name and who has seen them, and lists every " +
		"contradiction. With --files-url it also looks for the bytes of every file. It only reads and may run beside a running docket. " +
		"With a replica's address in --database-url it puts no load on the primary."
}

func (c verifyCommand) Run(ctx context.Context, out io.Writer) error {
	pool, err := c.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	filesURL, err := c.findFiles()
	if err != nil {
		return err
	}
	found, bar := 0, progress.New("", 0)
	list := func(problem string) error {
		fmt.Fprintln(out, problem)
		if found++; found >= c.Most {
			return errListFull
		}
		return nil
	}
	err = report.Verify(ctx, pool, list, report.Progress{
		Begin: func(part string, tickets int64) { bar.End(); bar = progress.New(part, tickets) },
		Done:  func(tickets int64) { bar.Add(tickets) },
	})
	bar.End()
	if err == nil && filesURL != "" {
		err = verifyBytes(ctx, pool, filesURL, list)
	}
	switch {
	case errors.Is(err, errListFull):
		return fmt.Errorf("%d violations were found, and there may be more", found)
	case err != nil:
		return err
	case found > 0:
		return fmt.Errorf("%d violations were found", found)
	}
	_, err = fmt.Fprintln(out, "no violations: every history is complete, and every latest approved ticket is right")
	if err == nil && filesURL == "" {
		_, err = fmt.Fprintln(out, "the bytes of files were not looked for: FILES_URL (--files-url) is not set")
	}
	return err
}

// findFiles is the address of the files that is named or else that of the folder of docket dev; empty: there is none.
func (c verifyCommand) findFiles() (string, error) {
	if c.FilesURL != "" || c.DatabaseURL != "" {
		return c.FilesURL, nil
	}
	env, err := readEnv(filepath.Join(c.Dir, envFile))
	return env["FILES_URL"], err
}

// verifyBytes calls found with each file that has no bytes in the storage.
func verifyBytes(ctx context.Context, pool *postgres.Pool, filesURL string, found func(problem string) error) error {
	storage, err := files.OpenBlobs(filesURL)
	if err != nil {
		return fmt.Errorf("FILES_URL (--files-url): %w", err)
	}
	return report.VerifyBytes(ctx, pool, func(ctx context.Context, blob string) (missing bool, err error) {
		bytes, err := storage.Open(ctx, blob)
		if errors.Is(err, files.ErrBytesMissing) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		return false, bytes.Close()
	}, found)
}
