package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// call is a request that may be sent several times.
type call struct {
	method string
	path   string // escaped
	query  url.Values
	header http.Header
	body   func() (io.Reader, error) // the body, from its beginning; nil: none
	once   bool                      // it is not sent again if the server may have done it
	single bool                      // it is not sent again, as its body cannot be
	extra  time.Duration             // how much longer one try may take
}

// newCall is a call of an address; its parts are escaped.
func newCall(method string, path ...string) *call {
	escaped := "/api/v1"
	for _, part := range path {
		if part == "." || part == ".." { // else they are followed as folders
			part = strings.ReplaceAll(part, ".", "%2E")
		} else {
			part = url.PathEscape(part)
		}
		escaped += "/" + part
	}
	return &call{method: method, path: escaped, header: http.Header{}}
}

// withJSON adds a body.
func (c *call) withJSON(body any) (*call, error) {
	text, err := json.Marshal(body)
	c.header.Set("Content-Type", "application/json")
	c.body = func() (io.Reader, error) { return strings.NewReader(string(text)), nil }
	return c, err
}

// decode makes a call and decodes its answer.
func (c *Client) decode(ctx context.Context, made *call, answer any) error {
	return c.do(ctx, made, func(response *http.Response) error {
		return json.NewDecoder(response.Body).Decode(answer)
	})
}

// do makes a call until it is answered, and has read read the answer.
func (c *Client) do(ctx context.Context, made *call, read func(*http.Response) error) error {
	for try := 1; ; try++ {
		err := c.try(ctx, made, read)
		if err == nil || ctx.Err() != nil || try >= c.config.Tries || !made.mayRepeat(err) {
			return err
		}
		wait := waitBefore(try, err)
		if deadline, ok := ctx.Deadline(); wait > c.config.MaxWait || ok && time.Until(deadline) < wait {
			return err
		}
		if c.sleepFor(ctx, wait) != nil {
			return err
		}
	}
}

// mayRepeat reports whether a call that failed is worth another try, and safe.
func (c *call) mayRepeat(err error) bool {
	refused, answered := errors.AsType[*Error](err)
	switch {
	case c.single, errors.Is(err, errAnswer):
		return false
	case !answered:
		return !c.once
	case refused.Status == http.StatusTooManyRequests, refused.Code == Overloaded: // nothing was done
		return true
	}
	return !c.once && (refused.Status == http.StatusServiceUnavailable || refused.Status == http.StatusBadGateway || refused.Status == http.StatusGatewayTimeout)
}

const (
	firstWait = 200 * time.Millisecond
	lastWait  = 5 * time.Second
)

// waitBefore is how long to wait before the next try: as long as the server says, or else longer each time, with jitter.
func waitBefore(try int, err error) time.Duration {
	if refused, ok := errors.AsType[*Error](err); ok && refused.RetryAfter > 0 {
		return refused.RetryAfter
	}
	most := min(firstWait<<(try-1), lastWait)
	return most/2 + rand.N(most/2)
}

func sleepFor(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// try makes a call once.
func (c *Client) try(ctx context.Context, made *call, read func(*http.Response) error) error {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout+made.extra)
	defer cancel()
	request, err := c.newRequest(ctx, made)
	if err != nil {
		return err
	}
	answer, err := c.config.HTTP.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= http.StatusBadRequest {
		return readError(answer)
	}
	if err := read(answer); err != nil {
		return fmt.Errorf("%w of %s %s: %w", errAnswer, made.method, made.path, err)
	}
	_, _ = io.CopyN(io.Discard, answer.Body, 4<<10) // what is left keeps the connection from being used again
	return nil
}

// errAnswer says that an answer could not be read.
var errAnswer = errors.New("read the answer")

func (c *Client) newRequest(ctx context.Context, made *call) (*http.Request, error) {
	var body io.Reader
	if made.body != nil {
		again, err := made.body()
		if err != nil {
			return nil, err
		}
		body = again
	}
	address := *c.base
	address.RawPath, address.RawQuery = c.base.EscapedPath()+made.path, made.query.Encode()
	path, err := url.PathUnescape(address.RawPath)
	if err != nil {
		return nil, err
	}
	address.Path = path
	request, err := http.NewRequestWithContext(ctx, made.method, address.String(), body)
	if err != nil {
		return nil, err
	}
	maps.Copy(request.Header, made.header)
	request.Header.Set("Authorization", "Bearer "+c.config.Key)
	if isFresh(ctx) {
		request.Header.Set("Cache-Control", "no-cache")
	}
	return request, nil
}
