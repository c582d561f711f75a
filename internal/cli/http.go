package cli

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"docket/web"
)

// stopTimes says how long docket takes to stop.
type stopTimes struct {
	pause  time.Duration // from "/readyz answers 503" until connections are refused; load balancers notice meanwhile
	finish time.Duration // for the requests that are then still under way
}

// acceptedTime is how long a client that was accepted last has to send its request.
const acceptedTime = 100 * time.Millisecond

var (
	serveStopTimes = stopTimes{pause: 5 * time.Second, finish: 15 * time.Second}
	devStopTimes   = stopTimes{finish: time.Second} // Ctrl-C should be quick
)

// serveHTTP serves until ctx ends and then stops: /readyz answers 503, after a pause no connection is accepted any
// more, event streams end, and the requests under way are answered. What a client sends on a connection that was idle
// at that moment is lost, as HTTP/1.1 allows; during the pause every answer closes its connection, so few are idle.
func serveHTTP(ctx context.Context, listener net.Listener, site *web.Server, stop stopTimes, log *slog.Logger) error {
	server := &http.Server{
		Handler: site, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	server.RegisterOnShutdown(site.EndStreams)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	site.Drain()
	time.Sleep(stop.pause)
	_ = listener.Close() // before the rest, so that connections that were accepted just now are answered
	time.Sleep(acceptedTime)
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), stop.finish)
	defer cancel()
	if err := server.Shutdown(deadline); err != nil {
		log.Warn("requests did not end in time and were cut off", "error", err)
		_ = server.Close() // the process ends anyway
	}
	return nil
}
