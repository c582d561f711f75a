// Package testbrowser starts the headless Chromium of the browser tests and of the screenshots.
package testbrowser

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/playwright-community/playwright-go"
)

// ErrMissing is wrapped by what Launch returns when a program or an npm package is not installed.
var ErrMissing = errors.New("the browser needs")

// Launch starts a browser; it ends with the program. When something is not installed, the error says how to install it.
func Launch() (playwright.Browser, error) {
	root, err := RepoRoot()
	if err != nil {
		return nil, err
	}
	chromium, err := findChromium()
	if err != nil {
		return nil, err
	}
	if err := findDriver(root); err != nil {
		return nil, err
	}
	pw, err := playwright.Run(&playwright.RunOptions{DriverDirectory: filepath.Join(root, "node_modules")})
	if err != nil {
		return nil, fmt.Errorf("start the browser driver: %w", err)
	}
	return pw.Chromium.Launch(playwright.BrowserTypeLaunchOptions{
		ExecutablePath: &chromium,
		Args: []string{
			"--disable-gpu",
			"--disable-quic",
			"--host-resolver-rules=MAP tickets.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
		},
	})
}

// RepoRoot is the folder of go.mod, which is the working folder or above it.
func RepoRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("no go.mod above the working folder")
		}
		dir = up
	}
}

// findChromium prefers Debian's headless shell: it takes a quarter of the CPU of the full browser.
func findChromium() (string, error) {
	if path := os.Getenv("E2E_CHROMIUM"); path != "" {
		return path, nil
	}
	for _, name := range []string{
		"/usr/lib/chromium/chromium-headless-shell",
		"chromium-headless-shell",
		"chromium",
		"google-chrome",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		"/Applications/Chromium.app/Contents/MacOS/Chromium",
	} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", missingError("Chromium (or E2E_CHROMIUM, the path of one)", "sudo .ci/packages")
}

// findDriver points the driver at the node on PATH. The driver's folder is node_modules itself, where
// playwright-core is installed under the name "package".
func findDriver(root string) error {
	node, err := exec.LookPath(cmp.Or(os.Getenv("PLAYWRIGHT_NODEJS_PATH"), "node"))
	if err != nil {
		return missingError("Node.js 18 or newer", "sudo apt-get install nodejs npm")
	}
	for _, file := range []string{"package/cli.js", "axe-core/axe.min.js"} {
		if _, err := os.Stat(filepath.Join(root, "node_modules", file)); err != nil {
			return missingError("node_modules/"+file, "make npm")
		}
	}
	return os.Setenv("PLAYWRIGHT_NODEJS_PATH", node)
}

func missingError(what, command string) error {
	return fmt.Errorf("%w %s; install it with: %s", ErrMissing, what, command)
}
