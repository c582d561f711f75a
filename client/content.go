package client

import (
	"errors"
	"io"
	"sync"
)

// content is a file to send, from where it stood first, for each try anew.
type content struct {
	from   io.Reader
	seeker io.Seeker // nil: it can be sent once
	start  int64
	mu     sync.Mutex // guards from, seeker and tries
	tries  int
}

func newContent(from io.Reader) *content {
	c := &content{from: from}
	seeker, ok := from.(io.Seeker)
	if !ok {
		return c
	}
	if start, err := seeker.Seek(0, io.SeekCurrent); err == nil { // a pipe cannot
		c.seeker, c.start = seeker, start
	}
	return c
}

// open is the content for the next try. The one before reads no more: a transport may go on to read after an early answer.
func (c *content) open() (io.Reader, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tries++; c.tries > 1 {
		if _, err := c.seeker.Seek(c.start, io.SeekStart); err != nil {
			return nil, err
		}
	}
	return &contentOfTry{c, c.tries}, nil
}

// contentOfTry is the content for as long as no other try has begun.
type contentOfTry struct {
	*content
	try int
}

var errTriedAgain = errors.New("the file is being sent again")

// Read implements io.Reader.
func (c *contentOfTry) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.try != c.tries {
		return 0, errTriedAgain
	}
	return c.from.Read(p)
}
