// Package testmail runs a mail server for tests, which keeps what it is sent.
package testmail

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Message is an e-mail that arrived.
type Message struct {
	From, To string // of the envelope
	Header   mail.Header
	Subject  string
	Text     string
}

// Path is the path of the address that stands alone in a line of the text.
func (m Message) Path(t testing.TB, base string) string {
	t.Helper()
	for line := range strings.Lines(m.Text) {
		if path, ok := strings.CutPrefix(strings.TrimSpace(line), base); ok {
			return path
		}
	}
	t.Fatalf("no address at %s in:\n%s", base, m.Text)
	return ""
}

// Server is a mail server on this machine.
type Server struct {
	URL     string
	CA      string // a file with the certificate of a server with TLS
	secured bool
	mu      sync.Mutex // guards what follows
	refuse  func(to string) error
	arrived []Message
	changed chan struct{} // closed when a message arrives
}

// Start runs a server without TLS until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	listener := listen(t)
	s := newServer("smtp://" + listener.Addr().String())
	s.serve(t, listener, nil)
	return s
}

// StartTLS runs a server until the test ends that takes e-mails from Login with Password alone, over TLS. It begins with TLS, or
// is asked for it.
func StartTLS(t testing.TB, begins bool) *Server {
	t.Helper()
	listener := listen(t)
	certificate, file := newCertificate(t)
	config := &tls.Config{Certificates: []tls.Certificate{certificate}}
	s := newServer("smtp://" + url.UserPassword(Login, Password).String() + "@" + strings.Replace(listener.Addr().String(), "127.0.0.1", "0.0.0.0", 1))
	if begins {
		listener, s.URL = tls.NewListener(listener, config), strings.Replace(s.URL, "smtp:", "smtps:", 1)
	}
	s.CA, s.secured = file, true
	s.serve(t, listener, config)
	return s
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

func newServer(address string) *Server {
	return &Server{URL: address, changed: make(chan struct{}), refuse: func(string) error { return nil }}
}

func (s *Server) serve(t testing.TB, listener net.Listener, config *tls.Config) {
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{server: s, known: !s.secured}, nil }))
	server.Domain, server.MaxMessageBytes, server.TLSConfig = "test", 1<<20, config
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close()
		_ = listener.Close() // a server that is closed before it begins to serve does not close it
		if err := <-done; err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Error(err)
		}
	})
}

// Refuse sets what the server answers to each recipient from now on; nil: it takes the message.
func (s *Server) Refuse(refuse func(to string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = refuse
}

// Count is how many messages have arrived.
func (s *Server) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.arrived)
}

// Wait waits for the next message to an address, and takes it out.
func (s *Server) Wait(t testing.TB, to string) Message {
	t.Helper()
	return s.WaitFor(t, "to "+to, func(m Message) bool { return m.To == to })
}

// WaitFor waits for a message that is wanted, and takes it out.
func (s *Server) WaitFor(t testing.TB, what string, wanted func(Message) bool) Message {
	t.Helper()
	deadline := time.After(time.Minute)
	for {
		s.mu.Lock()
		i, changed := slices.IndexFunc(s.arrived, wanted), s.changed
		if i >= 0 {
			found := s.arrived[i]
			s.arrived = slices.Delete(s.arrived, i, i+1)
			s.mu.Unlock()
			return found
		}
		others := slices.Clone(s.arrived)
		s.mu.Unlock()
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("no e-mail %s; there are %+v", what, others)
		}
	}
}

func (s *Server) add(m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arrived = append(s.arrived, m)
	close(s.changed)
	s.changed = make(chan struct{})
}

// session is a connection.
type session struct {
	server   *Server
	known    bool // it has signed in, or need not
	from, to string
}

func (c *session) Reset()        { c.from, c.to = "", "" }
func (c *session) Logout() error { return nil }

// AuthMechanisms implements smtp.AuthSession.
func (c *session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth implements smtp.AuthSession.
func (c *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, login, password string) error {
		if c.known = login == Login && password == Password; !c.known {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	if !c.known {
		return smtp.ErrAuthRequired
	}
	c.from = from
	return nil
}

func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.server.mu.Lock()
	refuse := c.server.refuse
	c.server.mu.Unlock()
	c.to = to
	return refuse(to)
}

func (c *session) Data(r io.Reader) error {
	written, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	read, err := mail.ReadMessage(bytes.NewReader(written))
	if err != nil {
		return err
	}
	text, err := io.ReadAll(quotedprintable.NewReader(read.Body))
	if err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(read.Header.Get("Subject"))
	if err != nil {
		return err
	}
	c.server.add(Message{From: c.from, To: c.to, Header: read.Header, Subject: subject, Text: strings.ReplaceAll(string(text), "\r\n", "\n")})
	return nil
}
