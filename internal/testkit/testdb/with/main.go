// With runs a command, such as go test ./..., with one PostgreSQL cluster for all packages that testdb serves:
//
//	go run ./internal/testkit/testdb/with go test ./...
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"docket/internal/pgdev"
	"docket/internal/testkit/testdb"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: with COMMAND [ARGUMENT…]")
		os.Exit(2)
	}
	code, err := runWithCluster(context.Background(), os.Args[1], os.Args[2:]...)
	if err != nil {
		fmt.Fprintln(os.Stderr, "with:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// runWithCluster returns the exit code of the command.
func runWithCluster(ctx context.Context, name string, args ...string) (code int, err error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	cluster, dir, err := testdb.Start(ctx, 1)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, cluster.Stop(), pgdev.Remove(dir)) }()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(),
		testdb.PrimaryVariable+"="+cluster.Primary("postgres"),
		testdb.ReplicaVariable+"="+cluster.Replica("postgres"))
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			_ = cmd.Process.Signal(s) // it may have ended just now
		case err := <-ended:
			return exitCode(err)
		}
	}
}

// exitCode is the command's own, or what a shell says of one that died of a signal.
func exitCode(err error) (int, error) {
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return 0, err
	}
	if status, _ := exit.Sys().(syscall.WaitStatus); status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return exit.ExitCode(), nil
}
