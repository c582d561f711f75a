// Package e2e holds every test that needs a browser. All of it is in one package because each package
// starts its own driver; all of it is test code.
package e2e

import (
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/testkit/testbrowser"
)

// TestMain runs twice as many tests at a time as there are processors, unless -parallel says otherwise: half of the time of a test
// nothing is computed.
func TestMain(m *testing.M) {
	flag.Parse()
	const name = "test.parallel"
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	if !given {
		_ = flag.Set(name, strconv.Itoa(2*runtime.GOMAXPROCS(0))) // it is there, and a number
	}
	os.Exit(m.Run())
}

// browser starts the one browser of this test binary; it ends when the binary does.
var browser = sync.OnceValues(func() (playwright.Browser, error) {
	root, err := testbrowser.RepoRoot()
	if err != nil {
		return nil, err
	}
	// What another user's run has left there is not removed: each test makes a folder of its own.
	_ = os.RemoveAll(filepath.Join(root, ".artifacts", "failed"))
	return testbrowser.Launch()
})
