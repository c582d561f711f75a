package main

import (
	"encoding/binary"
	"iter"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"docket/internal/form"
	"docket/internal/ticket"
)

const (
	days     = 90
	dayMS    = 24 * 60 * 60 * 1000
	recent   = 7 * dayMS      // what waits is mostly of these days
	decideMS = 30 * 60 * 1000 // how long a decision takes, in the mean
	agents   = 32
)

// past is a made-up history: the same seed gives the same tickets, every time that they are gone through.
type past struct {
	seed           uint64
	tickets, users int
	until          time.Time
	reasons        []form.Reason
	people         []person // filled while the tickets are gone through
}

// person is what is known of a user at some moment of the history.
type person struct {
	latest            int   // the number of the last approved ticket, from 1
	firstMS, latestMS int64 // when the first and the last approval were made
	freeMS            int64 // when the last ticket was closed
	waits             bool
}

// made is one ticket, without its answers.
type made struct {
	number               int // from 1
	id                   uuid.UUID
	user                 int
	status               ticket.Status
	createdMS, decidedMS int64
	agent                int
	reason               form.Reason
}

// all goes through the tickets in the order in which they were submitted. Users come by Zipf, and none of them has two
// open tickets at once.
func (p *past) all() iter.Seq[made] {
	return func(yield func(made) bool) {
		source := rand.New(rand.NewPCG(p.seed, 1))
		crowd := rand.NewZipf(source, 1.05, 20, uint64(p.users-1))
		p.people = make([]person, p.users)
		end := p.until.UnixMilli()
		for n := range p.tickets {
			created := end - days*dayMS + int64(float64(n)/float64(p.tickets)*days*dayMS)
			m := made{number: n + 1, id: idAt(created, source), user: p.anyone(source, crowd, created), createdMS: created}
			p.decide(&m, source, end)
			if !yield(m) {
				return
			}
		}
	}
}

// anyone is a user who has no open ticket.
func (p *past) anyone(source *rand.Rand, crowd *rand.Zipf, at int64) int {
	for range 20 {
		if user := int(crowd.Uint64()); !p.people[user].waits && p.people[user].freeMS < at {
			return user
		}
	}
	for user := source.IntN(p.users); ; user = (user + 1) % p.users {
		if !p.people[user].waits {
			return user
		}
	}
}

// decide says what became of a ticket: 2 % wait, 8 % are rejected, the rest is approved.
func (p *past) decide(m *made, source *rand.Rand, end int64) {
	waiting, who := 0.0006, &p.people[m.user]
	if m.createdMS > end-recent {
		waiting = 0.25
	}
	m.agent, m.decidedMS = source.IntN(agents), m.createdMS+1+int64(source.ExpFloat64()*decideMS)
	switch chance := source.Float64(); {
	case chance < waiting, m.decidedMS >= end:
		m.status, who.waits = ticket.Processing, true
		return
	case chance > 0.92:
		m.status, m.reason = ticket.Rejected, p.reasons[source.IntN(len(p.reasons))]
	default:
		m.status, m.decidedMS = ticket.Approved, max(m.decidedMS, who.latestMS+1)
		if who.latest == 0 {
			who.firstMS = m.decidedMS
		}
		who.latest, who.latestMS = m.number, m.decidedMS
	}
	who.freeMS = m.decidedMS
}

// idAt is a version 7 id of a moment.
func idAt(ms int64, source *rand.Rand) (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[:], uint64(ms)<<16|0x7000|source.Uint64()&0xfff)
	binary.BigEndian.PutUint64(id[8:], source.Uint64()&^(3<<62)|1<<63)
	return id
}

// agentID is the account of an agent by number.
func agentID(n int) string { return "0199c1ee-0000-7000-8000-" + digits(n, 12) }

// userID is a user by number.
func userID(n int) string { return "u-" + digits(n, 8) }

// digits is n in so many decimal digits.
func digits(n, count int) string {
	b := make([]byte, count)
	for i := count - 1; i >= 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return string(b)
}
