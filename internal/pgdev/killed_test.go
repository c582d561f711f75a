package pgdev_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/internal/pgdev"
)

// ownedByChild makes this test binary the owner of a cluster instead of running tests.
const ownedByChild = "PGDEV_TEST_OWNS"

func TestMain(m *testing.M) {
	if dir := os.Getenv(ownedByChild); dir != "" {
		ownUntilKilled(dir)
		return
	}
	os.Exit(m.Run())
}

// ownUntilKilled starts a cluster, prints the addresses of its nodes, and runs it until this process is killed or its standard
// input ends.
func ownUntilKilled(dir string) {
	c, err := pgdev.Start(context.Background(), pgdev.Options{Dir: dir, Test: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Primary(pgdev.Database))
	fmt.Println(c.Replica(pgdev.Database))
	_, _ = io.Copy(io.Discard, os.Stdin) // it only ends
}

// owner is a process that owns a cluster, and what it has printed.
func owner(t *testing.T, dir string) (kill func(), words *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), ownedByChild+"="+dir)
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() { _, _ = cmd.Process.Kill(), cmd.Wait() } // it may have ended already
	t.Cleanup(kill)
	return kill, bufio.NewScanner(out)
}

// postmaster is the number of the process that serves an address.
func postmaster(t *testing.T, address string) int {
	t.Helper()
	var file string
	if err := connect(t, address).QueryRow(t.Context(), "SHOW data_directory").Scan(&file); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(file, "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestStart_AfterKilledOwner(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	kill, words := owner(t, dir)
	words.Scan()
	conn, err := pgx.Connect(t.Context(), words.Text())
	if err != nil {
		t.Fatalf("%s: %v", words.Text(), err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), "CREATE TABLE words AS SELECT 'kept'::text AS word"); err != nil {
		t.Fatal(err)
	}
	kill()
	c := start(t, dir)
	if got := read(t, c.Replica(pgdev.Database)); got != "kept" {
		t.Errorf("the replica has %q, want kept", got)
	}
}

func TestStart_AfterOwnerKilledDuringInitdb(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	kill, _ := owner(t, dir)
	waitUntilCreating(t, dir)
	kill()
	start(t, dir)
}

// waitUntilCreating waits until the data of a new cluster are being created.
func waitUntilCreating(t *testing.T, dir string) {
	t.Helper()
	for t.Context().Err() == nil {
		if found, _ := filepath.Glob(filepath.Join(dir, "*", "primary.unfinished", "PG_VERSION")); len(found) > 0 {
			return
		}
	}
}

func TestStart_NodeOutlivesItsOwner(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	kill, words := owner(t, dir)
	words.Scan()
	session := connect(t, words.Text())
	// A session that does not end keeps its server from ending.
	pid := int(session.PgConn().PID())
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	kill()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := pgdev.Start(ctx, pgdev.Options{Dir: dir, Test: true})
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "earlier PostgreSQL") {
		t.Errorf("got %v, want that it still waited", err)
	}
	if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
}

func TestStart_PIDReused(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := start(t, dir)
	home := filepath.Dir(dataOf(t, c))
	stop(t, c)
	other := fmt.Sprintf("%d\n%s/primary\n", os.Getppid(), home)
	if err := os.WriteFile(filepath.Join(home, "primary", "postmaster.pid"), []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
}

func dataOf(t *testing.T, c *pgdev.Cluster) (dir string) {
	t.Helper()
	if err := connect(t, c.Primary(pgdev.Database)).QueryRow(t.Context(), "SHOW data_directory").Scan(&dir); err != nil {
		t.Fatal(err)
	}
	return dir
}
