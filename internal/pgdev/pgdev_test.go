package pgdev_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/internal/pgdev"
)

// folder is an empty one that ends with the test.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(pgdev.ScratchDir(), "pgdev-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, dir string) *pgdev.Cluster {
	t.Helper()
	c, err := pgdev.Start(t.Context(), pgdev.Options{Dir: dir, Test: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func stop(t *testing.T, c *pgdev.Cluster) {
	t.Helper()
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
}

func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

// write stores a word on the primary.
func write(t *testing.T, c *pgdev.Cluster, word string) {
	t.Helper()
	conn := connect(t, c.Primary(pgdev.Database))
	_, err := conn.Exec(t.Context(), "CREATE TABLE words AS SELECT '"+word+"'::text AS word")
	if err != nil {
		t.Fatal(err)
	}
}

// read waits until the word can be read.
func read(t *testing.T, address string) (word string) {
	t.Helper()
	conn := connect(t, address)
	for {
		err := conn.QueryRow(t.Context(), "SELECT word FROM words").Scan(&word)
		if err == nil {
			return word
		}
		select {
		case <-t.Context().Done():
			t.Fatal(err)
		case <-time.After(time.Millisecond):
		}
	}
}

// checkWord reads the word once, without waiting.
func checkWord(t *testing.T, address, want string) {
	t.Helper()
	var word string
	err := connect(t, address).QueryRow(t.Context(), "SELECT word FROM words").Scan(&word)
	if err != nil || word != want {
		t.Errorf("%s has %q (%v), want %s", address, word, err, want)
	}
}

func TestCluster(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(folder(t), "new")
	c := start(t, dir)
	for name, test := range map[string]func(*testing.T){
		"replicates a row":                  func(t *testing.T) { checkReplication(t, c) },
		"is in use for a second Start":      func(t *testing.T) { checkInUse(t, dir) },
		"has private data":                  func(t *testing.T) { checkModes(t, filepath.Dir(dataOf(t, c))) },
		"has its own process groups":        func(t *testing.T) { checkProcessGroups(t, c) },
		"is watched until the context ends": func(t *testing.T) { checkWatchCanceled(t, c) },
	} {
		t.Run(name, test)
	}
}

func checkReplication(t *testing.T, c *pgdev.Cluster) {
	write(t, c, "hello")
	if got := read(t, c.Replica(pgdev.Database)); got != "hello" {
		t.Errorf("the replica has %q, want hello", got)
	}
	var recovering bool
	err := connect(t, c.Replica(pgdev.Database)).QueryRow(t.Context(), "SELECT pg_is_in_recovery()").Scan(&recovering)
	if err != nil || !recovering {
		t.Errorf("the replica is in recovery: %v (%v), want true", recovering, err)
	}
}

func checkInUse(t *testing.T, dir string) {
	if _, err := pgdev.Start(t.Context(), pgdev.Options{Dir: dir, Test: true}); !errors.Is(err, pgdev.ErrInUse) {
		t.Errorf("a second Start says %v, want ErrInUse", err)
	}
	if err := pgdev.Remove(dir); !errors.Is(err, pgdev.ErrInUse) {
		t.Errorf("Remove says %v, want ErrInUse", err)
	}
}

func checkModes(t *testing.T, home string) {
	for _, name := range []string{".", "primary", "replica"} {
		info, err := os.Stat(filepath.Join(home, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o700 {
			t.Errorf("%s has mode %o, want 700", name, got)
		}
	}
}

func checkProcessGroups(t *testing.T, c *pgdev.Cluster) {
	for _, address := range []string{c.Primary(pgdev.Database), c.Replica(pgdev.Database)} {
		group, err := syscall.Getpgid(postmaster(t, address))
		if err != nil || group == syscall.Getpgrp() {
			t.Errorf("%s is in our process group %d (%v), want one of its own", address, group, err)
		}
	}
}

func checkWatchCanceled(t *testing.T, c *pgdev.Cluster) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Watch(ctx); err != nil {
		t.Error(err)
	}
}

func TestStart_KeepsData(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := start(t, dir)
	write(t, c, "kept")
	stop(t, c)
	c = start(t, dir)
	for _, address := range []string{c.Primary(pgdev.Database), c.Replica(pgdev.Database)} {
		checkWord(t, address, "kept")
	}
}

func TestStart_ReplicaHasCaughtUp(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := start(t, dir)
	c.Halt(pgdev.Replica)
	_, err := connect(t, c.Primary(pgdev.Database)).Exec(t.Context(),
		"CREATE TABLE load AS SELECT n, repeat('x', 100) FROM generate_series(1, 100000) n")
	if err != nil {
		t.Fatal(err)
	}
	write(t, c, "missed")
	stop(t, c)
	checkWord(t, start(t, dir).Replica(pgdev.Database), "missed")
}

func TestStart_LostReplica(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := start(t, dir)
	write(t, c, "kept")
	stop(t, c)
	damage(t, dir, "replica")
	checkWord(t, start(t, dir).Replica(pgdev.Database), "kept")
}

func TestStart_AnyPath(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"odd":       `it's "a+b%20c" [x]* vé \`,
		"comma":     "a,b",
		"very long": strings.Repeat("long/", 40),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := start(t, filepath.Join(folder(t), path))
			write(t, c, name)
			if got := read(t, c.Replica(pgdev.Database)); got != name {
				t.Errorf("the replica has %q, want %q", got, name)
			}
		})
	}
}

func TestStart_PrivateFolder(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	c, err := pgdev.Start(t.Context(), pgdev.Options{Dir: filepath.Join(dir, "cluster"), Test: true})
	if err != nil {
		// Root needs a user namespace for this, and some containers have none.
		if os.Geteuid() != 0 || !strings.Contains(err.Error(), dir) {
			t.Error(err)
		}
		return
	}
	connect(t, c.Replica(pgdev.Database)).Close(t.Context())
	stop(t, c)
}

func TestHalt_AndResume(t *testing.T) {
	t.Parallel()
	c := start(t, folder(t))
	for node, address := range map[pgdev.Node]string{
		pgdev.Primary: c.Primary(pgdev.Database), pgdev.Replica: c.Replica(pgdev.Database),
	} {
		c.Halt(node)
		if conn, err := pgx.Connect(t.Context(), address); err == nil {
			conn.Close(t.Context())
			t.Errorf("%s answers, want it to be away", address)
		}
		if err := c.Resume(t.Context(), node); err != nil {
			t.Fatal(err)
		}
		connect(t, address)
	}
	write(t, c, "after")
	if got := read(t, c.Replica(pgdev.Database)); got != "after" {
		t.Errorf("the replica has %q, want after", got)
	}
}

// damage makes a node's data unusable.
func damage(t *testing.T, dir, node string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*", node, "global", "pg_control"))
	if err != nil || len(found) != 1 {
		t.Fatalf("found %v (%v), want one", found, err)
	}
	if err := os.Remove(found[0]); err != nil {
		t.Fatal(err)
	}
}

func TestStart_ReplicaOfAnotherPrimary(t *testing.T) {
	t.Parallel()
	mine, other := folder(t), folder(t)
	c := start(t, mine)
	write(t, c, "mine")
	stop(t, c)
	stop(t, start(t, other))
	swap(t, mine, other)
	checkWord(t, start(t, mine).Replica(pgdev.Database), "mine")
}

// swap moves the replica of one cluster into another.
func swap(t *testing.T, mine, other string) {
	t.Helper()
	theirs, err := filepath.Glob(filepath.Join(other, "*", "replica"))
	if err != nil || len(theirs) != 1 {
		t.Fatalf("found %v (%v), want one", theirs, err)
	}
	place := filepath.Join(mine, strings.TrimPrefix(theirs[0], other))
	if err := errors.Join(os.RemoveAll(place), os.Rename(theirs[0], place)); err != nil {
		t.Fatal(err)
	}
}

func TestStart_PrimaryEnds(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	stop(t, start(t, dir))
	damage(t, dir, "primary")
	_, err := pgdev.Start(t.Context(), pgdev.Options{Dir: dir, Test: true})
	if err == nil || !strings.Contains(err.Error(), "PostgreSQL primary ended") || !strings.Contains(err.Error(), "pg_control") {
		t.Errorf("got %v, want the last lines of its log", err)
	}
	if errors.Is(err, pgdev.ErrInUse) {
		t.Error("a Start that went wrong keeps the folder locked")
	}
}

func TestStart_Canceled(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(folder(t), "cluster")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		waitUntilCreating(t, dir)
	}()
	if _, err := pgdev.Start(ctx, pgdev.Options{Dir: dir, Test: true}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	stop(t, start(t, dir))
	if err := pgdev.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Remove leaves the folder (%v)", err)
	}
}

func TestWatch_NodeEnds(t *testing.T) {
	t.Parallel()
	for node, address := range map[string]func(*pgdev.Cluster, string) string{
		"primary": (*pgdev.Cluster).Primary, "replica": (*pgdev.Cluster).Replica,
	} {
		t.Run(node, func(t *testing.T) {
			t.Parallel()
			c := start(t, folder(t))
			if err := syscall.Kill(postmaster(t, address(c, pgdev.Database)), syscall.SIGQUIT); err != nil {
				t.Fatal(err)
			}
			if err := c.Watch(t.Context()); err == nil || !strings.Contains(err.Error(), node) {
				t.Errorf("got %v, want the name of the %s in it", err, node)
			}
		})
	}
}

func TestStart_TwoReplicas(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c, err := pgdev.Start(t.Context(), pgdev.Options{Dir: dir, Test: true, Replicas: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, c)
	addresses := c.Replicas(pgdev.Database)
	if len(addresses) != 2 || addresses[0] == addresses[1] {
		t.Fatalf("two replicas have the addresses %q", addresses)
	}
	c.Halt(pgdev.Replica + 1)
	write(t, c, "both")
	if got := read(t, addresses[0]); got != "both" {
		t.Errorf("the first replica has %q while the second is away, want both", got)
	}
	if err := c.Resume(t.Context(), pgdev.Replica+1); err != nil {
		t.Fatal(err)
	}
	if got := read(t, addresses[1]); got != "both" {
		t.Errorf("the second replica has %q when it is back, want both", got)
	}
}
