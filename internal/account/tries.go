package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/mac"
	"docket/internal/postgres"
	"docket/internal/sleep"
)

// ErrTooMany says that somebody has to wait before the next try: see TooManyTries.
var ErrTooMany = errors.New("too many tries")

// TooManyTries is ErrTooMany with how long to wait.
type TooManyTries struct{ Wait time.Duration }

// Error implements error.
func (t TooManyTries) Error() string { return fmt.Sprintf("%v: wait %s", ErrTooMany, t.Wait) }

// Unwrap returns ErrTooMany.
func (TooManyTries) Unwrap() error { return ErrTooMany }

// limit is how many tries are free, and how long each is counted. The tries after these have to wait for 1, 2, 4 … seconds, at
// most for 15 minutes.
type limit struct {
	free   int32
	forget time.Duration
}

var (
	accountLimit = limit{free: 10, forget: 15 * time.Minute} // also of an account on one of its devices
	networkLimit = limit{free: 100, forget: time.Minute}
	factorLimit  = limit{free: 5, forget: time.Hour} // of the codes of one account
)

// try is one try to sign in, as it is counted.
type try struct {
	subjects [][]byte // first whose try it is: of an address, of a device that its account has signed in on, or of a factor
	limits   []limit  // of each subject
}

func (t *try) add(subject []byte, l limit) {
	t.subjects, t.limits = append(t.subjects, subject), append(t.limits, l)
}

// newTry is the try of a client at an account; the id of an unknown address is zero. A device that is known has a count of its own,
// and none for its network: others cannot lock it out. Neither does a client on this machine have one: that may be a proxy.
func (a *Accounts) newTry(client Client, email string, account uuid.UUID) (t try) {
	if client.Device.Knows(account) {
		t.add(a.hashSubject("device", client.Device.id.String()+account.String()), accountLimit)
		return t
	}
	t.add(a.hashSubject("address", email), accountLimit)
	if network := NetworkOf(client.Addr); network.IsValid() && !client.Addr.IsLoopback() {
		t.add(a.hashSubject("network", network.String()), networkLimit)
	}
	return t
}

// newFactorTry is a try of a code of an account's second factor, whoever makes it: the password was right before.
func (a *Accounts) newFactorTry(owner Account) (t try) {
	t.add(a.hashSubject("factor", owner.ID.String()), factorLimit)
	return t
}

// NetworkOf is what one client may have for itself: an IPv4 address, or a network of 64 bits of IPv6. It is not valid if the
// address is not.
func NetworkOf(addr netip.Addr) netip.Prefix {
	bits := 32
	if addr.Is6() {
		bits = 64
	}
	network, _ := addr.Prefix(bits) // else not valid
	return network
}

// hashSubject is a keyed hash: the database shows neither addresses nor clients.
func (a *Accounts) hashSubject(kind, name string) []byte {
	mac := hmac.New(sha256.New, a.triesKey)
	mac.Write([]byte(kind + " " + name))
	return mac.Sum(nil)
}

// countTry counts a try before it is made, or returns TooManyTries.
func (a *Accounts) countTry(ctx context.Context, t try) error {
	counted := db.TryCountParams{Subjects: t.subjects}
	for _, l := range t.limits {
		counted.Free, counted.ForgetMs = append(counted.Free, l.free), append(counted.ForgetMs, l.forget.Milliseconds())
	}
	counted.Mac = a.macKey.Sum("tries count", mac.List(counted.Subjects), mac.Array(counted.Free), mac.Array(counted.ForgetMs))
	wait, err := a.q.TryCount(ctx, a.primary, counted)
	if err != nil {
		return postgres.WrapError("count a try", err)
	}
	if wait > 0 {
		return TooManyTries{Wait: time.Duration(wait) * time.Millisecond}
	}
	return nil
}

// giveBackTry takes back a try that has compared nothing, also of a client that has gone.
func (a *Accounts) giveBackTry(ctx context.Context, t try) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), hashWait)
	defer cancel()
	return a.giveBack(ctx, db.TryGiveBackParams{Subjects: t.subjects})
}

// clearTries forgets the tries of an account or a device, which has shown its password, and takes one back from the network.
func (a *Accounts) clearTries(ctx context.Context, t try) error {
	return a.giveBack(ctx, db.TryGiveBackParams{Subjects: t.subjects[1:], Cleared: t.subjects[:1]})
}

func (a *Accounts) giveBack(ctx context.Context, params db.TryGiveBackParams) error {
	params.Mac = a.macKey.Sum("tries give back", mac.List(params.Subjects), mac.List(params.Cleared))
	if err := a.q.TryGiveBack(ctx, a.primary, params); err != nil {
		return postgres.WrapError("give a try back", err)
	}
	return nil
}

// Sweep deletes old tries from time to time until ctx ends.
func (a *Accounts) Sweep(ctx context.Context) error {
	for sleep.For(ctx, 10*time.Minute) == nil {
		_ = a.q.TryDeleteOld(ctx, a.primary) // the next round tries again
	}
	return nil
}
