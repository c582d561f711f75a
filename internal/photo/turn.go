package photo

import (
	"bytes"
	"context"
	"runtime"
	"sync"

	"golang.org/x/sync/semaphore"
)

// share is the least that a picture counts, so that as many are read at once as there are cores, two at most. One that
// takes more than half of memory is read alone.
var share = sync.OnceValue(func() int { return memory / min(2, runtime.GOMAXPROCS(0)) })

// turns is one for the process, since it is the process's memory that it bounds.
var turns = sync.OnceValue(func() *semaphore.Weighted { return semaphore.NewWeighted(memory) })

// enter waits for a turn of a picture that takes so many bytes, and returns how to leave it.
func enter(ctx context.Context, bytes int) (leave func(), err error) {
	weight := int64(max(bytes, share()))
	if err := turns().Acquire(ctx, weight); err != nil {
		return nil, err
	}
	return func() { turns().Release(weight) }, nil
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
