package cli

import (
	"errors"

	"docket/internal/app"
	"docket/internal/mail"
)

type mailOptions struct {
	SMTPURL  string `name:"smtp-url" env:"SMTP_URL" placeholder:"URL" help:"The server that e-mail is sent through: smtp://user:password@host:port or smtps://…; TLS is required, except to this machine. New accounts then have to confirm their address. Default: no e-mail is sent."`
	MailFrom string `name:"mail-from" env:"MAIL_FROM" placeholder:"ADDRESS" help:"The sender of e-mails, with or without a name: Tickets <tickets@example.com>. Default: docket at the host of BASE_URL."`
}

// Validate refuses a server or a sender that cannot be used. It does not repeat the address of the server, which has a password.
func (o mailOptions) Validate() (err error) {
	if o.SMTPURL != "" {
		_, err = mail.ParseServer(o.SMTPURL)
	}
	if o.MailFrom != "" {
		err = errors.Join(err, mail.CheckFrom(o.MailFrom))
	}
	return err
}

func (o mailOptions) settings() app.Mail { return app.Mail{ServerURL: o.SMTPURL, From: o.MailFrom} }
