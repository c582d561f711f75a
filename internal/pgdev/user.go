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

// identity is the user that PostgreSQL runs as. The zero identity is our own user.
type identity struct {
	name     string
	uid, gid int
	mapped   bool // it is that user only within a user namespace, and root outside
}

// chooseUser finds a user other than root who can reach the programs and all folders, and gives the folders to that user.
func (s server) chooseUser(ctx context.Context, dirs ...string) (identity, error) {
	if os.Geteuid() != 0 {
		return identity{}, nil
	}
	var err error
	for _, candidate := range candidateUsers() {
		if err = s.tryUser(ctx, candidate, dirs); err == nil {
			return candidate, nil
		}
	}
	return identity{}, fmt.Errorf("PostgreSQL does not run as root, and neither user postgres nor nobody can reach it: %w", err)
}

// candidateUsers lists users that exist, since PostgreSQL asks for their name, and then the same in a user namespace:
// that one can pass through folders that only root may enter.
func candidateUsers() (all []identity) {
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

// tryUser gives the folders to a user and runs PostgreSQL in each of them as that user.
func (s server) tryUser(ctx context.Context, i identity, dirs []string) error {
	for _, dir := range dirs {
		if err := i.takeOver(dir); err != nil {
			return err
		}
		if out, err := s.newCommand(ctx, i, dir, "postgres", "--version").CombinedOutput(); err != nil {
			return fmt.Errorf("run %s in %s as %s: %w %s", s.bin, dir, i.name, err, out)
		}
	}
	return nil
}

func (i identity) takeOver(path string) error {
	if i.mapped {
		return os.Lchown(path, 0, 0)
	}
	return os.Lchown(path, i.uid, i.gid)
}

// newCommand returns a command that runs one of PostgreSQL's programs in dir. It does not inherit settings for PostgreSQL.
func (s server) newCommand(ctx context.Context, i identity, dir, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, program), args...)
	cmd.Dir = dir
	cmd.SysProcAttr = processAttributes(i)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "PG") && !strings.HasPrefix(variable, "LC_") && !strings.HasPrefix(variable, "LANG") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(cmd.Env, "LC_ALL=C", "TZ=UTC")
	return cmd
}

// commandLineOf returns the command line of a process; empty when there is no such process.
func commandLineOf(ctx context.Context, pid int) string {
	line, _ := exec.CommandContext(ctx, "ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output() // empty on an error
	return string(line)
}
