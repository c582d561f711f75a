// Package client calls the JSON interface of docket: it looks up, submits and decides tickets.
//
// It uses the standard library alone. All calls take a context, may be made at the same time, and are repeated when the server is
// overloaded or cannot be reached, if that is safe: a submission under the same idempotency key, a decision as it was. An error of the
// server is an *[Error], and is a [Code] for errors.Is.
package client

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Config says which docket is called, and how.
type Config struct {
	URL string // such as https://docket.example
	Key string // an API key, dk_…

	HTTP     *http.Client  // default: one of its own that keeps connections open
	Tries    int           // how often a call is made at most; default 4
	MaxWait  time.Duration // the longest wait before the next try: a call that has to wait longer fails at once; default 30 s
	Timeout  time.Duration // of one try; default 30 s
	Remember int           // how many look-ups are remembered with their ETag; default 10,000, below 0 none
}

// Client calls one docket with one key.
type Client struct {
	config   Config
	base     *url.URL
	seen     *seenApprovals
	sleepFor func(context.Context, time.Duration) error
}

// New is a client. It fails when the address cannot be one.
func New(c Config) (*Client, error) {
	base, err := url.Parse(strings.TrimSuffix(c.URL, "/"))
	if err != nil {
		return nil, err
	}
	if base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, &url.Error{Op: "parse", URL: c.URL, Err: errNoAddress}
	}
	if c.HTTP == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone() // it is one unless somebody has replaced it
		transport.MaxIdleConnsPerHost = 64
		c.HTTP = &http.Client{Transport: transport}
	}
	c.Tries, c.MaxWait, c.Timeout = cmp.Or(c.Tries, 4), cmp.Or(c.MaxWait, 30*time.Second), cmp.Or(c.Timeout, 30*time.Second)
	return &Client{config: c, base: base, seen: newSeenApprovals(cmp.Or(c.Remember, 10_000)), sleepFor: sleepFor}, nil
}

type freshKey struct{}

// Fresh marks a context: calls under it are answered from the primary, with everything that was committed before.
func Fresh(ctx context.Context) context.Context { return context.WithValue(ctx, freshKey{}, true) }

func isFresh(ctx context.Context) bool { return ctx.Value(freshKey{}) != nil }
