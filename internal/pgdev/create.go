package pgdev

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// The primary: the name of its folder, and the number in the name of its socket.
const (
	primaryName = "primary"
	primaryPort = 5432
	superuser   = "postgres"
)

// replicaName is the name of a replica's folder; they are numbered from 0.
func replicaName(number int) string {
	if number == 0 {
		return "replica"
	}
	return "replica-" + strconv.Itoa(number+1)
}

// createData creates the data of the nodes that have none.
func (c *Cluster) createData(ctx context.Context, s server, test bool) error {
	created := false
	if !fileExists(c.primary.data) {
		if err := s.initdb(ctx, c.folder, test); err != nil {
			return err
		}
		created = true
	}
	for _, r := range c.replicas {
		if !created && fileExists(r.data) {
			continue
		}
		if err := c.copyPrimary(r); err != nil {
			return err
		}
	}
	return nil
}

func (f *folder) data(name string) string { return filepath.Join(f.home, name) }

// initdb creates the data of the primary, under another name until they are complete.
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
	cmd := s.newCommand(ctx, f.user, f.home, "initdb", args...)
	cmd.ExtraFiles = []*os.File{f.nodes}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return os.Rename(unfinished, f.data(primaryName))
}

// copyPrimary creates a replica from the data of the primary, which must not run.
func (c *Cluster) copyPrimary(replica *node) error {
	unfinished := replica.data + ".unfinished"
	if err := errors.Join(os.RemoveAll(replica.data), os.RemoveAll(unfinished)); err != nil {
		return err
	}
	if err := os.CopyFS(unfinished, os.DirFS(c.primary.data)); err != nil {
		return fmt.Errorf("copy the primary: %w", err)
	}
	if err := os.Chmod(unfinished, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(unfinished, "standby.signal"), nil, 0o600); err != nil {
		return err
	}
	if err := c.folder.giveToUser(unfinished); err != nil {
		return err
	}
	return os.Rename(unfinished, replica.data)
}
