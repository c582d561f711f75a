package cli

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"docket/web"
)

const (
	logDelay      = 100 * time.Millisecond // how long a line may wait to be written
	logBufferSize = 64 << 10               // bytes
)

// logBuffer writes many lines of the log at once; one by one, each would cost a system call.
type logBuffer struct {
	out   io.Writer
	mu    sync.Mutex // guards what follows, and keeps lines in their order
	lines bytes.Buffer
	timer *time.Timer // runs while lines wait
}

func newLogBuffer(out io.Writer) *logBuffer {
	b := &logBuffer{out: out}
	b.timer = time.AfterFunc(logDelay, b.flush)
	return b
}

// Write implements io.Writer.
func (b *logBuffer) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.lines.Len() == 0 {
		b.timer.Reset(logDelay)
	}
	b.lines.Write(line)
	if b.lines.Len() >= logBufferSize {
		b.write()
	}
	return len(line), nil
}

func (b *logBuffer) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.write()
}

// write keeps no error: one full disk must not silence the log for good.
func (b *logBuffer) write() {
	if b.lines.Len() > 0 {
		_, _ = b.out.Write(b.lines.Bytes()) // there is nowhere to report it
		b.lines.Reset()
	}
}

// promptHandler writes a line at once, and the lines that wait before it. Only the line of a request that did not fail may wait.
type promptHandler struct {
	slog.Handler
	buffer *logBuffer
}

// Handle implements slog.Handler.
func (h promptHandler) Handle(ctx context.Context, r slog.Record) error {
	err := h.Handler.Handle(ctx, r)
	if r.Level >= slog.LevelWarn || r.Message != web.RequestLogMessage {
		h.buffer.flush()
	}
	return err
}

// WithAttrs implements slog.Handler.
func (h promptHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return promptHandler{h.Handler.WithAttrs(attrs), h.buffer}
}

// WithGroup implements slog.Handler.
func (h promptHandler) WithGroup(name string) slog.Handler {
	return promptHandler{h.Handler.WithGroup(name), h.buffer}
}
