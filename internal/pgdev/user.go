package pgdev

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
)

// identity is whom PostgreSQL runs as. The zero identity is the user who runs us.
type identity struct {
	name     string
	uid, gid int
	mapped   bool // it is that user only within a user namespace, and root outside
}

// chooseUser finds a user other than root who reaches the programs and all the folders, and owns these folders then.
func (s server) chooseUser(ctx context.Context, dirs ...string) (identity, error) {
	if os.Geteuid() != 0 {
		return identity{}, nil
	}
	var err error
	for _, candidate := range candidates() {
		if err = s.reach(ctx, candidate, dirs); err == nil {
			return candidate, nil
		}
	}
	return identity{}, fmt.Errorf("PostgreSQL does not run as root, and neither postgres nor nobody reaches it: %w", err)
}

// candidates lists users that exist, since PostgreSQL asks for their name, and then the same in a user namespace:
// that one passes through folders that only root may enter.
func candidates() (all []identity) {
	for _, mapped := range []bool{false, true} {
		for _, name := range []string{"postgres", "nobody"} {
			if u, err := user.Lookup(name); err == nil {
				uid, _ := strconv.Atoi(u.Uid) // numbers on every system that has a root
				gid, _ := strconv.Atoi(u.Gid)
				all = append(all, identity{name: name, uid: uid, gid: gid, mapped: mapped})
			}
		}
	}
	return all
}

// reach gives the folders to a user and lets that user run PostgreSQL in each of them.
func (s server) reach(ctx context.Context, i identity, dirs []string) error {
	for _, dir := range dirs {
		if err := i.own(dir); err != nil {
			return err
		}
		if out, err := s.command(ctx, i, dir, "postgres", "--version").CombinedOutput(); err != nil {
			return fmt.Errorf("run %s in %s as %s: %w %s", s.bin, dir, i.name, err, out)
		}
	}
	return nil
}

func (i identity) own(path string) error {
	if i.mapped {
		return os.Lchown(path, 0, 0)
	}
	return os.Lchown(path, i.uid, i.gid)
}

// command is one of PostgreSQL's programs, to be run in dir. The caller's own settings for PostgreSQL are not its business.
func (s server) command(ctx context.Context, i identity, dir, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, program), args...)
	cmd.Dir = dir
	cmd.SysProcAttr = attributes(i)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "PG") && !strings.HasPrefix(variable, "LC_") && !strings.HasPrefix(variable, "LANG") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(cmd.Env, "LC_ALL=C", "TZ=UTC")
	return cmd
}

// commandOf is the command line of a process, empty when there is no such process.
func commandOf(ctx context.Context, pid int) string {
	line, _ := exec.CommandContext(ctx, "ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output() // as promised
	return string(line)
}
