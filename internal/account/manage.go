package account

import (
	"context"
	"errors"
	"time"

	"docket/db"
	"docket/internal/postgres"
)

// ErrNoAccount says that no account has an address.
var ErrNoAccount = errors.New("no account has this address; see docket account list")

// Listed is an account as operators see it.
type Listed struct {
	Account
	CreatedAt  time.Time
	DisabledAt time.Time // zero while it may sign in
	Sessions   int64     // that are not older than a session may be
	Factor     bool      // it has a second factor
	Confirmed  bool      // its owner has confirmed the address, or need not
}

// List lists the accounts of a role, or all of them if role is empty, by address.
func (a *Accounts) List(ctx context.Context, role Role) ([]Listed, error) {
	rows, err := a.q.AccountList(ctx, a.primary, db.AccountListParams{Role: string(role), AgeMs: sessionAge.Milliseconds()})
	if err != nil {
		return nil, postgres.WrapError("list accounts", err)
	}
	all := make([]Listed, len(rows))
	for i, row := range rows {
		all[i] = listedFromRow(row)
	}
	return all, nil
}

func listedFromRow(r db.AccountListRow) Listed {
	return Listed{
		Account: fromRow(r.Account, 0), CreatedAt: time.UnixMilli(r.Account.CreatedAtMs), DisabledAt: postgres.TimeOrZero(r.Account.DisabledAtMs),
		Sessions: r.Sessions, Factor: r.Factor, Confirmed: r.Account.Confirmed,
	}
}

// Find finds the account with an address, or returns ErrNoAccount.
func (a *Accounts) Find(ctx context.Context, email string) (Account, error) {
	row, err := a.q.AccountByEmail(ctx, a.primary, NormalizeEmail(email))
	if postgres.IsNoRows(err) {
		return Account{}, ErrNoAccount
	}
	if err != nil {
		return Account{}, postgres.WrapError("find an account", err)
	}
	return fromRow(row.Account, row.ReadMs), nil
}

// SetPassword gives an account a new password, which its owner has to change, and ends its sessions. It returns ErrPassword or ErrNoAccount
// when it may not.
func (a *Accounts) SetPassword(ctx context.Context, email, password string) error {
	if err := a.CheckPassword(password, email); err != nil {
		return err
	}
	hash, err := a.hashPassword(ctx, Client{}, password)
	if err != nil {
		return err
	}
	n, err := a.q.AccountSetPassword(ctx, a.primary, db.AccountSetPasswordParams{Email: NormalizeEmail(email), PasswordHash: hash})
	return checkChanged("set a password", n, err)
}

// SetRole gives an account another role and ends its sessions. It returns ErrNoAccount, or ErrUnconfirmed when the account is to
// become staff although nobody has confirmed its address: then anybody may have chosen its password.
func (a *Accounts) SetRole(ctx context.Context, email string, role Role) error {
	row, err := a.q.AccountByEmail(ctx, a.primary, NormalizeEmail(email))
	if err == nil && !row.Account.Confirmed && role != Customer {
		return ErrUnconfirmed
	}
	n, err := a.q.AccountSetRole(ctx, a.primary, db.AccountSetRoleParams{Email: NormalizeEmail(email), Role: string(role)})
	return checkChanged("set a role", n, err)
}

// SetDisabled disables an account, which ends its sessions, or enables it again. It returns ErrNoAccount when there is none.
func (a *Accounts) SetDisabled(ctx context.Context, email string, disabled bool) error {
	n, err := a.q.AccountSetDisabled(ctx, a.primary, db.AccountSetDisabledParams{Email: NormalizeEmail(email), Disabled: disabled})
	return checkChanged("disable or enable an account", n, err)
}

// RemoveFactorOf takes the second factor from an account, if it has one, and ends its sessions. It returns ErrNoAccount when there is
// no such account.
func (a *Accounts) RemoveFactorOf(ctx context.Context, email string) error {
	_, err := a.q.FactorRemove(ctx, a.primary, NormalizeEmail(email))
	if postgres.IsNoRows(err) {
		return ErrNoAccount
	}
	if err != nil {
		return postgres.WrapError("remove a second factor", err)
	}
	return nil
}

// SignOut ends every session of an account and counts them, or returns ErrNoAccount.
func (a *Accounts) SignOut(ctx context.Context, email string) (ended int64, err error) {
	if email = NormalizeEmail(email); email == "" {
		return 0, ErrNoAccount
	}
	return a.signOut(ctx, email)
}

// SignOutAll ends every session of all accounts and counts them.
func (a *Accounts) SignOutAll(ctx context.Context) (ended int64, err error) {
	return a.signOut(ctx, "")
}

// signOut ends the sessions of the account with an address, or of all accounts if it is empty.
func (a *Accounts) signOut(ctx context.Context, email string) (ended int64, err error) {
	ended, err = a.q.SessionDeleteOf(ctx, a.primary, email)
	if postgres.IsNoRows(err) {
		return 0, ErrNoAccount
	}
	if err != nil {
		return 0, postgres.WrapError("end sessions", err)
	}
	return ended, nil
}

// checkChanged is the error of a change that should have changed one account.
func checkChanged(what string, changed int64, err error) error {
	if err != nil {
		return postgres.WrapError(what, err)
	}
	if changed == 0 {
		return ErrNoAccount
	}
	return nil
}
