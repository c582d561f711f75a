package report

// PastTickets and PastTicket are what Backtest reads.
type (
	PastTickets = pastTickets
	PastTicket  = pastTicket
)

// Read is what Backtest reads with.
var Read = pastTickets.readAll
