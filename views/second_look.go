package views

import (
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// SecondLooksPath is the tickets at which the agent can take a second look; a POST takes the next one.
const SecondLooksPath = "/review/second-looks"

// SecondLookPath is a ticket as it was before its decision, for a second look.
func SecondLookPath(id uuid.UUID) string { return ReviewTicketPath(id) + "/second-look" }

// SecondLooksGonePath is SecondLooksPath after a look that is not the agent's to give.
const SecondLooksGonePath = SecondLooksPath + "?left=gone"

// SecondLooksView is what an agent can look at again, and what they have.
type SecondLooksView struct {
	Offered []ticket.Ticket // as they were before the decision
	Given   []LookLine      // by the agent, the latest first
	Names   map[string]string
	Gone    bool // the look that was asked for is not the agent's to give
}

// LookLine is a look that was given, with its ticket.
type LookLine struct {
	Look   ticket.SecondLook
	Ticket ticket.Ticket
}

// LooksSince is how long looks that were given are listed.
const LooksSince = 31 * 24 * time.Hour

// lookResult is the key of what is said of a look that was given.
func lookResult(look ticket.SecondLook) string {
	if look.Agrees() {
		return "look.agrees"
	}
	return "look.differs"
}

// gaveLook reports whether the agent gave the second look at the ticket.
func (r Review) gaveLook(site Site) bool {
	return r.Look.Given() && r.Look.Second.By == ticket.Agent(site.Me.ID)
}

// opinionOf is what the second look came to, as opinions are shown.
func opinionOf(look ticket.SecondLook) ticket.Opinion {
	return ticket.Opinion{TicketID: look.TicketID, Ordinal: 1, Decision: look.Second}
}
