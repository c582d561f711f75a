package testdb

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Relay forwards connections to a database, and fails as networks do.
type Relay struct {
	URL      string // where the database is reached through the relay
	listener net.Listener
	served   sync.WaitGroup
	mu       sync.Mutex
	conns    map[*relayedConn]bool // open connections
	rule     func(Bytes) Action
	delay    time.Duration // of all bytes, each way
}

// Bytes is one read from either side of a connection.
type Bytes struct {
	Conn     string // the address of the client, which differs between open connections
	ToServer bool
	Data     []byte
}

// Has reports whether they contain a text.
func (b Bytes) Has(text string) bool { return bytes.Contains(b.Data, []byte(text)) }

// Action is what a Relay does with bytes and with their connection.
type Action int

// The actions. A connection is cut for both sides at once.
const (
	Pass        Action = iota
	Cut                // drops the bytes and closes the connection
	PassThenCut        // forwards the bytes, then closes the connection
	Reset              // as Cut, by a TCP reset
	BlackHole          // drops these and all later bytes; the connection stays open
)

// relayedConn is one connection with its two ends.
type relayedConn struct {
	client, server net.Conn
	silenced       chan struct{} // closed: all further bytes are dropped
	once           sync.Once
}

// NewRelay opens a relay to a database until the test ends.
func NewRelay(t testing.TB, address string) *Relay {
	t.Helper()
	r, err := OpenRelay(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// OpenRelay opens a relay to a database until Close.
func OpenRelay(ctx context.Context, address string) (*Relay, error) {
	config, err := pgconn.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &Relay{URL: relayURL(listener.Addr().String(), config), listener: listener, conns: map[*relayedConn]bool{}}
	r.served.Go(func() { r.serve(context.WithoutCancel(ctx), listener, config) })
	return r, nil
}

// Close closes every connection and returns when all have ended.
func (r *Relay) Close() {
	r.listener.Close()
	r.CloseConns()
	r.served.Wait()
}

func relayURL(address string, config *pgconn.Config) string {
	u := url.URL{Scheme: "postgres", User: url.User(config.User), Host: address, Path: "/" + config.Database, RawQuery: "sslmode=disable"}
	return u.String()
}

// serve returns when the listener is closed and every connection has ended.
func (r *Relay) serve(ctx context.Context, listener net.Listener, config *pgconn.Config) {
	var copies sync.WaitGroup
	defer copies.Wait()
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		network, address := pgconn.NetworkAddress(config.Host, config.Port)
		server, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			client.Close() // as when the database is down
			continue
		}
		c := &relayedConn{client: client, server: server, silenced: make(chan struct{})}
		r.mu.Lock()
		r.conns[c] = true
		r.mu.Unlock()
		copies.Go(func() { r.copy(c, c.server, c.client, true) })
		copies.Go(func() { r.copy(c, c.client, c.server, false) })
	}
}

// SetRoundTrip makes a round trip to the database take so long, from the next connection on.
func (r *Relay) SetRoundTrip(trip time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.delay = trip / 2
}

// delayedWriter writes everything after a delay, in order and without keeping the sender waiting.
type delayedWriter struct {
	io.Writer
	delay time.Duration
	queue chan delayedBytes
}

type delayedBytes struct {
	due  time.Time
	data []byte
}

// delayed returns a writer that delays as SetRoundTrip says, until end is called.
func (r *Relay) delayed(to io.Writer) (writer io.Writer, end func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.delay == 0 {
		return to, func() {}
	}
	w := &delayedWriter{Writer: to, delay: r.delay, queue: make(chan delayedBytes, 1<<12)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for next := range w.queue {
			time.Sleep(time.Until(next.due))
			_, _ = to.Write(next.data) // the reader of the same connection finds out
		}
	}()
	return w, func() { close(w.queue); <-done }
}

// Write implements io.Writer.
func (w *delayedWriter) Write(b []byte) (int, error) {
	w.queue <- delayedBytes{time.Now().Add(w.delay), bytes.Clone(b)}
	return len(b), nil
}

// copy moves bytes one way until either end closes.
func (r *Relay) copy(c *relayedConn, to io.Writer, from io.Reader, toServer bool) {
	defer c.close()
	to, end := r.delayed(to)
	defer end()
	buffer := make([]byte, 1<<16)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		select {
		case <-c.silenced:
			continue
		default:
		}
		action := r.actionFor(Bytes{c.client.RemoteAddr().String(), toServer, buffer[:n]})
		switch action {
		case Cut:
			return
		case Reset:
			c.reset()
			return
		case BlackHole:
			c.silence()
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil || action == PassThenCut {
			return
		}
	}
}

func (r *Relay) actionFor(b Bytes) Action {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rule == nil {
		return Pass
	}
	return r.rule(b)
}

// SetRule sets what is done with all bytes from now on; nil passes them. The rule is never called concurrently.
func (r *Relay) SetRule(rule func(Bytes) Action) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rule = rule
}

// Address is the host and port that the relay listens on.
func (r *Relay) Address() string { return r.listener.Addr().String() }

// CloseConns closes the open connections. New connections work.
func (r *Relay) CloseConns() { r.forEachConn((*relayedConn).close) }

// Silence drops all further bytes of the open connections, which stay open. New connections work.
func (r *Relay) Silence() {
	r.forEachConn((*relayedConn).silence)
}

func (r *Relay) forEachConn(do func(*relayedConn)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.conns {
		do(c)
	}
}

func (c *relayedConn) silence() { c.once.Do(func() { close(c.silenced) }) }

func (c *relayedConn) reset() {
	for _, conn := range []net.Conn{c.client, c.server} {
		if tcp, ok := conn.(*net.TCPConn); ok { // a unix socket has no reset
			_ = tcp.SetLinger(0) // the connection may be closed already
		}
	}
}

func (c *relayedConn) close() {
	c.client.Close()
	c.server.Close()
}
