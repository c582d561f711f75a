package account

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"docket/internal/ticket"
)

// cost is OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
var cost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

const (
	hashers  = 4               // how many passwords are hashed at once: each takes 19 MiB and a core
	hashWait = 2 * time.Second // how long one more waits for its turn
)

// ErrBusy says that too many people sign in at this moment.
var ErrBusy = fmt.Errorf("too many sign-ins at once: %w", ticket.ErrOverloaded)

type semaphore chan struct{}

// do runs f when it is its turn, or returns ErrBusy.
func (s semaphore) do(ctx context.Context, f func() error) error {
	ctx, cancel := context.WithTimeout(ctx, hashWait)
	defer cancel()
	select {
	case s <- struct{}{}:
		defer func() { <-s }()
		return f()
	case <-ctx.Done():
		return ErrBusy
	}
}

func (a *Accounts) hash(ctx context.Context, password string) (hash string, err error) {
	err = a.hashing.do(ctx, func() error {
		hash, err = argon2id.CreateHash(password, cost)
		return err
	})
	return hash, err
}

// nobody is the hash that an unknown address is compared with, so that it takes as long as a known one.
var nobody = sync.OnceValues(func() (string, error) { return argon2id.CreateHash("nobody has this password", cost) })

func (a *Accounts) matches(ctx context.Context, password, hash string) (ok bool, err error) {
	known := hash != ""
	if !known {
		if hash, err = nobody(); err != nil {
			return false, err
		}
	}
	err = a.hashing.do(ctx, func() error {
		ok, err = argon2id.ComparePasswordAndHash(password, hash)
		return err
	})
	if errors.Is(err, argon2id.ErrInvalidHash) {
		return false, fmt.Errorf("read a stored password: %w", err)
	}
	return ok && known, err
}

const (
	wrongMost = 20
	wrongKept = 10_000 // addresses a minute; beyond that the count starts anew rather than filling the memory
)

// counter counts wrong passwords by address, anew each minute.
type counter struct {
	mu     sync.Mutex // guards the two below
	minute time.Time
	count  map[string]int
}

func newCounter() *counter { return &counter{count: map[string]int{}} }

func (c *counter) over(email string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()[email] >= wrongMost
}

func (c *counter) add(email string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now()[email]++
}

// now is the count of this minute; the caller holds mu.
func (c *counter) now() map[string]int {
	if minute := time.Now().Truncate(time.Minute); minute != c.minute || len(c.count) > wrongKept {
		c.minute, c.count = minute, map[string]int{}
	}
	return c.count
}
