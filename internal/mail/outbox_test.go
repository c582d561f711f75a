package mail_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/mail"
	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testmail"
)

// office is a database with outboxes that send to one server.
type office struct {
	t      *testing.T
	pool   *postgres.Pool
	users  *account.Accounts
	server *testmail.Server
	form   *form.Form
	log    *syncBuffer
	mu     sync.Mutex // guards counts
	counts map[string]int
}

func newOffice(t *testing.T) *office {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	users := account.NewAccounts(pool, account.Config{SessionKey: bytes.Repeat([]byte{7}, 32)})
	return &office{t: t, pool: pool, users: users, server: testmail.Start(t), form: formfile.Default(), log: &syncBuffer{}, counts: map[string]int{}}
}

// open opens one more outbox, which sends when it is run.
func (o *office) open(serverURL string) *mail.Outbox {
	o.t.Helper()
	outbox, err := mail.Open(mail.Config{
		Primary: o.pool, Accounts: o.users, Form: o.form, FormOf: func(context.Context, string) *form.Form { return nil }, BaseURL: "http://docket.test",
		From: "tickets@docket.test", Secret: []byte("secret"), Log: slog.New(slog.NewTextHandler(o.log, nil)), Count: o.count, Waiting: func(int64, time.Duration) {},
	}, serverURL)
	if err != nil {
		o.t.Fatal(err)
	}
	return outbox
}

func (o *office) count(outcome string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.counts[outcome]++
}

func (o *office) counted(outcome string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.counts[outcome]
}

// run runs an outbox until the test ends.
func (o *office) run(outbox *mail.Outbox) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(o.t.Context()))
	done := make(chan error, 1)
	go func() { done <- outbox.Run(ctx) }()
	o.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			o.t.Error(err)
		}
	})
}

// user adds a customer.
func (o *office) user(email string) {
	o.t.Helper()
	o.exec("INSERT INTO accounts (id, email, role, password_hash) VALUES (gen_random_uuid(), $1, 'customer', 'none')", email)
}

func (o *office) exec(statement string, args ...any) {
	o.t.Helper()
	if _, err := o.pool.Exec(o.t.Context(), statement, args...); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) number(query string) (n int) {
	o.t.Helper()
	if err := o.pool.QueryRow(o.t.Context(), query).Scan(&n); err != nil {
		o.t.Fatal(err)
	}
	return n
}

// wait waits until something is so.
func (o *office) wait(what string, is func() bool) {
	o.t.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); {
		if time.Now().After(deadline) {
			o.t.Fatalf("it did not come so far that %s; the log:\n%s", what, o.log.String())
		}
	}
}

// syncBuffer is a text that several goroutines write.
type syncBuffer struct {
	mu   sync.Mutex // guards text
	text strings.Builder
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// TestOutbox_Instances has three instances send what waits: each e-mail once.
func TestOutbox_Instances(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const users = 60
	for n := range users {
		o.user(fmt.Sprintf("user%d@example.com", n))
	}
	o.exec("INSERT INTO outbox (account_id, kind) SELECT id, 'taken' FROM accounts")
	for range 3 {
		o.run(o.open(o.server.URL))
	}
	for n := range users {
		o.server.Wait(t, fmt.Sprintf("user%d@example.com", n))
	}
	o.wait("nothing waits", func() bool { return o.number("SELECT count(*) FROM outbox") == 0 })
	if n := o.server.Count(); n > 0 || o.counted("sent") != users {
		t.Errorf("%d e-mails were sent twice, %d are counted", n, o.counted("sent"))
	}
}

func TestOutbox_TriesAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.user("ann@example.com")
	o.user("bob@example.com")
	o.server.Refuse(func(to string) error {
		if to == "ann@example.com" {
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later, ann@example.com"}
		}
		return nil
	})
	outbox := o.open(o.server.URL)
	o.exec("INSERT INTO outbox (account_id, kind) SELECT id, 'reset' FROM accounts ORDER BY email")
	o.run(outbox)
	o.server.Wait(t, "bob@example.com") // a refused one does not keep the others
	o.wait("one attempt has failed", func() bool { return o.counted("failed") == 1 })
	const due = "SELECT (next_at_ms - now_ms()) / 1000 FROM outbox"
	if pause := o.number(due); pause < 30 || pause > 60 {
		t.Errorf("the next attempt is in %d s, want a minute", pause)
	}
	o.exec("UPDATE outbox SET next_at_ms = now_ms()")
	o.wait("a second attempt has failed", func() bool { return o.counted("failed") == 2 })
	if pause := o.number(due); pause < 90 || pause > 120 {
		t.Errorf("after the second the next attempt is in %d s, want two minutes", pause)
	}
	o.server.Refuse(func(string) error { return nil })
	o.exec("UPDATE outbox SET next_at_ms = now_ms()")
	o.server.Wait(t, "ann@example.com")
	if log := o.log.String(); !strings.Contains(log, "it is tried again") || !strings.Contains(log, "451") || strings.Contains(log, "ann@example.com") {
		t.Errorf("the log says:\n%s", log)
	}
}

func TestOutbox_GivesUp(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		refusal *smtp.SMTPError
		before  string // that was done with the row
		outcome string
	}{
		"no such mailbox":      {&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no"}, "SELECT", "given_up"},
		"relaying is refused":  {&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "no"}, "SELECT", "failed"},
		"the last attempt":     {&smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later"}, "UPDATE outbox SET attempts = 13", "given_up"},
		"the one before that":  {&smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later"}, "UPDATE outbox SET attempts = 12", "failed"},
		"older than two days":  {&smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later"}, "UPDATE outbox SET created_at_ms = now_ms() - 200000000", "given_up"},
		"an impossible sender": {nil, "UPDATE accounts SET email = 'a,b@example.com'", "given_up"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.user("ann@example.com")
			o.server.Refuse(func(string) error {
				if test.refusal == nil {
					return nil
				}
				return test.refusal
			})
			o.exec("INSERT INTO outbox (account_id, kind) SELECT id, 'taken' FROM accounts")
			o.exec(test.before)
			o.run(o.open(o.server.URL))
			o.wait("it is "+test.outcome, func() bool { return o.counted(test.outcome) == 1 })
			if test.outcome == "given_up" {
				o.wait("the row is gone", func() bool { return o.number("SELECT count(*) FROM outbox") == 0 })
			} else if n := o.number("SELECT count(*) FROM outbox"); n != 1 {
				t.Errorf("%d e-mails wait, want 1", n)
			}
		})
	}
}

// TestOutbox_ServerAway has nobody listen at first. The first failure ends the batch: the others are not tried one after the other.
func TestOutbox_ServerAway(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	for n := range 5 {
		o.user(fmt.Sprintf("user%d@example.com", n))
	}
	o.exec("INSERT INTO outbox (account_id, kind) SELECT id, 'taken' FROM accounts")
	o.run(o.open("smtp://" + listener.Addr().String()))
	o.wait("five attempts have failed", func() bool { return o.counted("failed") == 5 })
	if n := strings.Count(o.log.String(), "an e-mail was not sent"); n != 1 {
		t.Errorf("the log says so %d times, want once:\n%s", n, o.log.String())
	}
}

// TestOutbox_WithoutTLS has a server on an address that is not of this machine, as far as docket knows. It offers no TLS.
func TestOutbox_WithoutTLS(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.user("ann@example.com")
	o.exec("INSERT INTO outbox (account_id, kind) SELECT id, 'taken' FROM accounts")
	o.run(o.open(strings.Replace(o.server.URL, "127.0.0.1", "0.0.0.0", 1)))
	o.wait("the attempt has failed", func() bool { return o.counted("failed") == 1 })
	if o.server.Count() > 0 || !strings.Contains(o.log.String(), "STARTTLS") {
		t.Errorf("%d e-mails were sent without TLS; the log:\n%s", o.server.Count(), o.log.String())
	}
}

func TestOutbox_HeaderInjection(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	hostile := *o.form
	hostile.Title, hostile.Languages = "Title\r\nBcc: eve@example.com\r\n\r\nbody", []string{"en"}
	form.Translate(map[string]*form.Form{"en": &hostile})
	o.form = &hostile
	o.user("ann@example.com")
	o.exec("INSERT INTO outbox (account_id, kind) SELECT id, 'taken' FROM accounts")
	o.run(o.open(o.server.URL))
	m := o.server.Wait(t, "ann@example.com")
	if m.Header.Get("Bcc") != "" || !strings.Contains(m.Subject, "you have an account already") || strings.HasPrefix(m.Text, "body") {
		t.Errorf("the header is %v, the text %q", m.Header, m.Text)
	}
}

func TestOutbox_NothingPersonalStays(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	outbox := o.open(o.server.URL)
	if err := o.users.SignUp(t.Context(), account.Client{}, "ann@example.com", "correct horse battery", "vi"); err != nil {
		t.Fatal(err)
	}
	o.run(outbox)
	m := o.server.Wait(t, "ann@example.com")
	if !strings.Contains(m.Subject, "xác nhận địa chỉ") {
		t.Errorf("the subject is %q", m.Subject)
	}
	token := strings.TrimPrefix(m.Path(t, "http://docket.test"), "/confirm/")
	var stored string
	if err := o.pool.QueryRow(t.Context(), "SELECT string_agg(l::text, ' ') FROM account_links l").Scan(&stored); err != nil || strings.Contains(stored, token) {
		t.Errorf("the link is stored as %s, %v", stored, err)
	}
	o.wait("nothing waits", func() bool { return o.number("SELECT count(*) FROM outbox") == 0 })
	if _, err := o.users.Confirm(t.Context(), token); err != nil {
		t.Error(err)
	}
}

// TestOutbox_WithTheChange writes an e-mail and takes the change back, and changes something while nobody sends.
func TestOutbox_WithTheChange(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.user("ann@example.com")
	const change, back = "UPDATE accounts SET password_hash = password_hash || 'x', version = version + 1", "SELECT count(*) FROM outbox"
	o.exec(change)
	if n := o.number(back); n != 0 {
		t.Errorf("while nobody sends %d e-mails are written", n)
	}
	o.exec("INSERT INTO mail_senders (until_ms) VALUES (now_ms() + 1000000)")
	tx, err := o.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := o.number(back); n != 0 {
		t.Errorf("after a rollback %d e-mails wait", n)
	}
	o.exec("UPDATE accounts SET password_hash = password_hash || 'x'") // it is only hashed anew
	if n := o.number(back); n != 0 {
		t.Errorf("after a rehash %d e-mails wait", n)
	}
	o.exec(change)
	if n := o.number(back + " WHERE kind = 'password_changed'"); n != 1 {
		t.Errorf("after the change %d e-mails wait, want 1", n)
	}
}

// TestOutbox_DecidedAtOnce has a rule decide a ticket in the transaction that submits it: its owner is told that alone. It also has
// tickets whose users have no account.
func TestOutbox_DecidedAtOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.user("ann@example.com")
	o.exec("INSERT INTO mail_senders (until_ms) VALUES (now_ms() + 1000000)")
	const submit = `INSERT INTO tickets (id, user_id, status, extra, submitted_by, one_open) SELECT gen_random_uuid(), u, 'processing', '{}', 'user:' || u, false FROM (%s) AS users (u)`
	o.exec(fmt.Sprintf(submit, "SELECT id::text FROM accounts UNION ALL SELECT 'u-1042' UNION ALL SELECT gen_random_uuid()::text"))
	if n, own := o.number("SELECT count(*) FROM outbox"), o.number("SELECT count(*) FROM outbox WHERE kind = 'received'"); n != 1 || own != 1 {
		t.Errorf("%d e-mails wait, %d of them say that the ticket was received; want 1", n, own)
	}
	o.exec(`UPDATE tickets SET status = 'rejected', version = 2, decided_by = 'rule:r', decided_at_ms = updated_at_ms, reject_reason = 'x', reject_comment = ''`)
	if n, own := o.number("SELECT count(*) FROM outbox"), o.number("SELECT count(*) FROM outbox WHERE kind = 'rejected'"); n != 1 || own != 1 {
		t.Errorf("after the decision %d e-mails wait, %d of them about it; want 1", n, own)
	}
}

func TestSweep(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.user("ann@example.com")
	for _, email := range []string{"old@example.com", "new@example.com"} {
		if err := o.users.SignUp(t.Context(), account.Client{}, email, "correct horse battery", "en"); err != nil {
			t.Fatal(err)
		}
	}
	o.exec("UPDATE accounts SET created_at_ms = now_ms() - 604900000 WHERE email <> 'new@example.com'")
	o.exec("UPDATE outbox SET created_at_ms = now_ms() - 172900000 WHERE account_id = (SELECT id FROM accounts WHERE email = 'new@example.com')")
	o.exec("INSERT INTO account_links SELECT sha256(email::bytea), id, 'reset', NULL, now_ms() + CASE email WHEN 'ann@example.com' THEN -1 ELSE 10000 END FROM accounts")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- mail.Sweep(ctx, o.pool) }()
	o.wait("it is swept", func() bool { return o.number("SELECT count(*) FROM accounts") == 2 })
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if waiting, links := o.number("SELECT count(*) FROM outbox"), o.number("SELECT count(*) FROM account_links"); waiting != 0 || links != 1 {
		t.Errorf("%d e-mails and %d links stay, want 0 and 1", waiting, links)
	}
}

func TestParseServer(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]error{
		"smtp://mail.example.com": nil, "smtps://user:p%40ss@mail.example.com:465": nil, "smtp://localhost:2525": nil, "smtp://[::1]": nil,
		"": mail.ErrServer, "mail.example.com": mail.ErrServer, "https://mail.example.com": mail.ErrServer, "smtp://user:geheim@": mail.ErrServer,
		"smtp://user:geheim@host:port": mail.ErrServer, "smtp://user:geheim@host/path": mail.ErrServer, "smtp://host:99999": mail.ErrServer,
	} {
		if _, err := mail.ParseServer(address); !errors.Is(err, want) || err != nil && strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v, want %v", address, err, want)
		}
	}
	for from, want := range map[string]error{"a@example.com": nil, "Tickets <a@example.com>": nil, "tickets": mail.ErrFrom, "a@example.com\r\nBcc: b@example.com": mail.ErrFrom} {
		if err := mail.CheckFrom(from); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", from, err, want)
		}
	}
}
