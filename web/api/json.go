package api

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/evidence"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/form/linktext"
	"docket/internal/ticket"
)

// ticketJSON is a ticket as other systems see it. What it does not have yet is null.
type ticketJSON struct {
	ID            string          `json:"id"`
	UserID        string          `json:"user_id"`
	Status        ticket.Status   `json:"status"`
	Version       int64           `json:"version"`
	Extra         json.RawMessage `json:"extra"`
	FormVersion   string          `json:"form_version"`
	Attempt       int             `json:"attempt"`
	PreviousID    *uuid.UUID      `json:"previous_id"`
	SubmittedBy   string          `json:"submitted_by"`
	DecidedBy     *string         `json:"decided_by"`
	DecidedAtMS   *int64          `json:"decided_at_ms"`
	Grant         json.RawMessage `json:"grant"`
	RejectReason  *string         `json:"reject_reason"`
	RejectReasons []string        `json:"reject_reasons"`
	RejectRows    []string        `json:"reject_rows"`
	RejectClass   *string         `json:"reject_class"`
	RejectComment *string         `json:"reject_comment"`
	RevokedBy     *string         `json:"revoked_by"`
	RevokedAtMS   *int64          `json:"revoked_at_ms"`
	CreatedAtMS   int64           `json:"created_at_ms"`
	UpdatedAtMS   int64           `json:"updated_at_ms"`
	ErasedAtMS    *int64          `json:"erased_at_ms"`
	Subject       string          `json:"subject,omitempty"`
	ValidUntilMS  int64           `json:"valid_until_ms,omitempty"`
	Archived      bool            `json:"archived,omitempty"`
}

// ticketWithHistoryJSON is one ticket with all that belongs to it.
type ticketWithHistoryJSON struct {
	ticketJSON
	History []eventJSON               `json:"history"`
	Files   map[string]ticketFileJSON `json:"files"` // by field; nil: they cannot be read at this moment
	Agreed  []agreementJSON           `json:"agreed"`
	Match   map[string]evidence.Match `json:"match"` // by field; nil: the files cannot be read at this moment
}

// agreementJSON is a text to which the user of a ticket agreed when they sent it.
type agreementJSON struct {
	Field   string   `json:"field"`
	Text    string   `json:"text"`
	Links   []string `json:"links"`
	Version string   `json:"version"`
}

// agreementsOf are the texts to which the user of a ticket agreed, by the form that they filled in.
func (a *API) agreementsOf(ctx context.Context, t ticket.Ticket) []agreementJSON {
	agreed, f := []agreementJSON{}, a.Intake.Forms.OfTicket(ctx, a.Form, t)
	if f.Version != t.FormVersion { // the form is not known
		return agreed
	}
	for _, one := range f.In(t.Language).Agreements(t.Extra) {
		agreed = append(agreed, agreementJSON{one.Field, linktext.Plain(one.Text), append([]string{}, one.Links...), one.Version})
	}
	return agreed
}

// ticketFileJSON is a file of a ticket with what was measured of it. Picture is nil for a document.
type ticketFileJSON struct {
	ID        string       `json:"id"`
	MediaType string       `json:"media_type"`
	Size      int64        `json:"size"`
	SHA256    string       `json:"sha256"`
	Picture   *pictureJSON `json:"picture"`

	Read  []readValueJSON `json:"read"`
	Faces *int            `json:"faces"`
}

// pictureJSON is what was measured of a picture.
type pictureJSON struct {
	Width      int      `json:"width"`
	Height     int      `json:"height"`
	Blur       float64  `json:"blur"`
	Brightness float64  `json:"brightness"`
	Glare      float64  `json:"glare"`
	Grey       float64  `json:"grey"`
	Warnings   []string `json:"warnings"`
}

// eventJSON is one change of a ticket as other systems see it: without the note, which the ticket has.
type eventJSON struct {
	Version int64            `json:"version"`
	Kind    ticket.EventKind `json:"kind"`
	Actor   string           `json:"actor"`
	AtMS    int64            `json:"at_ms"`
	Reason  *string          `json:"reason"`
	Reasons []string         `json:"reasons"`
	Class   *string          `json:"class"`
	Comment *string          `json:"comment"`
	Hash    *string          `json:"rule_hash"`
	Step    *string          `json:"step"`
}

// ticketNameJSON identifies a ticket for a caller that may not read it.
type ticketNameJSON struct {
	ID          string        `json:"id"`
	UserID      string        `json:"user_id"`
	Status      ticket.Status `json:"status"`
	Version     int64         `json:"version"`
	CreatedAtMS int64         `json:"created_at_ms"`
}

// newTicketJSON is a ticket as other systems see it: without the internal note, which never leaves the console.
func newTicketJSON(t ticket.Ticket) ticketJSON {
	d, comment, class := t.Decision, t.Decision.Comment, t.Decision.Class
	if t.Status == ticket.Revoked {
		comment, class = t.Revocation.Comment, t.Revocation.Class
	}
	return ticketJSON{
		ID: t.ID.String(), UserID: t.UserID, Status: t.Status, Version: t.Version,
		Extra: t.Extra, FormVersion: t.FormVersion, Attempt: t.Attempt, PreviousID: idOrNull(t.Previous), SubmittedBy: t.SubmittedBy,
		DecidedBy: textOrNull(d.By), DecidedAtMS: msOrNull(d.At), Grant: d.Grant, RejectReason: textOrNull(firstOf(t.Reasons())),
		RejectReasons: t.Reasons(), RejectRows: d.Rows, RejectClass: textOrNull(string(class)), RejectComment: textOrNull(comment),
		RevokedBy: textOrNull(t.Revocation.By), RevokedAtMS: msOrNull(t.Revocation.At),
		CreatedAtMS: t.CreatedAt.UnixMilli(), UpdatedAtMS: t.UpdatedAt.UnixMilli(), ErasedAtMS: msOrNull(t.ErasedAt),
		Subject: t.Subject, ValidUntilMS: msOrZero(t.ValidUntil), Archived: t.Archived,
	}
}

func msOrZero(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.UnixMilli()
}

// ticketWithoutAnswersJSON is a ticket for a key that may decide it and may not read it.
type ticketWithoutAnswersJSON struct {
	ticketJSON
	Extra         *struct{} `json:"extra,omitempty"` // nil: takes the place of the one above
	Grant         *struct{} `json:"grant,omitempty"`
	RejectComment *struct{} `json:"reject_comment,omitempty"`
}

// newDecidedTicketJSON is a ticket as the answer to a decision shows it: with what the user sent and reads only to keys that may
// read tickets.
func newDecidedTicketJSON(t ticket.Ticket, by account.Key) any {
	if by.May(account.TicketsRead) {
		return newTicketJSON(t)
	}
	t.Subject = "" // it is an answer
	return ticketWithoutAnswersJSON{ticketJSON: newTicketJSON(t)}
}

// newTicketFileJSON is a file, which a ticket names at a field, as other systems see it.
func newTicketFileJSON(f *form.Form, name string, file files.File) ticketFileJSON {
	m := file.Signals
	shown := ticketFileJSON{ID: file.ID.String(), MediaType: file.MediaType, Size: file.Size, SHA256: hex.EncodeToString(m.SHA256[:]), Read: readOf(f, name, file), Faces: facesOf(file)}
	if file.Picture() {
		shown.Picture = &pictureJSON{m.Width, m.Height, m.Blur, m.Brightness, m.Glare, m.Grey, warningsOf(file)}
	}
	return shown
}

// eventsUpTo is what happened to a ticket up to one version of it.
func eventsUpTo(events []ticket.Event, version int64) []eventJSON {
	history := make([]eventJSON, 0, len(events))
	for _, e := range events {
		if e.Version <= version {
			history = append(history, eventJSON{
				e.Version, e.Kind, e.Actor, e.At.UnixMilli(), textOrNull(e.Reason()), e.Reasons, textOrNull(string(e.Class)), textOrNull(e.Comment), textOrNull(e.Hash), textOrNull(e.Step),
			})
		}
	}
	return history
}

func newTicketNameJSON(t ticket.Ticket) ticketNameJSON {
	return ticketNameJSON{t.ID.String(), t.UserID, t.Status, t.Version, t.CreatedAt.UnixMilli()}
}

func firstOf(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return texts[0]
}

func textOrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func idOrNull(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

func msOrNull(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	ms := t.UnixMilli()
	return &ms
}
