package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"docket/internal/ticket"
)

// lookUpConcurrently looks up n users at once, each under its context, and waits for all answers.
func lookUpConcurrently(t *testing.T, d ticket.Desk, n int, ctx func(i int) context.Context, check func(i int, a ticket.Approval, err error)) {
	t.Helper()
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			a, err := d.Latest(ctx(i), fmt.Sprint("u", i%100))
			check(i, a, err)
		})
	}
	close(start)
	all.Wait()
}

func TestLatest_ConcurrentUsers(t *testing.T) {
	t.Parallel()
	d, _ := desk(t)
	for i := range 50 {
		approve(t, d, submit(t, d, fmt.Sprint("u", i)))
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	some := func(i int) context.Context {
		if i%7 == 0 {
			return canceled
		}
		return t.Context()
	}
	lookUpConcurrently(t, retrying{d}, 1000, some, func(i int, a ticket.Approval, err error) {
		switch user := fmt.Sprint("u", i%100); {
		case i%7 == 0:
		case i%100 < 50 && (err != nil || a.UserID != user):
			t.Errorf("%s got the approval of %q, %v", user, a.UserID, err)
		case i%100 >= 50 && !errors.Is(err, ticket.ErrNotFound):
			t.Errorf("%s, who has none: %v", user, err)
		}
	})
}

func TestLatest_PoolFull(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	approve(t, d, submit(t, d, "u1"))
	var held []interface{ Release() }
	for {
		conn, err := p.Acquire(t.Context())
		if errors.Is(err, ticket.ErrOverloaded) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, conn)
	}
	all := func(int) context.Context { return t.Context() }
	lookUpConcurrently(t, d, 2000, all, func(i int, _ ticket.Approval, err error) {
		if !errors.Is(err, ticket.ErrOverloaded) {
			t.Errorf("request %d: %v, want ErrOverloaded", i, err)
		}
	})
	for _, conn := range held {
		conn.Release()
	}
	lookUpConcurrently(t, d, 100, all, func(i int, _ ticket.Approval, err error) {
		if err != nil && !errors.Is(err, ticket.ErrNotFound) {
			t.Errorf("afterwards, u%d: %v", i, err)
		}
	})
}
