// Bench measures docket beside what no program on the same machine can beat, and makes the data that it needs:
//
//	go run ./internal/bench                 docket and its limits in one table
//	go run ./internal/bench fill            a database of any size
//	go run ./internal/bench cluster         a primary, two replicas, two instances and a balancer
//	go run ./internal/bench soak            whether promises are kept while things break
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

type commands struct {
	Run     run     `cmd:"" default:"withargs" help:"Measure docket beside its limits."`
	Bare    bare    `cmd:"" hidden:""`
	Soak    soak    `cmd:"" help:"Break one thing after the other under load, and see whether docket keeps its promises."`
	Cluster cluster `cmd:"" help:"Run a primary, two replicas, two instances and a balancer as processes of this machine."`
	Fill    fill    `cmd:"" help:"Fill an empty, migrated database with tickets of 90 days."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	parsed := kong.Parse(&c, kong.Name("bench"), kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)))
	parsed.FatalIfErrorf(parsed.Run())
}
