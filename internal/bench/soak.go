package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"docket/internal/cache"
	"docket/internal/consistency"
	"docket/internal/progress"
)

type soak struct {
	For time.Duration `default:"10m" help:"How long (${default})."`
}

// What a round lasts: what is noted is checked and forgotten after it, so that memory does not grow with the soak.
const roundTime = time.Minute

// soaked is a soak under way and what it saw.
type soaked struct {
	*deployment
	client
	counts   map[string]int // of what people did, by what came of it
	injected map[string]int // faults
	broken   []string
	memory   []int64 // of the instance that is never ended, once a second
}

// Run returns an error when a promise was broken.
func (c soak) Run(ctx context.Context) (err error) {
	d, err := deploy(ctx, 2, 2)
	if d != nil {
		defer func() { err = errors.Join(err, d.end()) }()
	}
	if err != nil {
		return err
	}
	s := &soaked{deployment: d, client: newClient(d.key), counts: map[string]int{}, injected: map[string]int{}}
	bar := progress.New("soak", int64(c.For/time.Second))
	for left := c.For; left > 0 && ctx.Err() == nil; left -= roundTime {
		if err := s.round(ctx, min(left, roundTime), bar); err != nil {
			return err
		}
	}
	bar.End()
	s.tell()
	return s.verdict(ctx)
}

// How long a reader rests. Those of quiet users come by so seldom that nobody has seen what was written in the meantime:
// then a replica answers, and neither floor nor window stands before what it lacks.
const (
	often  = 4 * time.Millisecond
	seldom = 20 * time.Millisecond
)

func newUsers(count int) (users []string) {
	for range count {
		users = append(users, uuid.NewString())
	}
	return users
}

// round has new users, and people who read and write them while one thing after the other fails.
func (s *soaked) round(ctx context.Context, lasts time.Duration, bar *progress.Bar) error {
	j := consistency.NewJournal(time.Now)
	busy, quiet := newUsers(3), newUsers(400)
	work, stop := context.WithTimeout(ctx, lasts)
	defer stop()
	var people sync.WaitGroup
	for n := range 4 {
		people.Go(func() { s.writer(work, j, fmt.Sprintf("writer %d", n), s.instances[n%2], busy) })
		people.Go(func() { s.reader(work, j, fmt.Sprintf("reader %d", n), s.instances[n%2], often, busy, n < 2) })
	}
	people.Go(func() { s.writer(work, j, "seldom writer", s.instances[0], quiet) })
	for n := range 2 {
		people.Go(func() { s.reader(work, j, fmt.Sprintf("seldom reader %d", n), s.instances[n], seldom, quiet, false) })
	}
	people.Go(func() { s.watch(work, bar) })
	err := s.fail(work)
	stop()
	people.Wait()
	if err != nil || ctx.Err() != nil {
		return errors.Join(err, ctx.Err())
	}
	return s.check(ctx, j)
}

// writer approves tickets and looks each user up right after.
func (s *soaked) writer(ctx context.Context, j *consistency.Journal, who string, at *instance, users []string) {
	turns(ctx, 15*time.Millisecond, users, func(user string) {
		id, err := s.submit(context.WithoutCancel(ctx), at.URL, user)
		if err != nil {
			return
		}
		n := j.Begin(consistency.Note{Kind: consistency.Approves, Who: who, Where: at.name(), User: user, Ticket: id})
		a, err := s.approve(context.WithoutCancel(ctx), at.URL, id)
		j.End(n, a, err)
		s.read(ctx, j, consistency.Reads, who, at, user)
	})
}

// reader looks users up, and a strict one also asks what the primary says.
func (s *soaked) reader(ctx context.Context, j *consistency.Journal, who string, at *instance, rest time.Duration, users []string, strict bool) {
	turns(ctx, rest, users, func(user string) {
		if s.read(ctx, j, consistency.Reads, who, at, user); strict {
			s.read(ctx, j, consistency.Strong, who, at, user)
		}
	})
}

func (s *soaked) read(ctx context.Context, j *consistency.Journal, kind, who string, at *instance, user string) {
	n := j.Begin(consistency.Note{Kind: kind, Who: who, Where: at.name(), User: user})
	a, err := s.latest(context.WithoutCancel(ctx), at.URL, user, kind == consistency.Strong)
	j.End(n, a, err)
}

// turns does something for one user after the other until ctx ends, and rests in between.
func turns(ctx context.Context, rest time.Duration, users []string, do func(user string)) {
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-time.After(rest):
			do(users[i%len(users)])
		}
	}
}

// watch says how far the soak is, and how much memory an instance takes.
func (s *soaked) watch(ctx context.Context, bar *progress.Bar) {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	for {
		select {
		case <-ctx.Done():
			bar.Add(1)
			return
		case <-second.C:
			bar.Add(1)
			s.memory = append(s.memory, resident(s.instances[1].process().pid()))
		}
	}
}

// fail breaks one thing after the other until ctx ends, and mends what is broken then.
func (s *soaked) fail(ctx context.Context) error {
	for {
		for _, f := range shuffled(s.faults()) {
			if !wait(ctx, time.Duration(200+rand.IntN(1500))*time.Millisecond) {
				return nil
			}
			s.injected[f.name]++
			mend, err := f.inject(context.WithoutCancel(ctx))
			if err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
			lasts := time.Duration(200+rand.IntN(4000)) * time.Millisecond
			if f.silent && rand.IntN(2) == 0 {
				lasts = 2 * cache.Life // longer than anything may be remembered
			}
			wait(ctx, lasts)
			if err := mend(context.WithoutCancel(ctx)); err != nil {
				return fmt.Errorf("mend after %s: %w", f.name, err)
			}
		}
	}
}

func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// check looks for broken promises in what was noted.
func (s *soaked) check(ctx context.Context, j *consistency.Journal) error {
	history := j.Finished()
	truth, err := consistency.Truth(ctx, s.primary)
	if err != nil {
		return err
	}
	for promise, example := range consistency.Check(history, truth, cache.Life+cache.MaxLag) {
		s.broken = append(s.broken, promise+": "+example)
		fmt.Println(promise+":", example)
	}
	var whole bool
	if err := s.primary.QueryRow(ctx, consistency.Invariant).Scan(&whole); err != nil || !whole {
		s.broken = append(s.broken, fmt.Sprintf("the invariant of the database holds: %v, %v", whole, err))
	}
	for _, n := range history {
		switch {
		case n.Err != nil:
			s.counts[n.Kind+", refused or failed"]++
		case n.Degraded:
			s.counts[n.Kind+", degraded"]++
		default:
			s.counts[n.Kind]++
		}
	}
	return nil
}

func (s *soaked) tell() {
	for _, part := range []map[string]int{s.counts, s.injected} {
		fmt.Println()
		for _, name := range slices.Sorted(maps.Keys(part)) {
			fmt.Printf("%10d  %s\n", part[name], name)
		}
	}
	if len(s.memory) > 0 {
		tenth := len(s.memory) / 10
		fmt.Printf("\nmemory of the instance that was never ended: %d MiB after a tenth of the time, %d MiB at the end, %d MiB at most\n",
			s.memory[tenth]/mebi, s.memory[len(s.memory)-1]/mebi, slices.Max(s.memory)/mebi)
	}
}
