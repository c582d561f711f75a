package store

import (
	"time"

	"docket/db"
	"docket/internal/ticket"
)

func fromRow(r db.Ticket) ticket.Ticket {
	t := ticket.Ticket{
		ID: r.ID, UserID: r.UserID, Status: ticket.Status(r.Status), Version: r.Version,
		Extra: r.Extra, FormVersion: r.FormVersion, SubmittedBy: r.SubmittedBy,
		CreatedAt: time.UnixMilli(r.CreatedAtMs), UpdatedAt: time.UnixMilli(r.UpdatedAtMs),
	}
	if r.DecidedBy != nil && r.DecidedAtMs != nil {
		t.Decision = ticket.Decision{
			Status: t.Status, By: *r.DecidedBy, At: time.UnixMilli(*r.DecidedAtMs),
			Reason: text(r.RejectReason), Comment: text(r.RejectComment), Note: text(r.Note),
		}
	}
	return t
}

func fromEvent(r db.TicketEvent) ticket.Event {
	return ticket.Event{
		TicketID: r.TicketID, Version: r.Version, Kind: ticket.EventKind(r.Kind), Actor: r.Actor,
		At: time.UnixMilli(r.AtMs), Reason: text(r.Reason), Comment: text(r.Comment), Note: text(r.Note),
	}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
