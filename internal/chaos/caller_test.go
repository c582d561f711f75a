package chaos_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// caller is a client with one keep-alive connection. Unlike Go's own client it never repeats a request by itself, so it
// notices a lost one.
type caller struct {
	address string
	conn    net.Conn
	in      *bufio.Reader
}

func newCaller(url string) *caller { return &caller{address: strings.TrimPrefix(url, "http://")} }

// errNotListening means that the server has stopped: it accepts no connection.
var errNotListening = errors.New("the server does not listen")

// errUnanswered says that the connection ended before the first byte of an answer.
var errUnanswered = errors.New("no answer")

// answer is one response, read to its end.
type answer struct {
	status int
	header http.Header
	body   string
	took   time.Duration
}

func (c *caller) connect() error {
	conn, err := net.Dial("tcp", c.address)
	if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) { // reset: the listener closed during the handshake
		return errNotListening
	}
	if err == nil {
		c.conn, c.in = conn, bufio.NewReader(conn)
	}
	return err
}

// send sends one request and reads its answer.
func (c *caller) send(method, path, body string, header ...string) (answer, error) {
	if c.conn == nil {
		if err := c.connect(); err != nil {
			return answer{}, err
		}
	}
	began := time.Now()
	a, open, err := c.exchange(method, path, body, header)
	a.took = time.Since(began)
	if err != nil || !open {
		c.conn.Close()
		c.conn = nil
	}
	return a, err
}

func (c *caller) exchange(method, path, body string, header []string) (a answer, open bool, err error) {
	if err := c.conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return a, false, err
	}
	lines := []string{method + " " + path + " HTTP/1.1", "Host: " + c.address}
	if body != "" {
		lines = append(lines, fmt.Sprint("Content-Length: ", len(body)))
	}
	request := strings.Join(append(lines, header...), "\r\n") + "\r\n\r\n" + body
	if _, err := io.WriteString(c.conn, request); err != nil {
		return a, false, errors.Join(errUnanswered, err)
	}
	if _, err := c.in.Peek(1); errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) {
		return a, false, errors.Join(errUnanswered, err)
	}
	r, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return a, false, err
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	return answer{status: r.StatusCode, header: r.Header, body: string(text)}, !r.Close, err
}
