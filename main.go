// docket is a ticket system: users submit, people or rules decide, other systems ask for the latest approved ticket.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"docket/internal/cli"
)

// version and commit are set by the linker.
var version, commit = "dev", "unknown"

func main() {
	os.Exit(cli.Run(untilSignalled(), os.Args[1:], cli.Build{Version: version, Commit: commit}))
}

// untilSignalled is a context that the first signal ends. By then the second one ends the process at once: whoever has
// seen that docket stops must not be ignored.
func untilSignalled() context.Context {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ctx, end := context.WithCancel(context.Background())
	go func() {
		<-signals
		signal.Stop(signals)
		end()
	}()
	return ctx
}
