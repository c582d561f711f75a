package photo

import (
	"bytes"
	"context"
	"runtime"
	"sync"

	"golang.org/x/sync/semaphore"
)

// MaxReads is how many pictures are read at once at most: as many as there are cores, and no more than two.
func MaxReads() int { return min(2, runtime.GOMAXPROCS(0)) }

// minWeight is the least that a picture counts, so that no more than MaxReads are read. One that takes more than half of maxMemory
// is read alone.
var minWeight = sync.OnceValue(func() int { return maxMemory / MaxReads() })

// memoryLimit is one for the process, because it bounds the memory of the process.
var memoryLimit = sync.OnceValue(func() *semaphore.Weighted { return semaphore.NewWeighted(maxMemory) })

// acquireMemory waits until so many bytes are free, and returns what gives them back.
func acquireMemory(ctx context.Context, bytes int) (release func(), err error) {
	weight := int64(max(bytes, minWeight()))
	if err := memoryLimit().Acquire(ctx, weight); err != nil {
		return nil, err
	}
	return func() { memoryLimit().Release(weight) }, nil
}

// contextReader reads little at a time and stops when ctx ends: a few bytes of a JPEG can make the decoder go over all
// pixels.
type contextReader struct {
	ctx context.Context
	r   *bytes.Reader
}

func (p *contextReader) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b[:min(len(b), 512)])
}
