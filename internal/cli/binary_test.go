package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// binary is docket, built once for all tests. It stays in the temporary folder.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "docket")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "docket")
	out, err := exec.Command("go", "build", "-o", path, "docket").CombinedOutput()
	if err != nil {
		err = &buildError{string(out)}
	}
	return path, err
})

type buildError struct{ out string }

func (e *buildError) Error() string { return e.out }

// docket returns a command that is not started yet. Its only environment variables are env and those for PostgreSQL.
func docket(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), path, args...)
	c.Dir = t.TempDir()
	packages, err := filepath.Abs("../../node_modules") // where the PostgreSQL of npm is
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(packages, filepath.Join(c.Dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	c.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "PG_BIN=" + os.Getenv("PG_BIN")}, env...)
	return c
}

// result is what a command line printed and its exit code.
type result struct {
	out, err string
	code     int
}

func run(t *testing.T, c *exec.Cmd, in string) result {
	t.Helper()
	var out, err bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(in), &out, &err
	_ = c.Run() // the exit code is looked at below
	return result{out.String(), err.String(), c.ProcessState.ExitCode()}
}

// want fails unless the command ended with code and printed every text on one of its streams.
func (r result) want(t *testing.T, code int, texts ...string) result {
	t.Helper()
	if r.code != code {
		t.Fatalf("exit code %d, want %d\n%s%s", r.code, code, r.out, r.err)
	}
	for _, text := range texts {
		if !strings.Contains(r.out+r.err, text) {
			t.Errorf("it does not say %q:\n%s%s", text, r.out, r.err)
		}
	}
	return r
}
