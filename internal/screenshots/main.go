// Command screenshots starts docket with demo tickets and takes a picture of every page and state, in several widths, light
// and dark. It is run by make screenshots.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	"github.com/playwright-community/playwright-go"

	"docket/internal/testkit/testbrowser"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	binary := flag.String("binary", "bin/docket", "the docket to start")
	out := flag.String("out", ".screenshots", "the folder for all pictures and their index.html")
	docs := flag.String("docs", "", "also write the pictures of README and docs into this folder")
	every := flag.Bool("every", false, "only the pages of the form that has every kind of field")
	only := flag.String("only", "", "take only what this regular expression matches, a name with its width and scheme such as queue-1280-dark")
	onlyForm := flag.Bool("form", false, "only the steps of the built-in form, in every state")
	flag.Parse()
	pictures := &camera{out: *out, docs: *docs}
	var err error
	if pictures.only, err = regexp.Compile(*only); err != nil {
		return err
	}
	if err := pictures.prepare(); err != nil {
		return err
	}
	browser, err := testbrowser.Launch()
	if err != nil {
		return err
	}
	defer func() { _ = browser.Close() }() // it ends with the program, too
	if *onlyForm {
		err := visitForm(ctx, browser, pictures, *binary)
		return errors.Join(err, pictures.writeIndex(filepath.Join(*out, "index.html")))
	}
	if !*every {
		if err := visitDemo(ctx, browser, pictures, *binary); err != nil {
			return err
		}
	}
	if err := errors.Join(visitForm(ctx, browser, pictures, *binary), visitEvery(ctx, browser, pictures, *binary)); err != nil {
		return err
	}
	index := filepath.Join(*out, "index.html")
	fmt.Printf("%d pages and states: %s\n", len(pictures.taken), index)
	if err := pictures.writeIndex(index); err != nil || len(pictures.said) == 0 {
		return err
	}
	return fmt.Errorf("the consoles of the browsers say:\n%s", strings.Join(pictures.said, "\n"))
}

// visitDemo takes the pages of docket with its own form and demo tickets.
func visitDemo(ctx context.Context, browser playwright.Browser, pictures *camera, binary string) error {
	server, err := startSite(ctx, binary)
	if err != nil {
		return err
	}
	defer server.stop()
	second, err := server.startSecond(ctx, binary)
	if err != nil {
		return err
	}
	defer second.stop()
	return visitAll(&tour{browser, server, pictures}, &tour{browser, second, pictures})
}

// visitEvery takes the pages of the form that has every kind of field.
func visitEvery(ctx context.Context, browser playwright.Browser, pictures *camera, binary string) error {
	server, err := startEvery(ctx, binary)
	if err != nil {
		return err
	}
	defer server.stop()
	return takeEvery(&tour{browser, server, pictures})
}
