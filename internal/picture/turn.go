package picture

import (
	"bytes"
	"context"
	"runtime"
	"sync"
)

// turns is one for the process, since it is the process's memory that it bounds.
var turns = sync.OnceValue(func() chan struct{} {
	return make(chan struct{}, min(2, runtime.GOMAXPROCS(0)))
})

// enter waits for a turn and returns how to leave it.
func enter(ctx context.Context) (leave func(), err error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	select {
	case turns() <- struct{}{}:
		return func() { <-turns() }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// paced hands out little at a time and stops when ctx ends: a few bytes of a JPEG can ask for a pass over all of its
// pixels.
type paced struct {
	ctx context.Context
	r   *bytes.Reader
}

func (p *paced) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b[:min(len(b), 512)])
}
