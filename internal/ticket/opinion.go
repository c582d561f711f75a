package ticket

import "github.com/google/uuid"

// Opinion is what an agent would decide of a ticket that two people have to decide.
type Opinion struct {
	TicketID uuid.UUID
	Ordinal  int      // 1, or 2 for one that differs from the first
	Decision Decision // By and At say whose it is, and since when
}
