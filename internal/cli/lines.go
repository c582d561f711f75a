package cli

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

const (
	linesTime = 100 * time.Millisecond // how long a line may wait to be written
	linesMost = 64 << 10               // bytes that may wait
)

// lines writes many lines of the log at once: one each would be a call of the kernel for every request.
type lines struct {
	to    io.Writer
	mu    sync.Mutex // guards what follows, and keeps lines in their order
	wait  []byte
	timer *time.Timer // runs while something waits
}

func newLines(to io.Writer) *lines {
	l := &lines{to: to}
	l.timer = time.AfterFunc(linesTime, l.flush)
	return l
}

// Write implements io.Writer.
func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.wait) == 0 {
		l.timer.Reset(linesTime)
	}
	if l.wait = append(l.wait, line...); len(l.wait) >= linesMost {
		l.write()
	}
	return len(line), nil
}

func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write()
}

func (l *lines) write() {
	if len(l.wait) > 0 {
		_, _ = l.to.Write(l.wait) // there is nowhere to say that the log cannot be written
		l.wait = l.wait[:0]
	}
}

// patient is a handler that lets the lines of requests wait, as there are many of them. Whatever else is logged, or went
// wrong, is written at once, and what waits before it.
type patient struct {
	slog.Handler
	lines *lines
	json  bool // and nothing is added to what is logged
}

// Handle implements slog.Handler.
func (p patient) Handle(ctx context.Context, r slog.Record) error {
	if p.json && r.Level == slog.LevelInfo && r.Message == "request" {
		var room [512]byte
		if line, plain := line(room[:0], r); plain {
			_, err := p.lines.Write(line)
			return err
		}
	}
	err := p.Handler.Handle(ctx, r)
	if r.Level > slog.LevelInfo || r.Message != "request" {
		p.lines.flush()
	}
	return err
}

// WithAttrs implements slog.Handler.
func (p patient) WithAttrs(attrs []slog.Attr) slog.Handler {
	return patient{p.Handler.WithAttrs(attrs), p.lines, false}
}

// WithGroup implements slog.Handler.
func (p patient) WithGroup(name string) slog.Handler {
	return patient{p.Handler.WithGroup(name), p.lines, false}
}
