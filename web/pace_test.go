package web_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"docket/internal/account"
	"docket/web/request"
)

// line is a connection on which bytes come a few at a time. Its clock is that of synctest, so nobody waits for it.
type line struct {
	*httptest.ResponseRecorder
	comes    func(sent int) (bytes int, after time.Duration) // what comes next; 0: the end
	sent     int
	deadline time.Time
	waited   int // how often a deadline was put off
}

func (l *line) SetReadDeadline(t time.Time) error { l.deadline, l.waited = t, l.waited+1; return nil }
func (l *line) SetWriteDeadline(time.Time) error  { return nil }
func (l *line) Close() error                      { return nil }

func (l *line) Read(p []byte) (int, error) {
	n, after := l.comes(l.sent)
	if n == 0 {
		return 0, io.EOF
	}
	if left := time.Until(l.deadline); after > left {
		time.Sleep(left)
		return 0, os.ErrDeadlineExceeded
	}
	time.Sleep(after)
	l.sent += min(n, len(p))
	return min(n, len(p)), nil
}

func TestPaceBody_SlowAndStalled(t *testing.T) {
	t.Parallel()
	const all = 10 << 20
	slow := func(int) (int, time.Duration) { return 2 << 10, 100 * time.Millisecond } // 20 KiB a second
	for name, c := range map[string]struct {
		comes func(sent int) (int, time.Duration)
		want  error
	}{
		"a slow telephone":             {slow, nil},
		"one with a tunnel on its way": {pausing(slow, all/2, 14*time.Second), nil},
		"stops":                        {pausing(slow, all/2, time.Hour), os.ErrDeadlineExceeded},
		"quick, then stops":            {pausing(quick, all-1, 16*time.Second), os.ErrDeadlineExceeded},
		"never begins":                 {pausing(slow, 0, time.Hour), os.ErrDeadlineExceeded},
		"a byte now and then":          {func(int) (int, time.Duration) { return 1, 5 * time.Second }, os.ErrDeadlineExceeded},
		"a little slower than allowed": {func(int) (int, time.Duration) { return 15 << 10, time.Second }, os.ErrDeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := &line{ResponseRecorder: httptest.NewRecorder(), comes: func(sent int) (int, time.Duration) {
					n, after := c.comes(sent)
					return min(n, all-sent), after
				}}
				n, err := io.Copy(io.Discard, request.PaceBody(l, l))
				if !errors.Is(err, c.want) || c.want == nil && n != all {
					t.Errorf("%d bytes came, and then %v; want %v", n, err, c.want)
				}
			})
		})
	}
}

func quick(int) (int, time.Duration) { return 64 << 10, time.Millisecond }

// pausing sends nothing for a while, once so many bytes have come.
func pausing(comes func(int) (int, time.Duration), at int, pause time.Duration) func(int) (int, time.Duration) {
	paused := false
	return func(sent int) (int, time.Duration) {
		n, after := comes(sent)
		switch {
		case paused || sent > at:
		case sent == at:
			paused = true
			return n, pause
		default:
			n = min(n, at-sent)
		}
		return n, after
	}
}

func TestPaceBody_EveryUpload(t *testing.T) {
	t.Parallel()
	s := photos(t)
	customer, _ := signedIn(t, s, "customer", account.Customer)
	key := s.Key(t, "sender", account.TicketsWrite)
	body, kind := multi(t, nil, chosen{"front", "x.jpg", photo()})
	for _, path := range []string{"/files/front", "/tickets", "/tickets/new", "/api/v1/files?user_id=ann&field=front"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, strings.NewReader(string(body)))
		r.Header.Set("Content-Type", kind)
		if strings.HasPrefix(path, "/api/") {
			r.Header.Set("Authorization", "Bearer "+key)
			r.Header.Set("Content-Type", "image/jpeg")
		}
		for _, cookie := range customer.client.Jar.Cookies(r.URL) {
			r.AddCookie(cookie)
		}
		l := &line{ResponseRecorder: httptest.NewRecorder()}
		s.Instances[0].Web.ServeHTTP(l, r)
		if l.waited == 0 {
			t.Errorf("%s: the answer is %d, and no deadline was put off while the file came", path, l.Code)
		}
	}
}
