package command

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"docket/web"
)

// farewell is how long docket takes to stop.
type farewell struct {
	grace  time.Duration // for those who are connected to go elsewhere
	finish time.Duration // for the requests that are then still under way
}

var (
	inProduction = farewell{grace: 5 * time.Second, finish: 15 * time.Second}
	atOnesDesk   = farewell{finish: time.Second} // one who presses Ctrl-C does not mind, and wants the terminal back
)

const (
	look  = 20 * time.Millisecond  // how often it is seen whether anybody is connected
	quiet = 500 * time.Millisecond // how long nobody was, until it is believed that nobody will be
)

// listen makes a listener of plain TCP: one of Multipath TCP, Go's default, cannot be shut.
func listen(ctx context.Context, address string) (net.Listener, error) {
	config := net.ListenConfig{}
	config.SetMultipathTCP(false)
	return config.Listen(ctx, "tcp", address)
}

// answer serves until ctx ends; then it sees everybody off.
func answer(ctx context.Context, listener net.Listener, site *web.Server, bye farewell, log *slog.Logger) error {
	var connected atomic.Int64
	server := &http.Server{
		Handler: site, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
		ConnState: count(&connected),
	}
	server.RegisterOnShutdown(site.EndStreams)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	site.Drain()
	seeOff(&connected, bye.grace, quiet)
	shut(listener)
	seeOff(&connected, min(bye.grace, quiet), 2*look)
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), bye.finish)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		log.Warn("somebody's request would not end, so it was cut off", "error", err)
		_ = server.Close() // the listener is closed, and nobody hears of the rest
	}
	return nil
}

// seeOff waits until everybody has gone elsewhere. To close a connection that is only idle at this moment would cut off
// whoever sends the next request on it just now. So each is told to end with its next answer, and only those on which
// nobody has asked again by the end of the grace are closed. Nobody for as long as quiet is nobody.
func seeOff(connected *atomic.Int64, grace, quiet time.Duration) {
	var seen time.Time
	for end := time.Now().Add(grace); time.Now().Before(end); time.Sleep(look) {
		if connected.Load() > 0 {
			seen = time.Now()
		} else if time.Since(seen) > quiet {
			return
		}
	}
}

func count(connected *atomic.Int64) func(net.Conn, http.ConnState) {
	return func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			connected.Add(1)
		case http.StateClosed, http.StateHijacked:
			connected.Add(-1)
		}
	}
}
