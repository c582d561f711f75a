package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// shellBlock is a piece of a page that people copy into a shell.
var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// TestDocs_FormCommands runs what the pages print about forms, from top to bottom. docket dev, which does not end, runs beside it; the
// two forms that are compared are there.
func TestDocs_FormCommands(t *testing.T) {
	t.Parallel()
	for page, atLeast := range map[string]int{"README.md": 5, "docs/forms.md": 6, "docs/recipes.md": 3} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			dir := docsFolder(t)
			text, err := os.ReadFile(filepath.Join("..", "..", page))
			if err != nil {
				t.Fatal(err)
			}
			ran, started := 0, false
			for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
				for line := range strings.Lines(block[1]) {
					if !strings.HasPrefix(line, "bin/docket ") || strings.HasPrefix(line, "bin/docket dev ") {
						continue
					}
					if strings.Contains(line, "--dir ") && !started {
						d := startDev(t, filepath.Join(dir, ".refund"), "--form", filepath.Join(dir, "refund.yaml"))
						defer d.end(t, syscall.SIGTERM)
						started = true
					}
					runPrinted(t, dir, line)
					ran++
				}
			}
			if ran < atLeast {
				t.Errorf("only %d commands were found", ran)
			}
		})
	}
}

// docsFolder is a folder in which the pages' commands run: with docket in bin, and two forms to compare.
func docsFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, filepath.Join(dir, "bin", "docket")); err != nil {
		t.Fatal(err)
	}
	runPrinted(t, dir, "bin/docket form new old")
	runPrinted(t, dir, "bin/docket form new new")
	return dir
}

// runPrinted runs a line of a page.
func runPrinted(t *testing.T, dir, line string) {
	t.Helper()
	shell := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", line)
	shell.Dir = dir
	if out, err := shell.CombinedOutput(); err != nil {
		t.Errorf("%s%v\n%s", line, err, out)
	}
}
