package cache_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"docket/internal/pgdev"
)

// haste is how many times faster than in earnest time passes under load.
const haste = 5

// load has writers, ordinary and strong readers on both instances, while one thing after the other fails.
func load(t *testing.T, n nodes) {
	r := prepare(t, n, nil, func(d *docket) { d.Hasten(haste) })
	for _, d := range []*docket{r.a, r.b} {
		for _, one := range d.replicas {
			r.goes(one.Gate.Run)
		}
	}
	ctx, end := context.WithCancel(t.Context())
	var people sync.WaitGroup
	for i, d := range []*docket{r.a, r.b, r.a, r.b} {
		who := fmt.Sprintf("writer %d", i)
		people.Go(func() {
			r.often(ctx, 4*time.Millisecond, func(user string) {
				_ = r.approve(d, who, user) // it fails when the primary does
				r.read(d, who, user)
			})
		})
	}
	for i, d := range []*docket{r.a, r.b, r.a, r.b, r.a, r.b} {
		who := fmt.Sprintf("reader %d", i)
		people.Go(func() {
			r.often(ctx, time.Millisecond, func(user string) {
				if r.read(d, who, user); i < 2 {
					_ = r.readNow(d, who, user) // it fails when the primary does
				}
			})
		})
	}
	r.fail()
	end()
	people.Wait()
	r.keepsEveryPromise()
	r.tell()
}

// often does something for one user after the other, so many apart in time, until ctx ends.
func (r *rig) often(ctx context.Context, pace time.Duration, do func(user string)) {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			do(fmt.Sprintf("user %d", i%3))
		}
	}
}

// fail breaks one thing after the other. Each lasts for longer than the gate's patience.
func (r *rig) fail() {
	for _, fault := range []func() (repair func()){
		func() func() { return r.pause(r.replicas...) },
		func() func() { return r.pause(r.replicas[0]) },
		func() func() { r.exec(r.primary, terminate); return func() {} },
		func() func() { r.cluster.Halt(pgdev.Replica); return func() { r.resume(pgdev.Replica) } },
		func() func() { r.cluster.Halt(pgdev.Replica + 1); return func() { r.resume(pgdev.Replica + 1) } },
		func() func() { r.cluster.Halt(pgdev.Primary); return func() { r.resume(pgdev.Primary) } },
		func() func() { r.ways[0].Silence(); r.ways[1].Silence(); return func() {} },
	} {
		<-time.After(300 * time.Millisecond)
		repair := fault()
		<-time.After(500 * time.Millisecond)
		repair()
	}
	<-time.After(300 * time.Millisecond)
}

// tell says how much happened, so that one who reads the log sees that the load was one.
func (r *rig) tell() {
	r.Helper()
	count := map[string]int{}
	for _, n := range r.journal.Finished() {
		switch {
		case n.Err != nil:
			count[n.Kind+", in vain"]++
		case n.Degraded:
			count[n.Kind+", degraded"]++
		default:
			count[n.Kind]++
		}
	}
	r.Logf("%v", count)
}
