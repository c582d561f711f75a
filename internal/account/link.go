package account

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/bearertoken"
	"docket/internal/mac"
	"docket/internal/postgres"
)

// LinkKind says what a link in an e-mail does.
type LinkKind string

// The links that are sent.
const (
	ConfirmLink LinkKind = "confirm" // confirms the address of an account
	ResetLink   LinkKind = "reset"   // sets a new password, once
)

// How long a link works after it was made.
const (
	ConfirmLife = 72 * time.Hour
	ResetLife   = 30 * time.Minute
	InviteLife  = 72 * time.Hour // of a ResetLink that sets the first password
)

// What became of a link.
var (
	// ErrLink says that a link does not exist, was used, or has expired.
	ErrLink = errors.New("this link does not work")

	// ErrChoosePassword says that an address was confirmed for which several people have chosen a password: none of them works, and
	// a link to choose one is sent.
	ErrChoosePassword = errors.New("a password has to be chosen")
)

// AddLink makes a link to an account that works for a time, and returns its token, which the database does not have. passwordHash is the
// password that a ConfirmLink confirms; nil: the one that the account has.
func (a *Accounts) AddLink(ctx context.Context, kind LinkKind, life time.Duration, id uuid.UUID, passwordHash *string) (token string, err error) {
	token = bearertoken.New()
	hash := bearertoken.Hash(token)
	now, err := a.primary.Now(ctx)
	if err != nil {
		return "", err
	}
	expiry := now.Add(life).UnixMilli()
	err = a.q.LinkAdd(ctx, a.primary, db.LinkAddParams{
		TokenHash: hash, AccountID: id, Kind: string(kind), PasswordHash: passwordHash, ExpiresAtMs: expiry,
		Mac: a.macKey.Sum("link add", hash, mac.ID(id), mac.Text(string(kind)), mac.TextOrNull(passwordHash), mac.Int(expiry)),
	})
	if err != nil {
		return "", postgres.WrapError("add a link", err)
	}
	return token, nil
}

// LinkedAccount is the account of a link that works, or returns ErrLink.
func (a *Accounts) LinkedAccount(ctx context.Context, kind LinkKind, token string) (Account, error) {
	row, err := a.q.LinkAccount(ctx, a.primary, db.LinkAccountParams{TokenHash: bearertoken.Hash(token), Kind: string(kind)})
	if postgres.IsNoRows(err) {
		return Account{}, ErrLink
	}
	if err != nil {
		return Account{}, postgres.WrapError("find a link", err)
	}
	return fromRow(row.Account, 0), nil
}

// SignUp adds a customer's account that cannot sign in before its address is confirmed, and has the link for that sent. It does
// the same for an address that has an account, whose owner is told by e-mail. It returns ErrEmail or ErrPassword when the account
// may not be.
func (a *Accounts) SignUp(ctx context.Context, client Client, email, password, language string) error {
	params, err := a.newAccount(ctx, client, email, password, Customer)
	if err != nil {
		return err
	}
	err = a.q.AccountSignUp(ctx, a.primary, db.AccountSignUpParams{
		ID: params.ID, Email: params.Email, PasswordHash: params.PasswordHash, Language: language,
	})
	if err != nil {
		return postgres.WrapError("sign up", err)
	}
	return nil
}

// Confirm confirms the address of the account that a link was sent to, or returns ErrLink. With ErrChoosePassword it is confirmed,
// too. It may be repeated.
func (a *Accounts) Confirm(ctx context.Context, token string) (Account, error) {
	owner, err := a.LinkedAccount(ctx, ConfirmLink, token)
	if err != nil {
		return Account{}, err
	}
	hash := bearertoken.Hash(token)
	ok, err := a.q.AccountConfirm(ctx, a.primary, db.AccountConfirmParams{TokenHash: hash, Mac: a.macKey.Sum("link confirm", hash)})
	if err := checkLink("confirm an address", ok, err); err != nil {
		return owner, err
	}
	row, err := a.q.LinkAccount(ctx, a.primary, db.LinkAccountParams{TokenHash: hash, Kind: string(ConfirmLink)})
	if err != nil {
		return owner, postgres.WrapError("find a link", err)
	}
	if row.Account.PasswordHash == "" {
		return owner, ErrChoosePassword
	}
	return owner, nil
}

// ResetPassword gives the account that a link was sent to a new password, which ends its sessions and the link, and forgets the
// tries at its address. It returns ErrPassword or ErrLink when it may not.
func (a *Accounts) ResetPassword(ctx context.Context, client Client, token, password string) (Account, error) {
	owner, err := a.LinkedAccount(ctx, ResetLink, token)
	if err != nil {
		return Account{}, err
	}
	if err := a.CheckPassword(password, owner.Email); err != nil {
		return Account{}, err
	}
	hash, err := a.hashPassword(ctx, client, password)
	if err != nil {
		return Account{}, err
	}
	if err := a.clearTries(ctx, a.newTry(Client{}, owner.Email, owner.ID)); err != nil {
		return Account{}, err
	}
	link := bearertoken.Hash(token)
	ok, err := a.q.AccountResetPassword(ctx, a.primary, db.AccountResetPasswordParams{
		TokenHash: link, PasswordHash: hash, Mac: a.macKey.Sum("link reset password", link, mac.Text(hash)),
	})
	return owner, checkLink("reset a password", ok, err)
}

// RememberLanguage remembers in which language the owner of an account reads.
func (a *Accounts) RememberLanguage(ctx context.Context, id uuid.UUID, language string) error {
	if err := a.q.AccountSetLanguage(ctx, a.primary, db.AccountSetLanguageParams{ID: id, Language: language}); err != nil {
		return postgres.WrapError("remember a language", err)
	}
	return nil
}

// ChooseLanguage sets in which language the owner of an account reads pages and e-mails; empty: in that of the browser.
func (a *Accounts) ChooseLanguage(ctx context.Context, id uuid.UUID, language string) error {
	if err := a.q.AccountChooseLanguage(ctx, a.primary, db.AccountChooseLanguageParams{ID: id, Chosen: language}); err != nil {
		return postgres.WrapError("choose a language", err)
	}
	return nil
}

// SetTimeZone sets the time zone, by its IANA name, in which the owner of an account reads times; empty: the browser's.
func (a *Accounts) SetTimeZone(ctx context.Context, id uuid.UUID, name string) error {
	if err := a.q.AccountSetTimeZone(ctx, a.primary, db.AccountSetTimeZoneParams{ID: id, TimeZone: name}); err != nil {
		return postgres.WrapError("set a time zone", err)
	}
	return nil
}

// checkLink is the error of what a link should have done.
func checkLink(what string, done bool, err error) error {
	if err != nil {
		return postgres.WrapError(what, err)
	}
	if !done {
		return ErrLink
	}
	return nil
}
