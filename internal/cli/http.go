package cli

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

// stopTimes says how long docket takes to stop.
type stopTimes struct {
	pause  time.Duration // from "/readyz answers 503" until connections are refused; load balancers notice meanwhile
	finish time.Duration // for the requests that are then still under way
}

const (
	acceptedTime  = 100 * time.Millisecond // how long a client that was accepted last has to send its request
	pauseStep     = 50 * time.Millisecond  // how often the pause looks whether it can end
	idlePause     = 500 * time.Millisecond // how long the pause is at least: a load balancer may ask for the first time
	probeInterval = 30 * time.Second       // the longest time between two probes of one load balancer
)

var (
	serveStopTimes = stopTimes{pause: 5 * time.Second, finish: 15 * time.Second}
	devStopTimes   = stopTimes{finish: time.Second} // Ctrl-C should be quick
)

// httpServer serves on a listener from the start: until it has a site it says that docket starts.
type httpServer struct {
	server   *http.Server
	listener net.Listener
	site     atomic.Pointer[web.Server]
	clients  atomic.Int64 // open connections

	formEvents atomic.Pointer[http.Handler] // of docket dev; nil: the form never changes
	ended      chan error                   // why it no longer serves
}

// startHTTP serves on a listener.
func startHTTP(listener net.Listener) *httpServer {
	h := &httpServer{listener: listener, ended: make(chan error, 1)}
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true) // for balancers: many requests on one connection
	h.server = &http.Server{
		Handler: h, Protocols: &protocols, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
		ConnState: h.countClients,
	}
	go func() { h.ended <- h.server.Serve(listener) }()
	return h
}

// ServeHTTP implements http.Handler.
func (h *httpServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.serveFormEvents(w, r) {
		return
	}
	if site := h.site.Load(); site != nil {
		site.ServeHTTP(w, r)
		return
	}
	web.AnswerStarting(w, r)
}

func (h *httpServer) countClients(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		h.clients.Add(1)
	case http.StateClosed, http.StateHijacked:
		h.clients.Add(-1)
	}
}

// open begins to serve a site.
func (h *httpServer) open(site *web.Server) {
	h.server.RegisterOnShutdown(site.EndStreams)
	h.site.Store(site)
}

// run returns when ctx has ended and the server has stopped: /readyz answers 503, after a pause no connection is accepted any
// more, event streams end, and the requests under way are answered. What a client sends on a connection that was idle
// at that moment is lost, as HTTP/1.1 allows; during the pause every answer closes its connection, so few are idle.
func (h *httpServer) run(ctx context.Context, stop stopTimes, log *slog.Logger) error {
	select {
	case err := <-h.ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	site := h.site.Load()
	site.Drain()
	h.pause(site, stop.pause)
	_ = h.listener.Close() // before the rest, so that connections that were accepted just now are answered
	time.Sleep(acceptedTime)
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), stop.finish)
	defer cancel()
	if err := h.server.Shutdown(deadline); err != nil {
		log.Warn("requests did not end in time and were cut off", "error", err)
		_ = h.server.Close() // the process ends anyway
	}
	return nil
}

// pause waits until load balancers have noticed that docket stops. It ends early when nobody is connected and no load balancer
// has asked how the process stands for a while.
func (h *httpServer) pause(site *web.Server, longest time.Duration) {
	began := time.Now()
	for time.Since(began) < longest {
		if time.Since(began) >= idlePause && h.clients.Load() == 0 && !site.ProbedWithin(probeInterval) {
			return
		}
		time.Sleep(pauseStep)
	}
}
