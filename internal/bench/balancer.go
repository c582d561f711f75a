package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"time"
)

// balancer spreads requests over the instances that say that they are ready.
type balancer struct {
	backends []*backend
	turn     atomic.Uint64
	server   *http.Server
	url      string
}

// backend is one instance as the balancer sees it.
type backend struct {
	host  string
	ready atomic.Bool
}

var errNobody = errors.New("no instance is ready")

// balance listens and asks every instance for its health until ctx ends.
func balance(ctx context.Context, listen string, instances []*instance) (*balancer, error) {
	b := &balancer{}
	for _, i := range instances {
		u, err := url.Parse(i.URL)
		if err != nil {
			return nil, err
		}
		one := &backend{host: u.Host}
		b.backends = append(b.backends, one)
		one.look(ctx)
		go one.watch(ctx)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return nil, err
	}
	b.url = "http://" + listener.Addr().String()
	proxy := &httputil.ReverseProxy{Transport: b, Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = "http", "docket", r.In.Host // which forms are compared with
	}}
	b.server = &http.Server{Handler: proxy, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = b.server.Serve(listener) }() // it returns when it is closed
	return b, nil
}

func (b *backend) watch(ctx context.Context) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			b.look(ctx)
		}
	}
}

// look asks an instance whether visitors should be sent to it.
func (b *backend) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+b.host+"/readyz", nil)
	if err != nil {
		return
	}
	answer, err := http.DefaultClient.Do(r)
	if err == nil {
		answer.Body.Close()
	}
	b.ready.Store(err == nil && answer.StatusCode == http.StatusOK)
}

// RoundTrip implements http.RoundTripper. What never reached an instance is asked of the next one.
func (b *balancer) RoundTrip(r *http.Request) (answer *http.Response, err error) {
	err = errNobody
	for range 2 * len(b.backends) {
		next := b.backends[b.turn.Add(1)%uint64(len(b.backends))]
		if !next.ready.Load() {
			continue
		}
		r.URL.Host = next.host
		answer, err = http.DefaultTransport.RoundTrip(r)
		dialled, ok := errors.AsType[*net.OpError](err)
		if !ok || dialled.Op != "dial" {
			return answer, err
		}
		next.ready.Store(false)
	}
	return nil, err
}
