// Command screenshots starts docket with demo tickets and takes a picture of every page and state, in several widths, light
// and dark. It is run by make screenshots.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

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
	flag.Parse()
	server, err := startSite(ctx, *binary)
	if err != nil {
		return err
	}
	defer server.stop()
	second, err := server.startSecond(ctx, *binary)
	if err != nil {
		return err
	}
	defer second.stop()
	browser, err := testbrowser.Launch()
	if err != nil {
		return err
	}
	defer func() { _ = browser.Close() }() // it ends with the program, too
	pictures := &camera{out: *out, docs: *docs}
	if err := pictures.prepare(); err != nil {
		return err
	}
	if err := visitAll(&tour{browser, server, pictures}, &tour{browser, second, pictures}); err != nil {
		return err
	}
	index := filepath.Join(*out, "index.html")
	fmt.Printf("%d pages and states: %s\n", len(pictures.taken), index)
	return pictures.writeIndex(index)
}
