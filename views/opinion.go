package views

import "docket/internal/ticket"

// Opinions are what agents think of a ticket that two people have to decide, as far as this one may know it.
type Opinions struct {
	Needed    bool             // the form says that two people have to think the same
	First     bool             // one has been given
	Disagreed bool             // two have been given, and differ
	Waits     bool             // the ticket is open, and somebody else has to decide it
	Known     []ticket.Opinion // those that the agent may see
}

// Given reports whether there are any.
func (o Opinions) Given() bool { return o.First || o.Disagreed }

// waitsText is the key of what is said to an agent who does not decide any more.
func (o Opinions) waitsText() string {
	if o.Disagreed {
		return "opinion.waits_for_admin"
	}
	return "opinion.waits"
}
