// Package progress shows how far a long command is: a bar on a terminal, else a line every few seconds.
package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

const width = 30 // characters of the bar

// Bar is the progress of one task. It is not safe for concurrent use.
type Bar struct {
	out            io.Writer
	terminal       bool
	name           string
	total, done    int64
	began, printed time.Time
}

// New returns a bar on standard error for a task with total steps.
func New(name string, total int64) *Bar {
	now := time.Now()
	return &Bar{out: os.Stderr, terminal: term.IsTerminal(int(os.Stderr.Fd())), name: name, total: total, began: now, printed: now}
}

// Add adds n steps that are done.
func (b *Bar) Add(n int64) {
	b.done = min(b.done+n, b.total)
	pause := 5 * time.Second
	if b.terminal {
		pause = 100 * time.Millisecond
	}
	if now := time.Now(); now.Sub(b.printed) >= pause {
		b.printed = now
		b.print()
	}
}

// End prints the last state; a task without steps prints nothing.
func (b *Bar) End() {
	if b.total == 0 {
		return
	}
	b.print()
	if b.terminal {
		fmt.Fprintln(b.out)
	}
}

func (b *Bar) print() {
	line := Line(b.name, b.done, b.total, time.Since(b.began))
	if b.terminal {
		fmt.Fprintf(b.out, "\r\x1b[K%s", line)
		return
	}
	fmt.Fprintln(b.out, line)
}

// Line returns a bar as text.
func Line(name string, done, total int64, took time.Duration) string {
	part := 1.0
	if total > 0 {
		part = min(float64(done)/float64(total), 1)
	}
	full := int(part * width)
	line := fmt.Sprintf("%-9s [%s%s] %3.0f %%  %d of %d, %.0f/s", name,
		strings.Repeat("#", full), strings.Repeat(".", width-full), part*100, done, total, float64(done)/max(took.Seconds(), 1e-3))
	if left := time.Duration(float64(took) * (1 - part) / max(part, 1e-9)); part > 0.01 && part < 1 {
		line += fmt.Sprintf(", %s left", left.Round(time.Second))
	}
	return line
}
