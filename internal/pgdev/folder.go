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
	nodes   *os.File // inherited by every process of PostgreSQL, so locked until the last of them has ended
	home    string
	sockets string
	user    identity
}

// lockFolder locks the folder, or returns ErrInUse. It first ends what an earlier owner that was killed left running.
func lockFolder(ctx context.Context, dir string) (*folder, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	f := &folder{path: path}
	if f.owner, err = lockFile(filepath.Join(path, "owner.lock")); err != nil {
		return nil, err
	}
	if f.nodes, err = f.endOrphans(ctx); err != nil {
		return nil, errors.Join(err, unlockFile(f.owner))
	}
	return f, nil
}

// lockFile creates a file and locks it until it is closed; ErrInUse when another process has locked it.
func lockFile(path string) (*os.File, error) {
	// The user of PostgreSQL must be able to reach its home below this folder.
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
	if wasRemoved(file) {
		file.Close()
		return lockFile(path)
	}
	return file, nil
}

// unlockFile unlocks a file and closes it. To close it is not enough: a process that is started meanwhile has a copy until it runs
// its program.
func unlockFile(file *os.File) error {
	return errors.Join(syscall.Flock(int(file.Fd()), syscall.LOCK_UN), file.Close())
}

// wasRemoved reports whether Remove deleted the file in the meantime, so that the lock is on a file without a name.
func wasRemoved(file *os.File) bool {
	locked, err := file.Stat()
	if err != nil {
		return false
	}
	current, err := os.Stat(file.Name())
	return err != nil || !os.SameFile(locked, current)
}

// endOrphans waits for the nodes of an earlier owner that was killed, and ends them where the system does not.
func (f *folder) endOrphans(ctx context.Context) (*os.File, error) {
	orderly, immediate := time.After(0), time.After(stopTimeout)
	for {
		nodes, err := lockFile(filepath.Join(f.path, "nodes.lock"))
		if !errors.Is(err, ErrInUse) {
			return nodes, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for the end of an earlier PostgreSQL: %w", ctx.Err())
		case <-orderly:
			f.signalOrphans(ctx, syscall.SIGINT)
		case <-immediate:
			f.signalOrphans(ctx, syscall.SIGQUIT)
		case <-time.After(pollInterval):
		}
	}
}

// signalOrphans sends a signal to the servers that run on the folder's data, according to the process table.
func (f *folder) signalOrphans(ctx context.Context, signal syscall.Signal) {
	root := os.DirFS(f.path)
	files, _ := fs.Glob(root, "*/*/postmaster.pid") // the pattern is well formed
	for _, file := range files {
		text, _ := fs.ReadFile(root, file) // gone: it has ended
		line, _, _ := strings.Cut(string(text), "\n")
		pid, err := strconv.Atoi(line)
		if err == nil && strings.Contains(commandLineOf(ctx, pid), filepath.Join(f.path, filepath.Dir(file))) {
			_ = syscall.Kill(pid, signal) // it may have ended just now
		}
	}
}

// unlock removes the sockets and unlocks the folder. A second call does nothing.
func (f *folder) unlock() (err error) {
	if f.owner == nil {
		return nil
	}
	if f.sockets != "" {
		err = os.RemoveAll(f.sockets)
	}
	err = errors.Join(err, f.nodes.Close(), unlockFile(f.owner))
	f.owner = nil
	return err
}

// Remove deletes a folder and all data in it. It returns ErrInUse, and deletes nothing, when a cluster runs there.
func Remove(dir string) error {
	for _, name := range []string{"owner.lock", "nodes.lock"} {
		file, err := lockFile(filepath.Join(dir, name))
		if err != nil {
			return fmt.Errorf("remove %s: %w", dir, err)
		}
		defer file.Close()
	}
	return os.RemoveAll(dir)
}

// chooseServer chooses the server and the user that runs it, and gives that user the folders.
func (f *folder) chooseServer(ctx context.Context) (server, error) {
	s, err := findServer(ctx, os.Getenv("PG_BIN"), f.path)
	if err != nil {
		return server{}, err
	}
	f.home = filepath.Join(f.path, strconv.Itoa(s.major))
	f.sockets = f.socketFolder()
	if err := os.MkdirAll(f.home, 0o700); err != nil {
		return server{}, err
	}
	// No server listens there while we hold the locks.
	if err := os.RemoveAll(f.sockets); err != nil {
		return server{}, err
	}
	if err := os.Mkdir(f.sockets, 0o700); err != nil {
		return server{}, err
	}
	f.user, err = s.chooseUser(ctx, f.home, f.sockets)
	return s, errors.Join(err, f.giveToUser(f.home))
}

// socketFolder is beside the data, or a temporary folder when that name is too long for the kernel or not valid for libpq.
func (f *folder) socketFolder() string {
	const longest = 103 // bytes of sun_path without its final zero, on the system with the shortest
	private := fmt.Sprintf("docket-%x", sha256.Sum256([]byte(f.path)))[:24]
	folders := []string{filepath.Join(f.home, "sockets"), filepath.Join(os.TempDir(), private)}
	for _, dir := range folders {
		if len(dir)+len("/.s.PGSQL.5432") <= longest && !strings.Contains(dir, ",") {
			return dir
		}
	}
	return filepath.Join("/tmp", private)
}

// giveToUser gives dir and all below it to the user that runs PostgreSQL.
func (f *folder) giveToUser(dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return f.user.takeOver(path)
	})
}

// pollInterval is the time between two checks for something that should happen soon.
const pollInterval = 5 * time.Millisecond
