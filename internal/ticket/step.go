package ticket

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// NewStep is one of the steps in which a ticket is approved, as its form and its answers say. Whoever has the address, is in the team or
// has the key may give it, and from StandIn on who is in the other team.
type NewStep struct {
	Turn        int // steps of the same turn are side by side
	Name        string
	Email       string // lower case; empty: nobody is named
	Team        string
	Key         string        // the name of an API key
	Remind      time.Duration // after which those who are asked get an e-mail again; 0: never
	StandIn     time.Duration // after which StandInTeam may give it, too; 0: never
	StandInTeam string
}

// Step is one of the steps of a ticket.
type Step struct {
	NewStep
	TicketID uuid.UUID
	Number   int
	Since    time.Time // when its turn began; zero: it has not, or the step is over
	Decision Decision  // the approval; the zero Decision until it is given, and of the last one, whose approval is the decision
}

// AsksTeam reports whether it is the turn of the step, and it asks one of these teams, or the one that stands in by now.
func (s Step) AsksTeam(teams []string, now time.Time) bool {
	standsIn := s.StandIn > 0 && !now.Before(s.Since.Add(s.StandIn))
	return s.Waits() && (slices.Contains(teams, s.Team) || standsIn && slices.Contains(teams, s.StandInTeam))
}

// Waits reports whether it is the turn of the step.
func (s Step) Waits() bool { return !s.Since.IsZero() }
