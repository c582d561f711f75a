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
	os.Exit(cli.Run(signalContext(), os.Args[1:], cli.Build{Version: version, Commit: commit}))
}

// signalContext returns a context that the first signal cancels. The second signal ends the process at once.
func signalContext() context.Context {
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
