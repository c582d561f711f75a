package pgdev

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// folder is Options.Dir with its two locks. Below it, home is what belongs to PostgreSQL: one folder for each major version.
type folder struct {
	path    string
	owner   *os.File // locked by the process that runs the cluster
	nodes   *os.File // inherited by every process of PostgreSQL, hence locked until the last of them has ended
	home    string
	sockets string
	user    identity
}

// claim locks the folder, or returns ErrInUse. What a predecessor that was killed left running ends first.
func claim(ctx context.Context, dir string) (*folder, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	f := &folder{path: path}
	if f.owner, err = lock(filepath.Join(path, "owner.lock")); err != nil {
		return nil, err
	}
	if f.nodes, err = f.endOrphans(ctx); err != nil {
		return nil, errors.Join(err, f.owner.Close())
	}
	return f, nil
}

// lock makes a file and locks it until it is closed; ErrInUse when somebody else has locked it.
func lock(path string) (*os.File, error) {
	// Others pass through this folder to reach the home of PostgreSQL below it, which is closed to them.
	if err := os.MkdirAll(filepath.Dir(path), 0o711); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrInUse
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if removed(file) {
		file.Close()
		return lock(path)
	}
	return file, nil
}

// removed reports whether Remove was faster, so that the lock is on a file that nobody else will find.
func removed(file *os.File) bool {
	mine, err := file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(file.Name())
	return err != nil || !os.SameFile(mine, there)
}

// endOrphans waits for the nodes of a predecessor that was killed, and ends them where the system does not.
func (f *folder) endOrphans(ctx context.Context) (*os.File, error) {
	ask, insist := time.After(0), time.After(stopPatience)
	for {
		nodes, err := lock(filepath.Join(f.path, "nodes.lock"))
		if !errors.Is(err, ErrInUse) {
			return nodes, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for the end of an earlier PostgreSQL: %w", ctx.Err())
		case <-ask:
			f.signalOrphans(ctx, syscall.SIGINT)
		case <-insist:
			f.signalOrphans(ctx, syscall.SIGQUIT)
		case <-time.After(glance):
		}
	}
}

// signalOrphans reaches the servers that run on the folder's data according to the process table.
func (f *folder) signalOrphans(ctx context.Context, signal syscall.Signal) {
	root := os.DirFS(f.path)
	files, _ := fs.Glob(root, "*/*/postmaster.pid") // the pattern is well formed
	for _, file := range files {
		text, _ := fs.ReadFile(root, file) // gone: it has ended
		line, _, _ := strings.Cut(string(text), "\n")
		pid, err := strconv.Atoi(line)
		if err == nil && strings.Contains(commandOf(ctx, pid), filepath.Join(f.path, filepath.Dir(file))) {
			_ = syscall.Kill(pid, signal) // it may have ended just now
		}
	}
}

// release removes the sockets and unlocks the folder. Once is enough.
func (f *folder) release() (err error) {
	if f.owner == nil {
		return nil
	}
	if f.sockets != "" {
		err = os.RemoveAll(f.sockets)
	}
	err = errors.Join(err, f.nodes.Close(), f.owner.Close())
	f.owner = nil
	return err
}

// Remove deletes a folder and all data in it. It returns ErrInUse, and deletes nothing, when a cluster runs there.
func Remove(dir string) error {
	for _, name := range []string{"owner.lock", "nodes.lock"} {
		file, err := lock(filepath.Join(dir, name))
		if err != nil {
			return fmt.Errorf("remove %s: %w", dir, err)
		}
		defer file.Close()
	}
	return os.RemoveAll(dir)
}

// prepare chooses what runs here and as whom, and gives that user the folders.
func (f *folder) prepare(ctx context.Context) (server, error) {
	s, err := findServer(ctx, os.Getenv("PG_BIN"), f.path)
	if err != nil {
		return server{}, err
	}
	f.home = filepath.Join(f.path, strconv.Itoa(s.major))
	f.sockets = f.shortest()
	if err := os.MkdirAll(f.home, 0o700); err != nil {
		return server{}, err
	}
	// Nobody listens there while we hold the locks.
	if err := os.RemoveAll(f.sockets); err != nil {
		return server{}, err
	}
	if err := os.Mkdir(f.sockets, 0o700); err != nil {
		return server{}, err
	}
	f.user, err = s.chooseUser(ctx, f.home, f.sockets)
	return s, errors.Join(err, f.own(f.home))
}

// shortest is the folder of the sockets: beside the data, or a temporary one when the kernel or libpq could not take that name.
func (f *folder) shortest() string {
	const longest = 103 // sun_path, less its final zero, on the system that has the least
	private := fmt.Sprintf("docket-%x", sha256.Sum256([]byte(f.path)))[:24]
	folders := []string{filepath.Join(f.home, "sockets"), filepath.Join(os.TempDir(), private)}
	for _, dir := range folders {
		if len(dir)+len("/.s.PGSQL.5432") <= longest && !strings.Contains(dir, ",") {
			return dir
		}
	}
	return filepath.Join("/tmp", private)
}

// own gives dir and all below it to the user that runs PostgreSQL.
func (f *folder) own(dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return f.user.own(path)
	})
}

// glance is the time between two looks at something that is about to happen.
const glance = 5 * time.Millisecond
