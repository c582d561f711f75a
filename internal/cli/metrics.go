package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// serveMetrics serves metrics on an address of their own until ctx ends.
func serveMetrics(ctx context.Context, listener net.Listener, metrics http.Handler, log *slog.Logger) error {
	log.Info("metrics", "url", "http://"+listener.Addr().String()+"/metrics")
	server := &http.Server{ // a profile may take a minute to write
		Handler: metrics, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
	}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })() // a scrape that is cut off is repeated
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve metrics: %w", err)
	}
	return nil
}
