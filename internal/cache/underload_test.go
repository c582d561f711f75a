package cache_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"docket/internal/pgdev"
)

// speedup is how many times faster time passes under load.
const speedup = 5

// testUnderLoad has writers, an eraser, two who take approvals back, and ordinary and fresh readers on both instances, while one fault after the other is injected.
func testUnderLoad(t *testing.T, n nodes) {
	sys := prepare(t, n, nil, func(d *instance) { d.SpeedUp(speedup) })
	for _, d := range []*instance{sys.a, sys.b} {
		for _, one := range d.replicas {
			sys.runUntilEnd(one.Gate.Run)
		}
	}
	ctx, end := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	for i, d := range []*instance{sys.a, sys.b, sys.a, sys.b} {
		client := fmt.Sprintf("writer %d", i)
		clients.Go(func() {
			sys.repeat(ctx, 4*time.Millisecond, func(user string) {
				_ = sys.approve(d, client, user) // it fails when the primary does
				sys.read(d, client, user)
			})
		})
	}
	clients.Go(func() {
		sys.repeat(ctx, 50*time.Millisecond, func(user string) { sys.erase("eraser", user) })
	})
	for i, d := range []*instance{sys.a, sys.b} {
		client := fmt.Sprintf("revoker %d", i)
		clients.Go(func() {
			sys.repeat(ctx, 20*time.Millisecond, func(user string) {
				_ = sys.revoke(d, client, user) // there may be nothing to take back
				sys.read(d, client, user)
			})
		})
	}
	for i, d := range []*instance{sys.a, sys.b, sys.a, sys.b, sys.a, sys.b} {
		client, sys := fmt.Sprintf("reader %d", i), sys
		switch {
		case i > 3:
			sys = sys.forSubject()
		case i > 1:
			sys = sys.inBatches()
		}
		clients.Go(func() {
			sys.repeat(ctx, time.Millisecond, func(user string) {
				if sys.read(d, client, user); i < 2 {
					_ = sys.readFresh(d, client, user) // it fails when the primary does
				}
			})
		})
	}
	sys.injectFaults()
	end()
	clients.Wait()
	sys.expectNoFindings()
	sys.logCounts()
}

// repeat calls do for one user after the other, at intervals, until ctx ends.
func (sys *system) repeat(ctx context.Context, interval time.Duration, do func(user string)) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			do(fmt.Sprint(sys.Name(), " ", i%3)) // each round has its own users
		}
	}
}

// injectFaults injects one fault after the other. Each lasts longer than MaxLag.
func (sys *system) injectFaults() {
	for _, fault := range []func() (repair func()){
		func() func() { return sys.pause(sys.replicas...) },
		func() func() { return sys.pause(sys.replicas[0]) },
		func() func() { sys.exec(sys.primary, terminate); return func() {} },
		func() func() { sys.cluster.Halt(pgdev.Replica); return func() { sys.resume(pgdev.Replica) } },
		func() func() { sys.cluster.Halt(pgdev.Replica + 1); return func() { sys.resume(pgdev.Replica + 1) } },
		func() func() { sys.cluster.Halt(pgdev.Primary); return func() { sys.resume(pgdev.Primary) } },
		func() func() { sys.relays[0].Silence(); sys.relays[1].Silence(); return func() {} },
	} {
		<-time.After(300 * time.Millisecond)
		repair := fault()
		<-time.After(500 * time.Millisecond)
		repair()
	}
	<-time.After(300 * time.Millisecond)
}

// logCounts logs how many operations there were, so that the log shows how big the load was.
func (sys *system) logCounts() {
	sys.Helper()
	count := map[string]int{}
	for _, o := range sys.history.Finished() {
		switch {
		case o.Err != nil:
			count[string(o.Kind)+", failed"]++
		case o.Degraded:
			count[string(o.Kind)+", degraded"]++
		default:
			count[string(o.Kind)]++
		}
	}
	sys.Logf("%v", count)
}
