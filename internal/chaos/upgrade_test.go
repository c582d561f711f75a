package chaos_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestUpgrade_BehindBalancer replaces both instances one after the other behind a balancer that follows /readyz. No request
// may fail.
func TestUpgrade_BehindBalancer(t *testing.T) {
	t.Parallel()
	r := newSharedRig(t)
	instances := []*instance{startInstance(t, r.db), startInstance(t, r.db)}
	b := startBalancer(t, instances)
	l := startLoad(t, b.url, r.key)
	for n, i := range instances {
		l.waitForTraffic(100)
		i.end(t, syscall.SIGTERM)
		i.startAgain()
		for !b.backends[n].ready.Load() { // else nobody is left when the other one ends
			sleep(t.Context(), 10*time.Millisecond)
		}
	}
	l.waitForTraffic(100)
	l.checkAnswers(answerLimit)
	l.checkNoRefusals("read", "submit", "decide")
	if l.cut > 0 {
		t.Errorf("%d requests got no answer", l.cut)
	}
	r.checkNothingLost(t, l)
	r.verify(t)
}

// balancer spreads requests over the instances that are ready.
type balancer struct {
	url      string
	backends []*backend
	next     atomic.Uint64
}

type backend struct {
	host  string
	ready atomic.Bool
}

// startBalancer asks every instance for /readyz ten times a second until the test ends.
func startBalancer(t *testing.T, instances []*instance) *balancer {
	t.Helper()
	b := &balancer{}
	for _, i := range instances {
		one := &backend{host: newCaller(i.url).address}
		one.ready.Store(true)
		b.backends = append(b.backends, one)
		go one.watch(t.Context())
	}
	server := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host = "http", b.choose()
	}})
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

// choose returns the host of an instance that is ready; empty, which the proxy answers with 502, when there is none.
func (b *balancer) choose() string {
	first := b.next.Add(1)
	for i := range uint64(len(b.backends)) {
		if one := b.backends[(first+i)%uint64(len(b.backends))]; one.ready.Load() {
			return one.host
		}
	}
	return ""
}

func (b *backend) watch(ctx context.Context) {
	for sleep(ctx, 100*time.Millisecond) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+b.host+"/readyz", http.NoBody)
		if err != nil {
			return
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			response.Body.Close()
		}
		b.ready.Store(err == nil && response.StatusCode == http.StatusOK)
	}
}
