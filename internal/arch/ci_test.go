package arch

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// fakeGo stands for the go command: it lists packages, and of those that it is to test it notes which, and fails where one is the red one.
const fakeGo = `#!/bin/sh
case $1 in
list) printf 'docket/%s\n' ` + ciPackages + ` ;;
test)
	for argument; do
		case $argument in docket/*) echo "$argument" >> "$TESTED" ;; esac
	done
	case " $* " in *" docket/$RED "*) exit 1 ;; esac ;;
esac
`

// ciPackages are one that runs alone at the end, two that run beside the others, one whose name begins as another's, and two others.
const ciPackages = "db internal/cache internal/cachefile internal/cli internal/e2e web"

// TestCITest_EveryPackage has .ci/test run each package once, and fail wherever one does.
func TestCITest_EveryPackage(t *testing.T) {
	t.Parallel()
	for _, red := range append(strings.Fields(ciPackages), "none") {
		t.Run(red, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "go"), []byte(fakeGo), 0o700); err != nil {
				t.Fatal(err)
			}
			tested := filepath.Join(dir, "tested")
			cmd := exec.CommandContext(t.Context(), "../../.ci/test", "./...", "-short")
			cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "TESTED="+tested, "RED="+red)
			if out, err := cmd.CombinedOutput(); (err == nil) != (red == "none") {
				t.Errorf("%v: %s", err, out)
			}
			text, err := os.ReadFile(tested)
			if err != nil {
				t.Fatal(err)
			}
			got, want := strings.Fields(strings.ReplaceAll(string(text), "docket/", "")), strings.Fields(ciPackages)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("tested %v, want %v", got, want)
			}
		})
	}
}
