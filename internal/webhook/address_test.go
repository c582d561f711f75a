package webhook

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

func TestCheckURL(t *testing.T) {
	t.Parallel()
	inside := []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00::/8")}
	for _, test := range []struct {
		url      string
		networks []netip.Prefix
		insecure bool
		want     error
	}{
		{url: "https://example.com/hook?a=b"},
		{url: "https://example.com:8443"},
		{url: "https://8.8.8.8/"},
		{url: "https://[2606:4700::1111]/"},
		{url: "https://xn--bcher-kva.example/"},
		{url: "http://example.com/", want: ErrPlain},
		{url: "http://example.com/", insecure: true},
		{url: "http://example.com/", networks: inside},

		{url: "", want: ErrURL},
		{url: "example.com", want: ErrURL},
		{url: "ftp://example.com/", want: ErrURL},
		{url: "https://", want: ErrURL},
		{url: "https:///hook", want: ErrURL},
		{url: "https://user:password@example.com/", want: ErrURL},
		{url: "https://example.com/#part", want: ErrURL},
		{url: "https://example.com:0/", want: ErrURL},
		{url: "https://example.com:/", want: ErrURL},
		{url: "https://example.com:99999/", want: ErrURL},
		{url: "https://bücher.example/", want: ErrURL},
		{url: "https://１２７.0.0.1/", want: ErrURL},
		{url: "https://example..com/", want: ErrURL},
		{url: "https://example.com/\n", want: ErrURL},
		{url: "https://" + strings.Repeat("a", MaxURL), want: ErrURL},

		{url: "https://127.0.0.1/", want: ErrReserved},
		{url: "https://127.255.255.254/", want: ErrReserved},
		{url: "https://0.0.0.0/", want: ErrReserved},
		{url: "https://10.0.0.1/", want: ErrReserved},
		{url: "https://172.16.0.1/", want: ErrReserved},
		{url: "https://192.168.1.1/", want: ErrReserved},
		{url: "https://169.254.169.254/latest/meta-data/", want: ErrReserved},
		{url: "https://100.64.0.1/", want: ErrReserved},
		{url: "https://224.0.0.1/", want: ErrReserved},
		{url: "https://255.255.255.255/", want: ErrReserved},
		{url: "https://[::1]/", want: ErrReserved},
		{url: "https://[::]/", want: ErrReserved},
		{url: "https://[fe80::1]/", want: ErrReserved},
		{url: "https://[fe80::1%25eth0]/", want: ErrReserved},
		{url: "https://[fd00::1]/", want: ErrReserved},
		{url: "https://[::ffff:127.0.0.1]/", want: ErrReserved},
		{url: "https://[::ffff:7f00:1]/", want: ErrReserved},
		{url: "https://[64:ff9b::7f00:1]/", want: ErrReserved},
		{url: "https://[2002:7f00:1::]/", want: ErrReserved},
		{url: "https://2130706433/", want: ErrReserved},
		{url: "https://0x7f000001/", want: ErrReserved},
		{url: "https://0x7f.0.0.1/", want: ErrReserved},
		{url: "https://0177.0.0.1/", want: ErrReserved},
		{url: "https://127.1/", want: ErrReserved},
		{url: "https://127.0.0.1./", want: ErrReserved},
		{url: "https://localhost/", want: ErrReserved},
		{url: "https://LOCALHOST./", want: ErrReserved},
		{url: "https://app.localhost/", want: ErrReserved},

		{url: "https://10.1.2.3/", networks: inside},
		{url: "http://10.1.2.3/", networks: inside},
		{url: "https://[fd00::1]/", networks: inside},
		{url: "https://10.2.2.3/", networks: inside, want: ErrReserved},
		{url: "https://localhost/", networks: inside, want: ErrReserved},
		{url: "http://8.8.8.8/", networks: inside, want: ErrPlain},
		{url: "https://127.0.0.1/", insecure: true, want: ErrReserved},
		{url: "http://localhost:8080/", networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}},
	} {
		if err := newGuard(test.networks, test.insecure).checkURL(test.url); !errors.Is(err, test.want) {
			t.Errorf("%s with %v: %v, want %v", test.url, test.networks, err, test.want)
		}
	}
}

// TestSend_ReservedAddresses dials reserved addresses, also by names that lead to them.
func TestSend_ReservedAddresses(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"https://127.0.0.1:1/", "https://10.0.0.1/", "https://192.168.0.1/", "https://169.254.169.254/", "https://100.64.0.1/", "https://[::1]/", "https://[fe80::1]/",
		"https://[::ffff:127.0.0.1]/", "https://0.0.0.0/", "https://localhost/", "http://127.0.0.1/", "http://localhost/",
	} {
		s := newSender(Config{})
		if got := s.send(t.Context(), url, "id", nil, [][]byte{{1}}); got.failure != Reserved {
			t.Errorf("%s: %+v, want %s", url, got, Reserved)
		}
	}
}

// TestSend_PlainToNamedOnly dials an address of the internet without TLS, which is for networks that are named.
func TestSend_PlainToNamedOnly(t *testing.T) {
	t.Parallel()
	s := newSender(Config{Networks: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}})
	if got := s.send(t.Context(), "http://8.8.8.8:9/", "id", nil, nil); got.failure != Reserved {
		t.Errorf("%+v, want %s", got, Reserved)
	}
}

// TestSend_RebindingName asks a name server that leads a name to the internet at first and to this machine later.
func TestSend_RebindingName(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	names := startNameServer(t, func() [4]byte {
		if asked.Add(1) == 1 {
			return [4]byte{8, 8, 8, 8}
		}
		return [4]byte{127, 0, 0, 1}
	})
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", names)
	}}
	if found, err := resolver.LookupNetIP(t.Context(), "ip4", "rebinding.example"); err != nil || found[0].String() != "8.8.8.8" {
		t.Fatalf("%v, %v", found, err)
	}
	s := newSender(Config{})
	s.secure.Transport.(*http.Transport).DialContext = (&net.Dialer{Control: s.guard.control, Resolver: resolver}).DialContext
	if got := s.send(t.Context(), "https://rebinding.example/", "id", nil, nil); got.failure != Reserved {
		t.Errorf("%+v, want %s", got, Reserved)
	}
}

// startNameServer starts a name server that answers every question for an IPv4 address.
func startNameServer(t *testing.T, address func() [4]byte) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		question := make([]byte, 512)
		for {
			n, from, err := conn.ReadFrom(question)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(question[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			asked := m.Questions[0]
			m.Response, m.Additionals = true, nil
			if asked.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: asked.Name, Class: asked.Class}, Body: &dnsmessage.AResource{A: address()}}}
			}
			if answer, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(answer, from)
			}
		}
	}()
	return conn.LocalAddr().String()
}

// TestSend_Redirect has a receiver lead elsewhere: that is not followed.
func TestSend_Redirect(t *testing.T) {
	t.Parallel()
	var followed atomic.Bool
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Store(true) }))
	t.Cleanup(elsewhere.Close)
	leads := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	t.Cleanup(leads.Close)
	s := newSender(Config{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if got := s.send(t.Context(), leads.URL, "id", nil, nil); got.failure != Redirect || got.status != 307 || followed.Load() {
		t.Errorf("%+v, followed %v", got, followed.Load())
	}
}

// TestSend_InstanceStops ends a request as an instance does that stops: that is no failure of the receiver.
func TestSend_InstanceStops(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	r := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		stop()
		<-r.Context().Done()
	}))
	t.Cleanup(r.Close)
	s := newSender(Config{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if got := s.send(ctx, r.URL, "id", nil, nil); !got.canceled || got.failure != "" {
		t.Errorf("%+v, want it canceled", got)
	}
}

// TestSend_Answers keeps the first kibibyte that can be read of an answer.
func TestSend_Answers(t *testing.T) {
	t.Parallel()
	r := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "" || r.Method != http.MethodPost {
			t.Errorf("%s %v", r.Method, r.Header)
		}
		w.Header().Set("Retry-After", "90")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte("busy\x00\xff \u202e" + strings.Repeat("x", 2000)))
	}))
	t.Cleanup(r.Close)
	s := newSender(Config{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	got := s.send(t.Context(), r.URL, "id", nil, nil)
	if !strings.HasPrefix(got.answer, "busy xxx") || len(got.answer) > answerBytes || got.retry.Seconds() != 90 || !got.unanswered() || got.failure != BadStatus {
		t.Errorf("%+v", got)
	}
}

func TestAskedPause(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)
	for retryAfter, want := range map[string]time.Duration{
		"": 0, "90": 90 * time.Second, "-5": 0, "1.5": 0, "soon": 0, "99999999999": mostPause, "99999999999999999999999": mostPause,
		"Sat, 31 Jan 2026 09:02:00 GMT": 2 * time.Minute, "Sat, 31 Jan 2026 08:00:00 GMT": 0, "Fri, 31 Dec 9999 23:59:59 GMT": mostPause,
	} {
		if got := askedPause(retryAfter, now); got != want {
			t.Errorf("%q asks for %v, want %v", retryAfter, got, want)
		}
	}
}

func TestPauseAfter(t *testing.T) {
	t.Parallel()
	for attempts, before := 1, leastPause; attempts < 40; attempts++ {
		pause := pauseAfter(attempts)
		if pause < before*4/5 || pause > mostPause || attempts == 1 && pause < leastPause {
			t.Errorf("after %d attempts %v, and %v before", attempts, pause, before)
		}
		before = pause
	}
	if pauseAfter(40) < 18*1e9*3600 {
		t.Errorf("in the end it is %v", pauseAfter(40))
	}
}
