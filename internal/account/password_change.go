package account

import (
	"context"
	"errors"

	"golang.org/x/text/unicode/norm"

	"docket/db"
	"docket/internal/mac"
	"docket/internal/postgres"
)

// Why a change of one's own account is refused.
var (
	ErrSamePassword = errors.New("the new password is the old one")
	ErrSignedOut    = errors.New("the session has ended")
)

// ChangePassword gives the owner of a session a new password and ends every other session of the account. It returns what
// SignIn returns when the old password is wrong, ErrPassword or ErrSamePassword when the new one may not be, and ErrSignedOut
// when the session or the account has changed meanwhile.
func (a *Accounts) ChangePassword(ctx context.Context, client Client, s Session, old, replacement string) error {
	if err := a.CheckPassword(replacement, s.Owner.Email); err != nil {
		return err
	}
	checked, err := a.SignIn(ctx, client, s.Owner.Email, old)
	if err != nil {
		return err
	}
	if norm.NFC.String(replacement) == norm.NFC.String(old) {
		return ErrSamePassword
	}
	hash, err := a.hashPassword(ctx, client, replacement)
	if err != nil {
		return err
	}
	changed, err := a.q.AccountChangeOwnPassword(ctx, a.primary, db.AccountChangeOwnPasswordParams{
		SessionHash: s.tokenHash, Version: checked.version, PasswordHash: hash,
		Mac: a.macKey.Sum("session change password", s.tokenHash, mac.Int(checked.version), mac.Text(hash)),
	})
	if err != nil {
		return postgres.WrapError("change a password", err)
	}
	if !changed {
		return ErrSignedOut
	}
	return nil
}
