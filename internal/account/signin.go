package account

import (
	"context"
	"errors"

	"docket/db"
	"docket/internal/mac"
	"docket/internal/postgres"
)

// SignIn finds the account with this address and password. An unknown address and a wrong password are both
// ErrWrongPassword and take the same time. Tries are counted before the password is compared; after too many the client
// gets TooManyTries. A disabled account with the right password gets ErrDisabled,
// one whose address is not confirmed ErrUnconfirmed, and one that has to sign in at the provider ErrNotLocal.
func (a *Accounts) SignIn(ctx context.Context, client Client, email, password string) (Account, error) {
	if len(password) > maxPasswordBytes { // no account has such a password
		return Account{}, ErrWrongPassword
	}
	email = NormalizeEmail(email)
	read, err := a.findByEmail(ctx, email)
	if err != nil {
		return Account{}, err
	}
	row := read.Account
	t := a.newTry(client, email, row.ID)
	if err := a.countTry(ctx, t); err != nil {
		return Account{}, err
	}
	found, err := a.comparePassword(ctx, client, client.Device.Knows(row.ID), password, row.PasswordHash)
	switch {
	case errors.Is(err, ErrBusy):
		return Account{}, errors.Join(err, a.giveBackTry(ctx, t))
	case err != nil:
		return Account{}, err
	case found == matchNone:
		return Account{}, ErrWrongPassword
	}
	if err := a.clearTries(ctx, t); err != nil {
		return Account{}, err
	}
	if row.DisabledAtMs != nil {
		return Account{}, ErrDisabled
	}
	if !row.Confirmed {
		return Account{}, ErrUnconfirmed
	}
	if !a.Local.Allows(Role(row.Role)) {
		return Account{}, ErrNotLocal
	}
	if found == matchTyped {
		err = a.rehash(ctx, client, row, password)
	}
	return fromRow(row, read.ReadMs), err
}

// findByEmail is the account with an address, or an empty row: what can be no address takes as long as one without an account.
func (a *Accounts) findByEmail(ctx context.Context, email string) (db.AccountByEmailRow, error) {
	row, err := a.q.AccountByEmail(ctx, a.primary, EmailOfAccount(email))
	if err != nil && !postgres.IsNoRows(err) {
		return db.AccountByEmailRow{}, postgres.WrapError("find an account", err)
	}
	return row, nil
}

// rehash stores a password in NFC that was stored as it was typed.
func (a *Accounts) rehash(ctx context.Context, client Client, row db.Account, password string) error {
	hash, err := a.hashPassword(ctx, client, password)
	if err != nil {
		return err
	}
	params := db.AccountRehashParams{
		ID: row.ID, PasswordHash: hash, Old: row.PasswordHash,
		Mac: a.macKey.Sum("password rehash", mac.ID(row.ID), mac.Text(row.PasswordHash), mac.Text(hash)),
	}
	if err := a.q.AccountRehash(ctx, a.primary, params); err != nil {
		return postgres.WrapError("hash a password anew", err)
	}
	return nil
}
