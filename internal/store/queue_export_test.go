package store

import "time"

// QueryQueue is what Queue reads with.
var QueryQueue = queryQueue

// NarrowFor looks for tickets without an index for no longer than this.
func (r *Reader) NarrowFor(most time.Duration) { r.narrowTime = most }
