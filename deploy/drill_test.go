package deploy_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

// drill is a PostgreSQL of its own, and the place of its backups.
type drill struct {
	dir string
	env []string // of its commands
	url string
}

const nobody = 65534 // runs PostgreSQL, which refuses to run as root

// newDrill makes an empty database that runs until the test ends.
func newDrill(t *testing.T) drill {
	t.Helper()
	d := prepareDrill(t)
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", filepath.Join(d.dir, "docket"), "docket").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	d.takeOver(t)
	t.Cleanup(func() { _ = d.newCommand("pg_ctl stop --mode=immediate --silent").Run() }) // it may have ended
	d.run(t, `set -euo pipefail
		initdb --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync --no-instructions
		printf "listen_addresses=''\nunix_socket_directories='%s'\nshared_buffers=32MB\nfsync=off\n" "$PGHOST" >>"$PGDATA/postgresql.conf"
		mkdir "$FILES"
		pg_ctl start --wait --silent --log="$PGHOST/postgresql.log"
		createdb docket`)
	return d
}

// prepareDrill makes the folder, which ends with the test.
func prepareDrill(t *testing.T) drill {
	t.Helper()
	bin := findBasebackup(t)
	dir, err := os.MkdirTemp("/tmp", "docket-drill-") // the name of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) }) // it is in a temporary folder
	d := drill{dir: dir, url: "postgres://postgres@/docket?host=" + dir}
	d.env = []string{
		"PATH=" + bin + ":" + dir + ":" + os.Getenv("PATH"), "HOME=" + dir, "PGHOST=" + dir, "PGUSER=postgres", "PGDATA=" + dir + "/data",
		"BACKUPS=" + dir + "/backups", "FILES=" + dir + "/files", "DATABASE_URL=" + d.url, "KEEP_DAYS=35",
	}
	d.takeOver(t)
	return d
}

// findBasebackup is the newest folder that has both a server and pg_basebackup, which npm's PostgreSQL has not.
func findBasebackup(t *testing.T) string {
	t.Helper()
	bins, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is well formed
	slices.Reverse(bins)
	for _, bin := range append([]string{os.Getenv("PG_BIN")}, bins...) {
		_, noServer := os.Stat(filepath.Join(bin, "initdb"))
		_, noBackup := os.Stat(filepath.Join(bin, "pg_basebackup"))
		if bin != "" && noServer == nil && noBackup == nil {
			return bin
		}
	}
	t.Skip("there is no PostgreSQL with pg_basebackup; on Debian: apt-get install --no-install-recommends postgresql")
	return ""
}

// takeOver gives all that is in the folder to the user who runs PostgreSQL.
func (d drill) takeOver(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	err := filepath.WalkDir(d.dir, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(path, nobody, nobody))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// newCommand runs lines of a shell as the user who runs PostgreSQL, in the folder.
func (d drill) newCommand(script string, env ...string) *exec.Cmd {
	cmd := exec.Command("bash", "-c", script)
	cmd.Env, cmd.Dir = slices.Concat(d.env, env), d.dir
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	return cmd
}

// run returns what the lines print.
func (d drill) run(t *testing.T, script string, env ...string) string {
	t.Helper()
	out, err := os.Create(filepath.Join(t.TempDir(), "out")) // a server that is started keeps it open: a pipe would not end
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd := d.newCommand(script, env...)
	cmd.Stdout, cmd.Stderr = out, out
	failed := cmd.Run()
	said := readFile(t, out.Name())
	if failed != nil {
		logs, _ := d.newCommand("tail -n 20 *.log backups/*.log").CombinedOutput() // those that are there
		t.Fatalf("%v:\n%s\nsays\n%s\n%s", failed, script, said, logs)
	}
	return said
}
