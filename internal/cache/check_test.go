package cache_test

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/google/uuid"
)

// What a checker may find. Each is a promise that was broken.
const (
	phantom  = "a value that was never written"      // P0
	lost     = "an acknowledged approval is lost"    // P0
	illegal  = "strong reads are not linearizable"   // P1
	unseen   = "one's own write is not seen"         // P2
	backward = "a reader stepped back"               // P3
	stale    = "older than 12 seconds"               // P4
	unheard  = "not seen although the news was here" // P4, the part with notifications
)

// findings counts what is wrong with a history, each with its first example.
type findings map[string]string

func (f findings) add(kind string, n note, least int64) {
	if f[kind] == "" {
		f[kind] = fmt.Sprintf("%s %s of %s at %d: version %d, want at least %d", n.who, n.kind, n.user, n.call, n.version, least)
	}
}

// check goes through a history once for each promise. bound is how old an ordinary read may be.
func check(history []note, truth map[uuid.UUID]int64, bound time.Duration) findings {
	f := findings{}
	f.values(history, truth)
	f.order(history)
	f.age(history, bound)
	f.linearizable(history, truth)
	return f
}

// values: what is read was written, and what was acknowledged is still there.
func (f findings) values(history []note, truth map[uuid.UUID]int64) {
	for _, n := range history {
		if n.kind == heard || n.err != nil || n.ticket == uuid.Nil {
			continue
		}
		if version, there := truth[n.ticket]; !there || version != n.version {
			f.add(map[bool]string{true: lost, false: phantom}[n.kind == approves], n, version)
		}
	}
}

// order: nobody steps back on one instance, whoever wrote sees it, and so does an instance that has the news.
func (f findings) order(history []note) {
	type place struct {
		who   string
		where *docket
		user  string
	}
	acknowledged := map[string]int64{} // by user
	seen, wrote, news, hearing := map[place]int64{}, map[place]int64{}, map[place]int64{}, map[place]int64{}
	for _, p := range points(history) {
		n, me := p.note, place{p.note.who, p.note.where, p.note.user}
		switch {
		case n.kind == approves && p.end && n.err == nil:
			acknowledged[n.user] = max(acknowledged[n.user], n.version)
			wrote[me] = max(wrote[me], n.version)
		case n.kind == heard:
			for user, version := range acknowledged {
				if here := (place{where: n.where, user: user}); n.user != "" && n.user != user {
					continue
				} else if !p.end {
					hearing[here] = version
				} else {
					news[here] = max(news[here], hearing[here])
				}
			}
		case n.kind == reads && !p.end && n.err == nil:
			if !n.degraded && n.version < wrote[me] {
				f.add(unseen, *n, wrote[me])
			}
			if here := (place{where: n.where, user: n.user}); !n.degraded && n.version < news[here] {
				f.add(unheard, *n, news[here])
			}
			if n.version < seen[me] {
				f.add(backward, *n, seen[me])
			}
		case (n.kind == reads || n.kind == strong) && p.end && n.err == nil:
			seen[me] = max(seen[me], n.version)
		}
	}
}

// point is the beginning or the end of what a note tells.
type point struct {
	order int64
	end   bool
	note  *note
}

func points(history []note) (all []point) {
	for i := range history {
		n := &history[i]
		all = append(all, point{n.call, false, n}, point{n.done, true, n})
	}
	slices.SortFunc(all, func(a, b point) int { return int(a.order - b.order) })
	return all
}

// age: an ordinary read has everything that was acknowledged so long before it began.
func (f findings) age(history []note, bound time.Duration) {
	type ack struct {
		at      time.Time
		version int64 // the newest until then
	}
	acks := map[string][]ack{}
	for _, p := range points(history) {
		if n := p.note; n.kind == approves && p.end && n.err == nil {
			newest := n.version
			if earlier := acks[n.user]; len(earlier) > 0 {
				newest = max(newest, earlier[len(earlier)-1].version)
			}
			acks[n.user] = append(acks[n.user], ack{n.at, newest})
		}
	}
	for _, n := range history {
		if n.kind != reads || n.err != nil || n.degraded {
			continue
		}
		old := n.at.Add(-bound)
		known := acks[n.user]
		i := sort.Search(len(known), func(i int) bool { return !known[i].at.Before(old) })
		if i > 0 && n.version < known[i-1].version {
			f.add(stale, n, known[i-1].version)
		}
	}
}

// linearizable: approvals and strong reads of a user are those of one register. An approval whose outcome is unknown
// counts, if it is there, as one that may take effect at any time after it began.
func (f findings) linearizable(history []note, truth map[uuid.UUID]int64) {
	users := map[string][]porcupine.Operation{}
	for _, n := range history {
		op := porcupine.Operation{Input: n, Call: n.call, Return: n.done}
		_, there := truth[n.ticket]
		switch {
		case n.kind == approves && n.err != nil && there:
			op.Return = math.MaxInt64
		case n.kind != approves && n.kind != strong, n.err != nil:
			continue
		}
		users[n.user] = append(users[n.user], op)
	}
	register := porcupine.Model{
		Init: func() any { return uuid.Nil },
		Step: func(state, input, _ any) (bool, any) {
			n, _ := input.(note)
			return n.kind == approves || n.ticket == state, n.ticket
		},
	}
	for user, ops := range users {
		if result := porcupine.CheckOperationsTimeout(register, ops, 10*time.Second); result != porcupine.Ok {
			f[illegal] = fmt.Sprintf("%s: %s", user, result)
		}
	}
}
