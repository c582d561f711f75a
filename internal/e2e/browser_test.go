// Package e2e holds every test that needs a browser. All of it is in one package because each package
// starts its own driver; all of it is test code.
package e2e

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/testkit/testbrowser"
	"docket/internal/testkit/testsite"
)

func TestMain(m *testing.M) { os.Exit(testsite.RunTests(m)) }

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
