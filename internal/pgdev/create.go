package pgdev

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// The two nodes: the names of their folders, and the numbers in the names of their sockets.
const (
	primaryName = "primary"
	replicaName = "replica"
	primaryPort = "5432"
	replicaPort = "5433"
	superuser   = "postgres"
)

// create makes the data of both nodes where they are missing.
func (s server) create(ctx context.Context, f *folder, test bool) error {
	if !exists(f.data(primaryName)) {
		if err := errors.Join(s.initdb(ctx, f, test), os.RemoveAll(f.data(replicaName))); err != nil {
			return err
		}
	}
	if !exists(f.data(replicaName)) {
		return f.copyPrimary()
	}
	return nil
}

func (f *folder) data(name string) string { return filepath.Join(f.home, name) }

// initdb makes the data of the primary; under another name until they are complete.
func (s server) initdb(ctx context.Context, f *folder, test bool) error {
	unfinished := f.data(primaryName) + ".unfinished"
	if err := os.RemoveAll(unfinished); err != nil {
		return err
	}
	args := []string{
		"--pgdata=" + unfinished, "--username=" + superuser, "--auth=trust",
		"--encoding=UTF8", "--locale=C", "--no-instructions",
	}
	if test {
		args = append(args, "--no-sync", "--wal-segsize=1")
	}
	cmd := s.command(ctx, f.user, f.home, "initdb", args...)
	cmd.ExtraFiles = []*os.File{f.nodes}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return os.Rename(unfinished, f.data(primaryName))
}

// copyPrimary makes the replica from the data of the primary, which does not run.
func (f *folder) copyPrimary() error {
	unfinished := f.data(replicaName) + ".unfinished"
	if err := os.RemoveAll(unfinished); err != nil {
		return err
	}
	if err := os.CopyFS(unfinished, os.DirFS(f.data(primaryName))); err != nil {
		return fmt.Errorf("copy the primary: %w", err)
	}
	if err := os.Chmod(unfinished, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(unfinished, "standby.signal"), nil, 0o600); err != nil {
		return err
	}
	if err := f.own(unfinished); err != nil {
		return err
	}
	return os.Rename(unfinished, f.data(replicaName))
}
