package account

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"docket/internal/ticket"
)

// hashParams is OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
var hashParams = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

const (
	maxHashes = 4               // how many passwords are hashed at once: each takes 19 MiB and a core
	hashWait  = 2 * time.Second // how long one more waits
)

// ErrBusy says that too many passwords are being checked.
var ErrBusy = fmt.Errorf("too many sign-ins at once: %w", ticket.ErrOverloaded)

type semaphore chan struct{}

// run runs f when fewer than maxHashes run, or returns ErrBusy.
func (s semaphore) run(ctx context.Context, f func() error) error {
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

// CheckPassword returns ErrPassword when the account with this address may not have the password.
func (a *Accounts) CheckPassword(password, _ string) error {
	n := utf8.RuneCountInString(password)
	if n < 12 || n > 200 || !utf8.ValidString(password) {
		return ErrPassword
	}
	return nil
}

func (a *Accounts) hashPassword(ctx context.Context, _ Client, password string) (hash string, err error) {
	err = a.hashing.run(ctx, func() error {
		hash, err = argon2id.CreateHash(password, hashParams)
		return err
	})
	return hash, err
}

// placeholderHash is compared with the password of an unknown address, so that it takes as long as a known one.
var placeholderHash = sync.OnceValues(func() (string, error) { return argon2id.CreateHash("no account has this password", hashParams) })

func (a *Accounts) passwordMatches(ctx context.Context, _ Client, password, hash string) (ok bool, err error) {
	known := hash != ""
	if !known {
		if hash, err = placeholderHash(); err != nil {
			return false, err
		}
	}
	err = a.hashing.run(ctx, func() error {
		ok, err = argon2id.ComparePasswordAndHash(password, hash)
		return err
	})
	if errors.Is(err, argon2id.ErrInvalidHash) {
		return false, fmt.Errorf("read a stored password: %w", err)
	}
	return ok && known, err
}

const (
	maxWrong   = 20     // passwords of one address in a minute
	maxCounted = 10_000 // addresses in a minute; beyond that the count starts again, to bound its memory
)

// counter counts wrong passwords by address, anew each minute.
type counter struct {
	mu     sync.Mutex // guards the two below
	minute time.Time
	count  map[string]int
}

func newCounter() *counter { return &counter{count: map[string]int{}} }

func (c *counter) limitReached(email string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.currentMinute()[email] >= maxWrong
}

func (c *counter) add(email string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.currentMinute()[email]++
}

// currentMinute is the count of this minute; the caller holds mu.
func (c *counter) currentMinute() map[string]int {
	if minute := time.Now().Truncate(time.Minute); minute != c.minute || len(c.count) > maxCounted {
		c.minute, c.count = minute, map[string]int{}
	}
	return c.count
}
