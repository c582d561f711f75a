package toolserver_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"docket/internal/toolserver"
)

// TestOpenLines_GoesOn sends lines that are no messages between those that are. Each is answered, and the connection stays.
func TestOpenLines_GoesOn(t *testing.T) {
	t.Parallel()
	const ping = `{"jsonrpc":"2.0","id":7,"method":"ping"}`
	const begin = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`
	for name, test := range map[string]struct{ line, want string }{
		"not JSON":      {"hello", `"id":null,"error":{"code":-32700`},
		"half":          {`{"jsonrpc":"2.0","id":2,`, `"code":-32700`},
		"two on a line": {ping + ping, `"code":-32700`},
		"invalid UTF-8": {"\xff\xfe", `"code":-32700`},
		"no message":    {`{"a":1}`, `"code":-32600`},
		"a number":      {`1`, `"code":-32600`},
		"a batch":       {"[" + ping + "]", `"code":-32600`},
		"too long":      {strings.Replace(ping, "ping", strings.Repeat("a", mcp.DefaultMaxLineLength), 1), `"message":"a message has at most`},
		"empty":         {"", ""},
		"a carriage":    {ping + "\r", `"id":7,"result"`},
	} {
		t.Run(strings.ReplaceAll(name, " ", ""), func(t *testing.T) {
			t.Parallel()
			in, send := io.Pipe()
			receive, out := io.Pipe()
			answers := bufio.NewReader(receive)
			done := serveLines(t, in, out)
			say := func(line, want string) {
				if _, err := io.WriteString(send, line+"\n"); err != nil {
					t.Fatalf("%.40s: %v", line, err)
				}
				if want == "" {
					return
				}
				if answer, err := answers.ReadString('\n'); err != nil || !strings.Contains(answer, want) {
					t.Fatalf("%.40s: answered %q (%v), want %s", line, answer, err, want)
				}
			}
			say(begin, `"protocolVersion":"2025-06-18"`)
			say(`{"jsonrpc":"2.0","method":"notifications/initialized"}`, "")
			say(test.line, test.want)
			say(strings.Replace(ping, "7", "8", 1), `"id":8,"result"`)
			if err := send.Close(); err != nil {
				t.Fatal(err)
			}
			if err := <-done; err != nil {
				t.Errorf("served: %v", err)
			}
		})
	}
}

// serveLines serves over two streams until the first ends.
func serveLines(t *testing.T, in io.ReadCloser, out *io.PipeWriter) <-chan error {
	t.Helper()
	server := mcp.NewServer(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	done := make(chan error, 1)
	go func() {
		done <- server.Run(ctx, toolserver.OpenLines(in, out))
		_ = errors.Join(in.Close(), out.Close()) // so that nobody waits for them
	}()
	return done
}
