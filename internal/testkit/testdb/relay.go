package testdb

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// Relay stands between an instance and a database, and fails as networks do.
type Relay struct {
	URL      string // where the database is reached through the relay
	listener net.Listener
	served   sync.WaitGroup
	mu       sync.Mutex
	calls    map[*call]bool // those under way
	rule     func(Bytes) Fate
}

// Bytes are some that pass through a Relay.
type Bytes struct {
	ToServer bool
	Data     []byte
}

// Has reports whether a text is among them.
func (b Bytes) Has(text string) bool { return bytes.Contains(b.Data, []byte(text)) }

// Fate is what becomes of bytes and of their connection.
type Fate int

// The fates. A connection is cut for both sides at once.
const (
	Pass    Fate = iota
	Cut          // the bytes are lost, and the connection with them
	PassCut      // the bytes arrive, and nothing after them
	Reset        // as Cut, and both sides are told so in the roughest way that TCP has
	Lose         // the bytes are lost, and all that come after them; nobody is told, and the connection stays
)

// call is one connection: the client's end and the database's.
type call struct {
	client, server net.Conn
	swallowed      chan struct{} // closed: nothing comes through any more, and nobody is told
	swallow        sync.Once
}

// NewRelay makes a way to a database that ends with the test.
func NewRelay(t testing.TB, address string) *Relay {
	t.Helper()
	r, err := OpenRelay(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// OpenRelay makes a way to a database until it is closed.
func OpenRelay(ctx context.Context, address string) (*Relay, error) {
	config, err := pgconn.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &Relay{URL: through(listener.Addr().String(), config), listener: listener, calls: map[*call]bool{}}
	r.served.Go(func() { r.serve(context.WithoutCancel(ctx), listener, config) })
	return r, nil
}

// Close cuts every connection and returns when all have ended.
func (r *Relay) Close() {
	r.listener.Close()
	r.each((*call).end)
	r.served.Wait()
}

func through(address string, config *pgconn.Config) string {
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
			client.Close() // as a database that is away
			continue
		}
		c := &call{client: client, server: server, swallowed: make(chan struct{})}
		r.mu.Lock()
		r.calls[c] = true
		r.mu.Unlock()
		copies.Go(func() { r.copy(c, c.server, c.client, true) })
		copies.Go(func() { r.copy(c, c.client, c.server, false) })
	}
}

// copy moves bytes one way until either end closes.
func (r *Relay) copy(c *call, to io.Writer, from io.Reader, toServer bool) {
	defer c.end()
	buffer := make([]byte, 1<<16)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		select {
		case <-c.swallowed:
			continue
		default:
		}
		fate := r.fate(Bytes{toServer, buffer[:n]})
		switch fate {
		case Cut:
			return
		case Reset:
			c.reset()
			return
		case Lose:
			c.lose()
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil || fate == PassCut {
			return
		}
	}
}

func (r *Relay) fate(b Bytes) Fate {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rule == nil {
		return Pass
	}
	return r.rule(b)
}

// Rule decides what becomes of all bytes from now on. It is called by one at a time.
func (r *Relay) Rule(rule func(Bytes) Fate) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rule = rule
}

// Swallow lets nothing through the present connections any more, and tells nobody. New ones work.
func (r *Relay) Swallow() {
	r.each((*call).lose)
}

func (r *Relay) each(do func(*call)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.calls {
		do(c)
	}
}

func (c *call) lose() { c.swallow.Do(func() { close(c.swallowed) }) }

func (c *call) reset() {
	for _, conn := range []net.Conn{c.client, c.server} {
		if tcp, ok := conn.(*net.TCPConn); ok { // a database on a unix socket is only cut off
			_ = tcp.SetLinger(0) // the connection may have ended just now
		}
	}
}

func (c *call) end() {
	c.client.Close()
	c.server.Close()
}
