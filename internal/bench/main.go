// Bench measures docket beside what no program on the same machine can beat, and makes the data that it needs:
//
//	go run ./internal/bench                 docket and its limits in one table
//	go run ./internal/bench fill            a database of any size
//	go run ./internal/bench desk            what agents read of one, beside what they read of a small one
//	go run ./internal/bench cluster --citus URL   docket on a Citus cluster, and whether its promises hold there
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

type commands struct {
	Run     run            `cmd:"" default:"withargs" help:"Measure docket beside its limits."`
	Limits  limitsCommand  `cmd:"" hidden:""`
	Desk    deskCommand    `cmd:"" help:"Measure the lists, searches, counts and charts of a filled database beside those of a small one."`
	Cluster clusterCommand `cmd:"" help:"Measure docket on a Citus cluster, and check its promises there."`
	Fill    fill           `cmd:"" help:"Fill an empty, migrated database with tickets of 90 days."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	parsed := kong.Parse(&c, kong.Name("bench"), kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)))
	parsed.FatalIfErrorf(parsed.Run())
}
