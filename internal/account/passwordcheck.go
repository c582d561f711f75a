package account

import (
	"errors"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ErrPassword says that an account may not have a password.
var ErrPassword = errors.New("a password has 12 to 200 characters")

// maxPasswordBytes is what is read of a password: 200 characters fit in every form.
const maxPasswordBytes = 1024

// CheckPassword returns ErrPassword when the account with this address may not have the password.
func (a *Accounts) CheckPassword(password, _ string) error {
	if len(password) > maxPasswordBytes || !utf8.ValidString(password) {
		return ErrPassword
	}
	if n := utf8.RuneCountInString(norm.NFC.String(password)); n < 12 || n > 200 {
		return ErrPassword
	}
	return nil
}
