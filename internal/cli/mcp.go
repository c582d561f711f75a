package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"docket/internal/postgres"
	"docket/internal/toolserver"
)

type mcpCommand struct {
	URL    string `name:"url" env:"BASE_URL" required:"" placeholder:"URL" help:"The address of the docket whose JSON interface is called."`
	Key    string `name:"key" env:"API_KEY" placeholder:"KEY" help:"The API key for standard input and output, with the scopes tickets:write and tickets:read. With --listen each request shows its own."`
	Listen string `name:"listen" env:"MCP_LISTEN" placeholder:"HOST:PORT" help:"Where to serve streamable HTTP, on this machine only. Default: standard input and output."`
	User   string `name:"user" env:"MCP_USER" default:"ai-agent" placeholder:"ID" help:"For whom tickets are when a call does not say (${default})."`
}

// Help implements kong.HelpProvider.
func (mcpCommand) Help() string {
	return "Tools of the Model Context Protocol for AI agents that need a person's yes: request_approval, wait_for_decision and status. Silence is no."
}

// Validate refuses settings that cannot work. Kong calls it.
func (c mcpCommand) Validate() error {
	if c.Listen == "" && c.Key == "" {
		return errors.New("API_KEY (--key) is required without --listen")
	}
	if host, _, err := net.SplitHostPort(c.Listen); c.Listen != "" && (err != nil || !postgres.IsLoopback(host)) {
		return fmt.Errorf("MCP_LISTEN (--listen) must be an address of this machine alone, such as 127.0.0.1:8090, and not %q", c.Listen)
	}
	return nil
}

func (c mcpCommand) Run(ctx context.Context, b Build) error {
	tools, err := toolserver.Load(ctx, toolserver.Config{URL: c.URL, User: c.User, Version: b.Version})
	if err != nil {
		return err
	}
	if c.Listen != "" {
		return c.serve(ctx, tools)
	}
	server, err := tools.Server(c.Key)
	if err != nil {
		return err
	}
	if err := server.Run(ctx, toolserver.OpenLines(os.Stdin, os.Stdout)); err != nil && ctx.Err() == nil {
		return fmt.Errorf("standard input and output: %w", err)
	}
	return nil
}

// serve serves streamable HTTP until ctx ends.
func (c mcpCommand) serve(ctx context.Context, tools *toolserver.Tools) error {
	listener, err := listenTCP(ctx, c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("/mcp", tools.Handler())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		return server.Close() // who waits asks again
	})
	fmt.Fprintf(os.Stderr, "ready http://%s/mcp\n", listener.Addr())
	return g.Wait()
}
