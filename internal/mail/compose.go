package mail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"docket/db"
	"docket/internal/account"
	"docket/internal/form/mailtext"
	"docket/internal/form/retake"
	"docket/internal/i18n"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// errUnwritable says that an address cannot stand in an e-mail.
var errUnwritable = errors.New("the address cannot stand in an e-mail")

// compose writes an e-mail in the language of its reader. Links that change something are made here, so that no table has what
// stands in them.
func (o *Outbox) compose(ctx context.Context, row db.OutboxTakeRow) (*gomail.Msg, error) {
	language := cmp.Or(row.Language, o.Form.Languages[0])
	link, err := o.linkOf(ctx, row)
	if err != nil {
		return nil, err
	}
	facts := Facts{Link: o.BaseURL + link, Site: o.BaseURL, Time: time.UnixMilli(row.CreatedAtMs)}
	if err := o.addReasons(ctx, row, language, &facts); err != nil {
		return nil, err
	}
	if row.Kind == mailtext.Received && o.Usual != nil {
		facts.Usual = o.Usual(ctx, time.Now())
	}
	if row.TicketID != nil {
		facts.Ticket = ticket.Number(*row.TicketID)
	}
	name, subject, text := Write(o.Form, row.Kind, language, facts)
	return o.newMessage(row, name, subject, text)
}

// linkOf is the path that an e-mail leads to.
func (o *Outbox) linkOf(ctx context.Context, row db.OutboxTakeRow) (path string, err error) {
	token := ""
	switch row.Kind {
	case "received", "approved", "rejected", "revoked", "approval_ends":
		return "/tickets/" + row.TicketID.String(), nil
	case "confirm":
		token, err = o.Accounts.AddLink(ctx, account.ConfirmLink, account.ConfirmLife, row.AccountID, row.PasswordHash)
		return "/confirm/" + token, err
	case "reset":
		token, err = o.Accounts.AddLink(ctx, account.ResetLink, account.ResetLife, row.AccountID, nil)
		return "/reset/" + token, err
	case "invited":
		token, err = o.Accounts.AddLink(ctx, account.ResetLink, account.InviteLife, row.AccountID, nil)
		return "/reset/" + token, err
	case "step":
		return "/review/" + row.TicketID.String(), nil
	case "webhook_off":
		return "/admin/webhooks", nil
	}
	return "/forgot", nil
}

// addReasons adds to a rejection or a revocation the rows that it is for, the texts of the form for its reasons, and which photos are asked
// for again.
func (o *Outbox) addReasons(ctx context.Context, row db.OutboxTakeRow, language string, facts *Facts) error {
	if row.Kind != mailtext.Rejected && row.Kind != mailtext.Revoked {
		return nil
	}
	t, err := o.q.OutboxTicket(ctx, o.Primary, *row.TicketID)
	if err != nil {
		return postgres.WrapError("read a ticket for an e-mail", err)
	}
	shown := cmp.Or(o.FormOf(ctx, t.FormVersion), o.Form).In(language)
	if len(t.RejectedRows) > 0 && row.Kind == mailtext.Rejected {
		words := i18n.Of(language)
		facts.Reasons = append(facts.Reasons, words.T("reject.rows", "Rows", retake.RowTitles(shown, t.RejectedRows, words)))
	}
	for _, code := range t.Reasons {
		if reason, _ := shown.Reason(code); reason.Text != "" {
			facts.Reasons = append(facts.Reasons, reason.Text)
		}
	}
	closed := t.Class == string(ticket.Final) || o.Form.OneOpen && int(t.Attempt) >= o.Form.Attempts
	if row.Kind == mailtext.Rejected && !closed {
		for _, photo := range retake.Photos(shown, t.Reasons) {
			facts.Photos = append(facts.Photos, photo.Label)
		}
	}
	return nil
}

// newMessage makes a message. The library writes the headers: no text becomes a header of its own.
func (o *Outbox) newMessage(row db.OutboxTakeRow, senderName, subject, text string) (*gomail.Msg, error) {
	from, err := mail.ParseAddress(o.From)
	if err != nil {
		return nil, errUnwritable
	}
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := message.FromFormat(cmp.Or(from.Name, senderName), from.Address); err != nil {
		return nil, errUnwritable
	}
	if err := message.To(row.Email); err != nil {
		return nil, errUnwritable
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	message.SetMessageIDWithValue(fmt.Sprintf("%d.%d@%s", row.CreatedAtMs, row.ID, domain)) // the same at each attempt
	message.SetDateWithValue(time.Now())
	message.SetGenHeader("Auto-Submitted", "auto-generated") // so that nothing answers by itself
	message.Subject(subject)
	message.SetBodyString(gomail.TypeTextPlain, text)
	return message, nil
}
