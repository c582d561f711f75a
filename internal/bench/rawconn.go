package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
)

// rawConn is one keep-alive connection. It does as little of HTTP as possible: it shares the processors with the server that
// is measured.
type rawConn struct {
	conn net.Conn
	in   *bufio.Reader
}

func dialServer(address string) (*rawConn, error) {
	conn, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
	if err != nil {
		return nil, err
	}
	return &rawConn{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}, nil
}

// do sends a request and reads the whole answer. It returns an error unless the status is one of want.
func (w *rawConn) do(request []byte, want ...int) error {
	if _, err := w.conn.Write(request); err != nil {
		return err
	}
	status, length, err := w.readHead()
	if err != nil {
		return err
	}
	if length >= 0 {
		_, err = w.in.Discard(length)
	} else {
		err = w.discardChunks()
	}
	if err != nil {
		return err
	}
	if slices.Contains(want, status) {
		return nil
	}
	return fmt.Errorf("status %d, want %v", status, want)
}

// readHead reads the status line and the headers; the length is below zero when the body comes in chunks.
func (w *rawConn) readHead() (status, length int, err error) {
	line, err := w.in.ReadSlice('\n')
	if err != nil || len(line) < 12 {
		return 0, 0, fmt.Errorf("status line %q: %w", line, err)
	}
	status, err = strconv.Atoi(string(line[9:12]))
	for err == nil {
		if line, err = w.in.ReadSlice('\n'); err != nil || len(line) <= 2 {
			break
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			length, err = strconv.Atoi(string(bytes.TrimSpace(value)))
		} else if bytes.HasPrefix(line, []byte("Transfer-Encoding: chunked")) {
			length = -1
		}
	}
	return status, length, err
}

func (w *rawConn) discardChunks() error {
	for {
		line, err := w.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		size, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 32)
		if err != nil {
			return err
		}
		if _, err := w.in.Discard(int(size) + 2); err != nil || size == 0 {
			return err
		}
	}
}

// getRequest is a request for a path with a header line, which may be empty.
func getRequest(path, header string) []byte {
	if header != "" {
		header += "\r\n"
	}
	return []byte("GET " + path + " HTTP/1.1\r\nHost: bench\r\n" + header + "\r\n")
}

// postRequest is a request that sends JSON.
func postRequest(path, header string, body []byte) []byte {
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: bench\r\n%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		path, header, len(body), body)
}
