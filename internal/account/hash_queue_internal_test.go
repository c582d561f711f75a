package account

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"testing"

	"github.com/alexedwards/argon2id"

	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
)

// fill takes every place to run.
func (q *hashQueue) fill() {
	for range maxHashes() {
		q.enter(netip.Prefix{}, false)
	}
}

// drain lets all who wait run, one after the other, and returns their names in order.
func (q *hashQueue) drain(waiting map[*place]string) (order []string) {
	for len(waiting) > 0 {
		q.leave()
		for p, name := range waiting {
			select {
			case <-p.ready:
				order = append(order, name)
				delete(waiting, p)
			default:
			}
		}
	}
	return order
}

func network(last byte) netip.Prefix { return NetworkOf(netip.AddrFrom4([4]byte{203, 0, 113, last})) }

// TestQueue_Fair has 120 tries of one network, and after them one each of another network and of a known device.
func TestQueue_Fair(t *testing.T) {
	t.Parallel()
	q, waiting := &hashQueue{}, map[*place]string{}
	q.fill()
	for range 120 {
		waiting[q.enter(network(1), false)] = "one of 120"
	}
	waiting[q.enter(network(2), false)] = "another network"
	waiting[q.enter(network(1), true)] = "known device"
	order := q.drain(waiting)
	if want := []string{"known device", "one of 120", "another network", "one of 120"}; len(order) != 122 || !slices.Equal(order[:4], want) {
		t.Errorf("%d are served, first %q, want %q", len(order), order[:4], want)
	}
}

// TestQueue_KnownDevices has many known devices: they do not keep others waiting, and take turns among themselves.
func TestQueue_KnownDevices(t *testing.T) {
	t.Parallel()
	q, waiting := &hashQueue{}, map[*place]string{}
	q.fill()
	for range 20 {
		waiting[q.enter(network(1), true)] = "known 1"
		waiting[q.enter(network(3), false)] = "unknown"
	}
	waiting[q.enter(network(2), true)] = "known 2"
	order := q.drain(waiting)
	if want := []string{"known 1", "known 2", "known 1", "unknown", "known 1"}; !slices.Equal(order[:5], want) {
		t.Errorf("served are %q, want %q", order[:5], want)
	}
}

func TestQueue_GivenUp(t *testing.T) {
	t.Parallel()
	q := &hashQueue{}
	q.fill()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 2 {
		if err := q.run(ctx, network(1), false, func() error { return nil }); !errors.Is(err, ErrBusy) {
			t.Errorf("got %v, want ErrBusy", err)
		}
	}
	stays, goes := q.enter(network(1), false), q.enter(network(1), false)
	if !q.remove(goes) || q.remove(goes) {
		t.Error("a place is given up once")
	}
	q.leave()
	if <-stays.ready; q.remove(stays) {
		t.Error("a place that is ready cannot be given up")
	}
	for range maxHashes() {
		q.leave()
	}
	if err := q.run(t.Context(), network(1), false, func() error { return nil }); err != nil || q.running != 0 {
		t.Errorf("%v with %d running, want none", err, q.running)
	}
}

// TestPlaceholder_TakesAsLong compares the work for an unknown address and for a wrong password.
func TestPlaceholder_TakesAsLong(t *testing.T) {
	t.Parallel()
	a := &Accounts{}
	stored, err := a.hashPassword(t.Context(), Client{}, "one of the passwords")
	if err != nil {
		t.Fatal(err)
	}
	placeholder, err := placeholderHash()
	if err != nil {
		t.Fatal(err)
	}
	for name, hash := range map[string]string{"known": stored, "unknown": placeholder} {
		params, _, _, err := argon2id.DecodeHash(hash)
		if err != nil || *params != *hashParams {
			t.Errorf("%s address: compared with %+v, want %+v", name, params, hashParams)
		}
	}
	for name, hash := range map[string]string{"known": stored, "unknown": ""} {
		for _, password := range []string{"quite another one", "no account has this password"} {
			if found, err := a.comparePassword(t.Context(), Client{}, false, password, hash); err != nil || found != matchNone {
				t.Errorf("%s address: %v, %v, want no match", name, found, err)
			}
		}
	}
	a.hashing.fill()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, hash := range map[string]string{"known": stored, "unknown": ""} {
		if _, err := a.comparePassword(ctx, Client{}, false, "quite another one", hash); !errors.Is(err, ErrBusy) {
			t.Errorf("%s address: %v, want a wait for the queue", name, err)
		}
	}
}

// TestSignIn_Busy waits in a queue that does not move: what was not compared does not count.
func TestSignIn_Busy(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	a := NewAccounts(pool, Config{})
	a.hashing.fill()
	if _, err := a.SignIn(t.Context(), Client{Addr: network(1).Addr()}, "ann@example.com", "some password"); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v, want ErrBusy", err)
	}
	var count int
	var level float64
	if err := pool.QueryRow(t.Context(), "SELECT count(*), max(level) FROM tries").Scan(&count, &level); err != nil {
		t.Fatal(err)
	}
	if count != 2 || level != 0 {
		t.Errorf("%d subjects have up to %v tries, want 2 with none", count, level)
	}
}
