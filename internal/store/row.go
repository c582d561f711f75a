package store

import (
	"time"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

func fromRow(r db.Ticket) ticket.Ticket {
	t := ticket.Ticket{
		ID: r.ID, UserID: r.UserID, Status: ticket.Status(r.Status), Version: r.Version,
		Extra: r.Extra, FormVersion: r.FormVersion, Language: r.Language, Queue: r.Queue, Attempt: int(r.Attempt), SubmittedBy: r.SubmittedBy,
		Subject: r.Subject, CreatedAt: time.UnixMilli(r.CreatedAtMs), UpdatedAt: time.UnixMilli(r.UpdatedAtMs),
		ValidUntil: postgres.TimeOrZero(r.ValidUntilMs), ErasedAt: postgres.TimeOrZero(r.ErasedAtMs),
		Previous: postgres.OrZero(r.PreviousID),
	}
	if r.DecidedBy != nil && r.DecidedAtMs != nil {
		t.Decision = ticket.Decision{
			Status: t.Status, By: *r.DecidedBy, At: time.UnixMilli(*r.DecidedAtMs),
			Reasons: reasonsOf(r.RejectReasons, r.RejectReason), Rows: r.RejectRows, Class: ticket.Class(postgres.OrZero(r.RejectClass)),
			Comment: postgres.OrZero(r.RejectComment), Note: postgres.OrZero(r.Note), Hash: postgres.OrZero(r.RuleHash), Grant: r.GrantExtra,
		}
	}
	if r.RevokedBy != nil {
		t.Revocation = revocationOf(r)
		t.Decision = ticket.Decision{Status: ticket.Approved, By: t.Decision.By, At: t.Decision.At, Hash: t.Decision.Hash, Grant: t.Decision.Grant}
	}
	return t
}

// revocationOf says why an approval was taken back: the columns of a rejection have that.
func revocationOf(r db.Ticket) ticket.Revocation {
	return ticket.Revocation{
		By: *r.RevokedBy, At: time.UnixMilli(r.UpdatedAtMs), Reason: postgres.OrZero(r.RejectReason), Class: ticket.Class(postgres.OrZero(r.RejectClass)),
		Comment: postgres.OrZero(r.RejectComment), Note: postgres.OrZero(r.Note),
	}
}

// reasonsOf are all the reasons of a rejection; one from before several could be given has the first alone.
func reasonsOf(all []string, first *string) []string {
	if all == nil && first != nil {
		return []string{*first}
	}
	return all
}

func fromEvent(r db.EventListRow) ticket.Event {
	return ticket.Event{
		TicketID: r.TicketID, Version: r.Version, Kind: ticket.EventKind(r.Kind), Actor: r.Actor,
		At: time.UnixMilli(r.AtMs), Reasons: reasonsOf(r.Reasons, r.Reason), Class: ticket.Class(postgres.OrZero(r.Class)),
		Comment: postgres.OrZero(r.Comment), Note: postgres.OrZero(r.Note), Hash: postgres.OrZero(r.RuleHash), Step: r.StepName,
	}
}
