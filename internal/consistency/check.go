package consistency

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
	Phantom  = "a value that was never written"      // P0
	Lost     = "an acknowledged approval is lost"    // P0
	Illegal  = "strong reads are not linearizable"   // P1
	Unseen   = "one's own write is not seen"         // P2
	Backward = "a reader stepped back"               // P3
	Stale    = "older than 12 seconds"               // P4
	Unheard  = "not seen although the news was here" // P4, the part with notifications
)

// Findings counts what is wrong with a history, each with its first example.
type Findings map[string]string

func (f Findings) add(kind string, n Note, least int64) {
	if f[kind] == "" {
		f[kind] = fmt.Sprintf("%s %s of %s at %d: version %d, want at least %d", n.Who, n.Kind, n.User, n.Call, n.Version, least)
	}
}

// Check goes through a history once for each promise. bound is how old an ordinary read may be.
func Check(history []Note, truth map[uuid.UUID]int64, bound time.Duration) Findings {
	f := Findings{}
	f.values(history, truth)
	f.order(history)
	f.age(history, bound)
	f.linearizable(history, truth)
	return f
}

// values: what is read was written, and what was acknowledged is still there.
func (f Findings) values(history []Note, truth map[uuid.UUID]int64) {
	for _, n := range history {
		if n.Kind == Heard || n.Err != nil || n.Ticket == uuid.Nil {
			continue
		}
		if version, there := truth[n.Ticket]; !there || version != n.Version {
			f.add(map[bool]string{true: Lost, false: Phantom}[n.Kind == Approves], n, version)
		}
	}
}

// order: nobody steps back on one instance, whoever wrote sees it, and so does an instance that has the news.
func (f Findings) order(history []Note) {
	type place struct {
		who   string
		where string
		user  string
	}
	acknowledged := map[string]int64{} // by user
	seen, wrote, news, hearing := map[place]int64{}, map[place]int64{}, map[place]int64{}, map[place]int64{}
	for _, p := range points(history) {
		n, me := p.note, place{p.note.Who, p.note.Where, p.note.User}
		switch {
		case n.Kind == Approves && p.end && n.Err == nil:
			acknowledged[n.User] = max(acknowledged[n.User], n.Version)
			wrote[me] = max(wrote[me], n.Version)
		case n.Kind == Heard:
			for user, version := range acknowledged {
				if here := (place{where: n.Where, user: user}); n.User != "" && n.User != user {
					continue
				} else if !p.end {
					hearing[here] = version
				} else {
					news[here] = max(news[here], hearing[here])
				}
			}
		case n.Kind == Reads && !p.end && n.Err == nil:
			if !n.Degraded && n.Version < wrote[me] {
				f.add(Unseen, *n, wrote[me])
			}
			if here := (place{where: n.Where, user: n.User}); !n.Degraded && n.Version < news[here] {
				f.add(Unheard, *n, news[here])
			}
			if n.Version < seen[me] {
				f.add(Backward, *n, seen[me])
			}
		case (n.Kind == Reads || n.Kind == Strong) && p.end && n.Err == nil:
			seen[me] = max(seen[me], n.Version)
		}
	}
}

// point is the beginning or the end of what a note tells.
type point struct {
	order int64
	end   bool
	note  *Note
}

func points(history []Note) (all []point) {
	for i := range history {
		n := &history[i]
		all = append(all, point{n.Call, false, n}, point{n.Done, true, n})
	}
	slices.SortFunc(all, func(a, b point) int { return int(a.order - b.order) })
	return all
}

// age: an ordinary read has everything that was acknowledged so long before it began.
func (f Findings) age(history []Note, bound time.Duration) {
	type ack struct {
		at      time.Time
		version int64 // the newest until then
	}
	acks := map[string][]ack{}
	for _, p := range points(history) {
		if n := p.note; n.Kind == Approves && p.end && n.Err == nil {
			newest := n.Version
			if earlier := acks[n.User]; len(earlier) > 0 {
				newest = max(newest, earlier[len(earlier)-1].version)
			}
			acks[n.User] = append(acks[n.User], ack{n.At, newest})
		}
	}
	for _, n := range history {
		if n.Kind != Reads || n.Err != nil || n.Degraded {
			continue
		}
		old := n.At.Add(-bound)
		known := acks[n.User]
		i := sort.Search(len(known), func(i int) bool { return !known[i].at.Before(old) })
		if i > 0 && n.Version < known[i-1].version {
			f.add(Stale, n, known[i-1].version)
		}
	}
}

// linearizable: approvals and strong reads of a user are those of one register. An approval whose outcome is unknown
// counts, if it is there, as one that may take effect at any time after it began.
func (f Findings) linearizable(history []Note, truth map[uuid.UUID]int64) {
	users := map[string][]porcupine.Operation{}
	for _, n := range history {
		op := porcupine.Operation{Input: n, Call: n.Call, Return: n.Done}
		_, there := truth[n.Ticket]
		switch {
		case n.Kind == Approves && n.Err != nil && there:
			op.Return = math.MaxInt64
		case n.Kind != Approves && n.Kind != Strong, n.Err != nil:
			continue
		}
		users[n.User] = append(users[n.User], op)
	}
	register := porcupine.Model{
		Init: func() any { return uuid.Nil },
		Step: func(state, input, _ any) (bool, any) {
			n, _ := input.(Note)
			return n.Kind == Approves || n.Ticket == state, n.Ticket
		},
	}
	for user, ops := range users {
		if result := porcupine.CheckOperationsTimeout(register, ops, time.Minute); result != porcupine.Ok {
			f[Illegal] = fmt.Sprintf("%s: %s", user, result)
		}
	}
}
