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
	recent   = 7 * dayMS      // open tickets are mostly from these days
	decideMS = 30 * 60 * 1000 // how long a decision takes, in the mean

	agentsAtLeast = 32  // who have an account, whether they decide or not
	agentDay      = 450 // tickets that an agent decides in a day, at most
)

// history is generated: the same seed gives the same tickets in each iteration.
type history struct {
	seed           uint64
	tickets, users int
	agents         int
	waiting        int // of the last week; 0: one in fifty
	until          time.Time
	reasons        []form.Reason
	userStates     []userState // of the iteration under way
}

// userState is the state of a user at one time of the history.
type userState struct {
	latest            int   // the number of the last approved ticket, from 1
	firstMS, latestMS int64 // when the first and the last approval were made
	freeMS            int64 // when the last ticket was closed
	waits             bool  // has an open ticket
}

// madeTicket is one ticket, without its answers.
type madeTicket struct {
	number               int // from 1
	id                   uuid.UUID
	user                 int
	status               ticket.Status
	createdMS, decidedMS int64
	agent                int
	reason               form.Reason
}

// eachTicket iterates over the tickets in the order of submission. Users follow a Zipf distribution, and none of them has
// two open tickets at once.
func (p *history) eachTicket() iter.Seq[madeTicket] {
	return func(yield func(madeTicket) bool) {
		source := rand.New(rand.NewPCG(p.seed, 1))
		zipf := rand.NewZipf(source, 1.05, 20, uint64(p.users-1))
		p.userStates = make([]userState, p.users)
		end := p.until.UnixMilli()
		for n := range p.tickets {
			created := end - days*dayMS + int64(float64(n)/float64(p.tickets)*days*dayMS)
			m := madeTicket{number: n + 1, id: idAtTime(created, source), user: p.pickUser(source, zipf, created), createdMS: created}
			p.decideTicket(&m, source, end)
			if !yield(m) {
				return
			}
		}
	}
}

// pickUser returns a user who has no open ticket.
func (p *history) pickUser(source *rand.Rand, zipf *rand.Zipf, at int64) int {
	for range 20 {
		if user := int(zipf.Uint64()); !p.userStates[user].waits && p.userStates[user].freeMS < at {
			return user
		}
	}
	for user := source.IntN(p.users); ; user = (user + 1) % p.users {
		if !p.userStates[user].waits {
			return user
		}
	}
}

// agentsFor is how many agents decide so many tickets: nobody more than can be decided in a day.
func agentsFor(tickets int) int { return (tickets + days*agentDay - 1) / (days * agentDay) }

// pickAgent returns who decides. Of few tickets and many agents the first decides half, or as many as of many.
func (p *history) pickAgent(source *rand.Rand) int {
	if p.agents == 1 || source.Float64() < min(0.5, float64(days*agentDay)/float64(p.tickets)) {
		return 1
	}
	return 2 + source.IntN(p.agents-1)
}

// openShare is the share of the tickets of a time that wait.
func (p *history) openShare(recently bool) float64 {
	switch {
	case p.waiting > 0 && recently:
		return float64(p.waiting) * days * dayMS / recent / float64(p.tickets)
	case p.waiting > 0:
		return 0
	case recently:
		return 0.25
	default:
		return 0.0006
	}
}

// decideTicket sets the outcome of a ticket: 2 % are open, 8 % rejected, the rest approved.
func (p *history) decideTicket(m *madeTicket, source *rand.Rand, end int64) {
	openShare, user := p.openShare(m.createdMS > end-recent), &p.userStates[m.user]
	m.agent, m.decidedMS = p.pickAgent(source), m.createdMS+1+int64(source.ExpFloat64()*decideMS)
	if p.waiting > 0 {
		m.decidedMS = min(m.decidedMS, end-1) // those of the last minutes do not wait either
	}
	switch chance := source.Float64(); {
	case chance < openShare, m.decidedMS >= end:
		m.status, user.waits = ticket.Processing, true
		return
	case chance > 0.92:
		m.status, m.reason = ticket.Rejected, p.reasons[source.IntN(len(p.reasons))]
	default:
		m.status, m.decidedMS = ticket.Approved, max(m.decidedMS, user.latestMS+1)
		if user.latest == 0 {
			user.firstMS = m.decidedMS
		}
		user.latest, user.latestMS = m.number, m.decidedMS
	}
	user.freeMS = m.decidedMS
}

// idAtTime is a version 7 id of a time.
func idAtTime(ms int64, source *rand.Rand) (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[:], uint64(ms)<<16|0x7000|source.Uint64()&0xfff)
	binary.BigEndian.PutUint64(id[8:], source.Uint64()&^(3<<62)|1<<63)
	return id
}

// agentID is the account of an agent by number.
func agentID(n int) string { return "0199c1ee-0000-7000-8000-" + zeroPadded(n, 12) }

// userID is a user by number.
func userID(n int) string { return "u-" + zeroPadded(n, 8) }

// zeroPadded is n with so many decimal digits.
func zeroPadded(n, count int) string {
	b := make([]byte, count)
	for i := count - 1; i >= 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return string(b)
}
