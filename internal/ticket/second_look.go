package ticket

import "github.com/google/uuid"

// SecondLook is a decided ticket that was drawn so that an agent who does not know the decision says what theirs would be.
type SecondLook struct {
	TicketID uuid.UUID
	By       string   // who decided
	Status   Status   // how
	Second   Decision // of the second look; zero until it is given
}

// Given reports whether somebody has looked.
func (l SecondLook) Given() bool { return l.Second.By != "" }

// Agrees reports whether the second look came to the same as the decision.
func (l SecondLook) Agrees() bool { return l.Second.Status == l.Status }

// BeforeDecision is the ticket as it was before it was decided.
func (t Ticket) BeforeDecision() Ticket {
	t.Status, t.Decision, t.Revocation = Processing, Decision{}, Revocation{}
	return t
}
