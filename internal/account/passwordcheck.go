package account

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// ErrPassword says that an account may not have a password. It is one of the errors below.
var ErrPassword = errors.New("the password is refused")

// Why a password is refused. Each is ErrPassword, too.
const (
	ErrPasswordLength refusedPassword = "a password has 12 to 200 characters"
	ErrPasswordCommon refusedPassword = "this is one of the passwords that are tried first"
	ErrPasswordOwn    refusedPassword = "the address and the title of the form are no passwords"
)

type refusedPassword string

// Error implements error.
func (r refusedPassword) Error() string { return string(r) }

// Is lets errors.Is find ErrPassword.
func (r refusedPassword) Is(target error) bool { return target == ErrPassword }

// maxPasswordBytes is what is read of a password: 200 characters fit in every form.
const maxPasswordBytes = 1024

// CheckPassword returns ErrPassword when the account with this address may not have the password: it is too short or too long,
// known to be common, or the address or the title of the form. Case, spaces and digits at the end make no difference.
func (a *Accounts) CheckPassword(password, email string) error {
	if len(password) > maxPasswordBytes || !utf8.ValidString(password) {
		return ErrPasswordLength
	}
	normal := norm.NFC.String(password)
	if n := utf8.RuneCountInString(normal); n < 12 || n > 200 {
		return ErrPasswordLength
	}
	folded := foldPassword(normal)
	base := strings.TrimRightFunc(folded, unicode.IsDigit)
	if isCommon(folded) || isCommon(base) {
		return ErrPasswordCommon
	}
	localPart, _, _ := strings.Cut(email, "@")
	for _, own := range append([]string{email, localPart}, a.Titles...) {
		if own = foldPassword(own); folded == own || base != "" && base == strings.TrimRightFunc(own, unicode.IsDigit) {
			return ErrPasswordOwn
		}
	}
	return nil
}

// foldPassword is a password without what makes no difference to those who guess it.
func foldPassword(password string) string {
	return strings.Join(strings.Fields(cases.Fold().String(norm.NFC.String(password))), "")
}

// commonPasswords is a JSON list in lower case, of the package @zxcvbn-ts/language-common.
//
//go:embed npm/passwords.json
var commonPasswords []byte

// isCommon reports whether a password is in the list of common ones.
func isCommon(folded string) bool {
	var item bytes.Buffer
	encoder := json.NewEncoder(&item)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(folded) // strings always encode
	return bytes.Contains(commonPasswords, bytes.TrimSpace(item.Bytes()))
}
