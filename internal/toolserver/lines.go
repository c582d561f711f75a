package toolserver

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	maxLine = mcp.DefaultMaxLineLength - 1

	parseError     = -32700 // of JSON-RPC, as the next
	invalidRequest = -32600
)

// OpenLines carries messages over two streams, one a line. A line that is none is answered with an error of JSON-RPC, and the next one is read: the
// transport of the library ends there.
func OpenLines(in io.ReadCloser, out io.Writer) mcp.Transport {
	shared := &lineWriter{out: out}
	return &mcp.IOTransport{Reader: &lineReader{in: in, lines: bufio.NewReaderSize(in, 64<<10), out: shared}, Writer: shared}
}

// lineWriter writes whole lines of several writers. The stream stays open.
type lineWriter struct {
	mu  sync.Mutex
	out io.Writer
}

func (w *lineWriter) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Write(line)
}

// Close implements io.Closer.
func (w *lineWriter) Close() error { return nil }

// lineReader reads the lines that hold messages, and answers the others.
type lineReader struct {
	in    io.Closer
	lines *bufio.Reader
	out   io.Writer
	rest  []byte // of the line that is being read
}

func (r *lineReader) Read(into []byte) (int, error) {
	for len(r.rest) == 0 {
		line, tooLong, err := r.readLine()
		if err != nil {
			return 0, err
		}
		if code, wrong := r.check(line, tooLong); wrong != "" {
			if err := r.refuse(code, wrong); err != nil {
				return 0, err
			}
			continue
		}
		r.rest = line
	}
	n := copy(into, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// Close implements io.Closer.
func (r *lineReader) Close() error { return r.in.Close() }

// readLine reads the next line, with its end. Of one that is too long nothing is kept.
func (r *lineReader) readLine() (line []byte, tooLong bool, err error) {
	for {
		part, err := r.lines.ReadSlice('\n')
		if tooLong = tooLong || len(line)+len(part) > maxLine; tooLong {
			line = nil
		} else {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(line) > 0:
			return append(line, '\n'), false, nil
		default:
			return line, tooLong, err
		}
	}
}

// check says what is wrong with a line, and its code; nothing of an empty one.
func (r *lineReader) check(line []byte, tooLong bool) (code int, wrong string) {
	text := bytes.TrimSpace(line)
	switch {
	case tooLong:
		return invalidRequest, fmt.Sprintf("a message has at most %d bytes", maxLine)
	case len(text) == 0:
		return 0, ""
	case !json.Valid(text):
		return parseError, "this line is not JSON"
	}
	if _, err := jsonrpc.DecodeMessage(text); err != nil {
		return invalidRequest, "this is not one message of JSON-RPC 2.0"
	}
	return 0, ""
}

// refuse answers a line that is no message. Whose it is nobody knows, so its id is null.
func (r *lineReader) refuse(code int, wrong string) error {
	_, err := fmt.Fprintf(r.out, `{"jsonrpc":"2.0","id":null,"error":{"code":%d,"message":%q}}`+"\n", code, wrong)
	return err
}
