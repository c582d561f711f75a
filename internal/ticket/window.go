package ticket

import "time"

// SubmittedStatus is what a Window has as its status that counts tickets whatever became of them.
const SubmittedStatus = "submitted"

// Window is what a rule asks of the tickets that the same user has submitted in a time before: how many of them have a status now, or the sum
// of the answers to a field of those that are open or approved.
type Window struct {
	Name   string // of the fact
	Length time.Duration
	Status string // a Status or SubmittedStatus; empty: it adds up Field
	Field  string
}
