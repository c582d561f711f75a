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

// farewell is how long docket takes to stop.
type farewell struct {
	grace  time.Duration // for those who are connected to go elsewhere
	finish time.Duration // for the requests that are then still under way
}

var (
	inProduction = farewell{grace: 5 * time.Second, finish: 15 * time.Second}
	atOnesDesk   = farewell{finish: time.Second} // one who presses Ctrl-C does not mind, and wants the terminal back
)

// listen makes a listener of plain TCP: one of Multipath TCP, Go's default, cannot be shut.
func listen(ctx context.Context, address string) (net.Listener, error) {
	config := net.ListenConfig{}
	config.SetMultipathTCP(false)
	return config.Listen(ctx, "tcp", address)
}

// answer serves until ctx ends; then it sees everybody off.
func answer(ctx context.Context, listener net.Listener, site *web.Server, bye farewell, log *slog.Logger) error {
	here := &guests{open: map[net.Conn]bool{}}
	server := &http.Server{
		Handler: site, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
		ConnState: here.state,
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	site.Drain()
	here.leave()
	none(here.all, quiet, bye.grace)
	shut(listener)
	none(func() int { return inLine(listener) }, quiet, min(bye.grace, 4*quiet))
	_ = listener.Close()
	<-served // whoever was let in is known
	site.EndStreams()
	if err := finish(ctx, server, here, bye.finish); err != nil {
		log.Warn("somebody's request would not end, so it was cut off", "error", err)
		_ = server.Close() // the listener is closed, and nobody hears of the rest
	}
	return nil
}

// finish answers what is still to be answered, and closes what is only idle. A server that is shut down closes a connection
// instead of answering the first request that it reads there, so it is not before all who were let in were answered. Of
// the others each is idle since docket began to stop: nobody has asked there in all the time in which an answer would
// have said where not to ask again.
func finish(ctx context.Context, server *http.Server, here *guests, patience time.Duration) error {
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	none(here.latecomers, 0, patience)
	return server.Shutdown(last)
}
