// docket is a ticket system: users submit, people or rules decide, other systems ask for the latest approved ticket.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"docket/internal/command"
)

// version and commit are set by the linker.
var version, commit = "dev", "unknown"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := command.Run(ctx, os.Args[1:], command.Build{Version: version, Commit: commit})
	stop()
	os.Exit(code)
}
