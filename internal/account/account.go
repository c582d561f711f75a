// Package account identifies callers: accounts with passwords, sessions, and the API keys of other systems. All of it is
// read from the primary.
package account

import (
	"context"
	"errors"
	"net/mail"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/mac"
	"docket/internal/postgres"
	"docket/internal/sessionkey"
)

// Role says what an account may do.
type Role string

// The three roles. An admin may do all that an agent may.
const (
	Customer Role = "customer"
	Agent    Role = "agent"
	Admin    Role = "admin"
)

// Reviews reports whether this role works on the queue.
func (r Role) Reviews() bool { return r == Agent || r == Admin }

// Submits reports whether the role is for people who submit tickets of their own.
func (r Role) Submits() bool { return r == Customer }

// Administers reports whether the role may do what only an admin may.
func (r Role) Administers() bool { return r == Admin }

// Account is somebody who can sign in.
type Account struct {
	ID    uuid.UUID
	Email string // in lower case
	Role  Role
	User  string // of the tickets of the account, as a provider says it; empty: see UserID

	version int64 // of what its sessions depend on
	readMs  int64 // when it was read, by the clock of the database; zero in sessions
}

// UserID is the user of the tickets that the account submits.
func (a Account) UserID() string {
	if a.User != "" {
		return a.User
	}
	return a.ID.String()
}

// Why an account is refused.
var (
	ErrEmail         = errors.New("this is no e-mail address")
	ErrEmailTaken    = errors.New("the address has an account already")
	ErrWrongPassword = errors.New("address and password do not belong together")
	ErrDisabled      = errors.New("the account is disabled")
	ErrNotLocal      = errors.New("the account does not sign in with a password here")
	ErrUnconfirmed   = errors.New("the address of the account is not confirmed; its owner can do that, or a new password by docket account password")
)

// Config says what the accounts of one ticket system depend on. The commands of operators need none of it.
type Config struct {
	SessionKey []byte   // the same on every instance
	Titles     []string // of the form: none of them is a password
	Local      LocalSignIn
}

// LocalSignIn says who signs in with a password of docket's own, and not at a provider.
type LocalSignIn string

// Who signs in with a password; the zero LocalSignIn is LocalAll.
const (
	LocalAll       LocalSignIn = "all"
	LocalCustomers LocalSignIn = "customers"
	LocalNone      LocalSignIn = "none"
)

// Allows reports whether a role signs in with a password.
func (l LocalSignIn) Allows(r Role) bool {
	return l != LocalNone && (l != LocalCustomers || r == Customer)
}

// Accounts stores accounts in a database.
type Accounts struct {
	Config
	primary  *postgres.Pool
	q        *db.Queries
	hashing  hashQueue
	triesKey []byte
	macKey   mac.Key
}

// NewAccounts stores accounts on the primary.
func NewAccounts(primary *postgres.Pool, c Config) *Accounts {
	return &Accounts{Config: c, primary: primary, q: db.New(), triesKey: sessionkey.Derive(c.SessionKey, "docket tries"), macKey: mac.NewKey(c.SessionKey)}
}

// Add makes an account for a client. It returns ErrEmail, ErrPassword or ErrEmailTaken when it may not be.
func (a *Accounts) Add(ctx context.Context, client Client, email, password string, role Role) (Account, error) {
	return a.add(ctx, client, email, password, role, false)
}

// AddTemporary makes an account like Add, with a password that its owner has to change.
func (a *Accounts) AddTemporary(ctx context.Context, email, password string, role Role) (Account, error) {
	return a.add(ctx, Client{}, email, password, role, true)
}

func (a *Accounts) add(ctx context.Context, client Client, email, password string, role Role, mustChange bool) (Account, error) {
	params, err := a.newAccount(ctx, client, email, password, role)
	if err != nil {
		return Account{}, err
	}
	params.MustChangePassword = mustChange
	row, err := a.q.AccountAdd(ctx, a.primary, params)
	if postgres.IsNoRows(err) {
		return Account{}, ErrEmailTaken
	}
	if err != nil {
		return Account{}, postgres.WrapError("add an account", err)
	}
	return fromRow(row, row.CreatedAtMs), nil
}

// AddOrReplace makes an account, or gives the one that the address has a new password and role, which ends its sessions.
// It returns ErrEmail or ErrPassword when it may not be.
func (a *Accounts) AddOrReplace(ctx context.Context, email, password string, role Role) error {
	params, err := a.newAccount(ctx, Client{}, email, password, role)
	if err != nil {
		return err
	}
	if err := a.q.AccountReplace(ctx, a.primary, db.AccountReplaceParams(params)); err != nil {
		return postgres.WrapError("add or replace an account", err)
	}
	return nil
}

// CheckNew returns ErrEmail or ErrPassword when there may be no account with this address and password.
func (a *Accounts) CheckNew(email, password string) error {
	if email = EmailOfAccount(email); email == "" {
		return ErrEmail
	}
	return a.CheckPassword(password, email)
}

// newAccount checks what a new account is made of.
func (a *Accounts) newAccount(ctx context.Context, client Client, email, password string, role Role) (db.AccountAddParams, error) {
	email = NormalizeEmail(email)
	if err := a.CheckNew(email, password); err != nil {
		return db.AccountAddParams{}, err
	}
	hash, err := a.hashPassword(ctx, client, password)
	if err != nil {
		return db.AccountAddParams{}, err
	}
	id, err := uuid.NewV7()
	return db.AccountAddParams{ID: id, Email: email, Role: string(role), PasswordHash: hash}, err
}

// Emails names accounts by their ids; an id without an account is left out.
func (a *Accounts) Emails(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	if len(ids) == 0 {
		return map[uuid.UUID]string{}, nil
	}
	rows, err := a.q.AccountEmails(ctx, a.primary, ids)
	if err != nil {
		return nil, postgres.WrapError("name accounts", err)
	}
	names := make(map[uuid.UUID]string, len(rows))
	for _, row := range rows {
		names[row.ID] = row.Email
	}
	return names, nil
}

// validEmail reports whether a text can be the e-mail address of an account: short, visible, and nothing but an address.
func validEmail(email string) bool {
	invisible := func(c rune) bool {
		return unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c == unicode.ReplacementChar
	}
	parsed, err := mail.ParseAddress(email)
	return err == nil && parsed.Address == email && len(email) <= 254 && strings.IndexFunc(email, invisible) < 0
}

// NormalizeEmail is an address in the form by which accounts are found: without what comes along when it is copied and cannot be seen.
func NormalizeEmail(email string) string {
	visible := strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Cf, c) {
			return -1
		}
		return c
	}, email)
	return strings.ToLower(strings.TrimSpace(visible))
}

// EmailOfAccount is an address as NormalizeEmail has it, or empty if no account can have it. The database cannot take every text.
func EmailOfAccount(email string) string {
	if email = NormalizeEmail(email); validEmail(email) {
		return email
	}
	return ""
}

func fromRow(r db.Account, readMs int64) Account {
	return Account{ID: r.ID, Email: r.Email, Role: Role(r.Role), version: r.Version, readMs: readMs}
}
