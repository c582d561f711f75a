package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

const answerTime = 10 * time.Second // how long the server may take for one answer

// Why a server or a sender cannot be used. The texts do not repeat the setting, which may hold a password.
var (
	ErrServer = errors.New("SMTP_URL (--smtp-url) must be smtp://user:password@host:port or smtps://user:password@host:port")
	ErrFrom   = errors.New("MAIL_FROM (--mail-from) must be the address that e-mails come from, such as tickets@example.com")
)

// Server is an SMTP server.
type Server struct{ client *gomail.Client }

// ParseServer reads the address of a server. smtps:// begins with TLS, smtp:// changes to TLS before anything else is said,
// except to this machine. The usual ports are 465 and 587, and 25 on this machine.
func ParseServer(address string) (*Server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || strings.Trim(u.Path, "/")+u.RawQuery+u.Fragment != "" {
		return nil, ErrServer
	}
	local := isLoopback(u.Hostname())
	port, policy := 587, gomail.WithTLSPolicy(gomail.TLSMandatory)
	switch {
	case u.Scheme == "smtps":
		port, policy = 465, gomail.WithSSL()
	case local:
		port, policy = 25, gomail.WithTLSPolicy(gomail.NoTLS)
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, ErrServer
		}
	}
	options := []gomail.Option{policy, gomail.WithPort(port), gomail.WithTimeout(answerTime)}
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, gomail.WithUsername(u.User.Username()), gomail.WithPassword(password), authOption(local))
	}
	client, err := gomail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, ErrServer
	}
	return &Server{client: client}, nil
}

// authOption lets the server choose how the password is shown to it; without TLS, this machine may see it.
func authOption(local bool) gomail.Option {
	if local {
		return gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthPlain, gomail.SMTPAuthLogin)
	}
	return gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover)
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// CheckFrom returns ErrFrom if e-mails cannot come from this sender.
func CheckFrom(from string) error {
	if _, err := mail.ParseAddress(from); err != nil {
		return ErrFrom
	}
	return nil
}

// send implements sender. A message that the server refuses does not keep the next one from being sent; a server that does not
// answer does.
func (s *Server) send(ctx context.Context, messages []*gomail.Msg) []error {
	errs := make([]error, len(messages))
	for i := range errs {
		errs[i] = errNotTried
	}
	if len(messages) == 0 {
		return errs
	}
	connection, err := s.client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		errs[0] = fmt.Errorf("connect: %w", err)
		return errs
	}
	defer func() { _ = s.client.CloseWithSMTPClient(connection) }() // what was sent was confirmed
	for i, message := range messages {
		if ctx.Err() != nil {
			break
		}
		errs[i] = s.client.SendWithSMTPClient(connection, message)
		if message.IsDelivered() {
			errs[i] = nil
		}
		if errs[i] != nil && statusCode(errs[i]) == 0 {
			break
		}
	}
	return errs
}

// statusCode is what the server answered to a message that it refused; 0: it did not.
func statusCode(err error) int {
	if refused, ok := errors.AsType[*gomail.SendError](err); ok {
		return refused.ErrorCode()
	}
	return 0
}

// isPermanent reports whether the server says that there is no such mailbox, or the message cannot be written at all.
func isPermanent(err error) bool {
	refused, ok := errors.AsType[*gomail.SendError](err)
	return ok && strings.HasPrefix(refused.EnhancedStatusCode(), "5.1.") || errors.Is(err, errUnwritable)
}

// failureText says why an attempt failed, without the address of the recipient, which servers repeat.
func failureText(err error) string {
	if refused, ok := errors.AsType[*gomail.SendError](err); ok {
		return strings.TrimSpace(fmt.Sprint(refused.Reason, " ", refused.ErrorCode(), " ", refused.EnhancedStatusCode()))
	}
	if dial, ok := errors.AsType[*net.OpError](err); ok {
		return dial.Error()
	}
	return err.Error()
}
